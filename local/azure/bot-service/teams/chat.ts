import type { Person } from "../../tenant";
import { AzureError } from "../../error";
import type { Account, Activity } from "../activity";
import type { Conversation } from "../direct-line/conversation";
import type { BotFramework } from "../framework";
import type { Bot } from "../registration";
import type { Place, PlaceKind } from "./place";

/** The chats with bots that Teams has, or opens. */
export interface TeamsChats {
  /** A bot that Teams reaches. @throws where its registration has no Teams channel that is enabled */
  bot(appId: string): Bot;
  /** A person's chat with a bot, which is not told of a new one: {@link TeamsChat.installed} tells it. */
  chatUntold(appId: string, person: Person, kind: PlaceKind): TeamsChat;
}

/** One person's view of a conversation with a bot. */
export class TeamsChat {
  constructor(
    private readonly framework: BotFramework,
    private readonly registration: Bot,
    readonly conversation: Conversation,
    readonly place: Place,
    private readonly from: Account,
  ) {}

  /** Id of the person at this bot. */
  get userId(): string {
    return this.from.id;
  }

  /** The bot as the conversation knows it. */
  get bot(): Account {
    return this.conversation.bot.account;
  }

  /** All that was said and this person may see, oldest first: a targeted message is shown to its receiver alone. */
  get seen(): readonly Activity[] {
    return this.conversation.since(undefined).activities.filter((activity) => isSeenBy(activity, this.userId));
  }

  /** What the bot has said, oldest first. */
  get heard(): readonly Activity[] {
    return this.seen.filter(({ from }) => from?.id === this.bot.id);
  }

  /**
   * Sends an activity. Gives the bot's answer: of an invoke what Teams acts on. A bot that fails is 502, as for Teams. A
   * message that the bot has not answered after 15 s is sent a second time, with the same id.
   * https://github.com/MicrosoftDocs/msteams-docs/issues/6084
   */
  async send(activity: Activity): Promise<{ readonly status: number; readonly body: unknown }> {
    const { delivery } = this.framework;
    const { channelData } = this.place;
    const made = delivery.envelope(this.conversation, this.from, { channelData, locale: "en-GB", ...activity });
    const isMessage = activity.type === "message";
    const sent = activity.type === "invoke" ? { ...made, id: `f:${made.id}` } : made;
    if (isMessage) this.conversation.add(sent);
    try {
      const answer = await delivery.post(this.registration, sent, isMessage ? 2 : 1);
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      return { status: error.status, body: undefined };
    }
  }

  /** Says something to the people of the conversation that the bot is not sent. */
  tell(activity: Activity): void {
    this.conversation.add(this.framework.delivery.envelope(this.conversation, this.from, activity));
  }

  /**
   * Tells the bot that its app was added, or taken away: as Teams does, by `installationUpdate` and `conversationUpdate`. In a
   * personal chat that names the person, too; elsewhere the bot alone.
   * https://learn.microsoft.com/microsoftteams/platform/resources/bot-v3/bots-notifications
   */
  async installed(action: "add" | "remove"): Promise<void> {
    const { id, aadObjectId } = this.from;
    const members = this.place.kind === "personal" ? [this.bot, { id, aadObjectId }] : [this.bot];
    await this.send({ type: "installationUpdate", action });
    await this.send({ type: "conversationUpdate", [action === "add" ? "membersAdded" : "membersRemoved"]: members });
  }
}

/** A targeted message is its receiver's alone; everything else is everybody's. */
export function isSeenBy({ recipient }: Activity, userId: string): boolean {
  return (recipient as { isTargeted?: boolean } | undefined)?.isTargeted !== true || recipient?.id === userId;
}
