import type { Person } from "../../tenant";
import type { Account, Activity } from "../activity";
import { type Conversation, teams } from "../direct-line/conversation";
import { botNotInRoster } from "../errors";
import type { BotFramework } from "../framework";
import type { Bot } from "../registration";
import { AzureError } from "../../error";
import { TeamsApps } from "./apps";
import { TeamsClients } from "./clients";
import { folder, host } from "./hosts";
import { type Place, type PlaceKind, placeOf, userIdOf } from "./place";

/** The chats of Teams' users with bots, as the channel carries them: who starts this Azure writes as its users. */
export class Teams {
  /** What was uploaded, and where it is installed. */
  readonly apps = new TeamsApps(this);
  /** Teams as people have it open, by the local Azure's page. */
  readonly clients: TeamsClients;

  constructor(private readonly framework: BotFramework) {
    this.clients = new TeamsClients(framework.azure, this);
  }

  /**
   * A person's chat with a bot, which is told of it where it is new.
   * @param appId of the bot
   * @throws where the bot is not open to Teams
   */
  async chat(appId: string, person: Person, kind: PlaceKind = "personal"): Promise<TeamsChat> {
    const bot = this.bot(appId);
    const { place, known } = this.#find(bot, person, kind);
    const chat = this.#open(bot, person, place, known);
    if (!known) await chat.send({ type: "conversationUpdate", membersAdded: [chat.bot] });
    return chat;
  }

  /** The same, without a word to the bot: {@link TeamsChat.installed} tells it. */
  chatUntold(appId: string, person: Person, kind: PlaceKind): TeamsChat {
    const bot = this.bot(appId);
    const { place, known } = this.#find(bot, person, kind);
    return this.#open(bot, person, place, known);
  }

  /**
   * The personal chat of a bot with somebody, by his id at the bot.
   * @throws AzureError 403 where Teams opens none: for somebody for whom the bot's app is not installed
   */
  ownChat(bot: Bot, userId: string): Conversation {
    const person = this.framework.azure.tenant.people.find((one) => userIdOf(bot, one) === userId);
    const place = person && this.#find(bot, person, "personal");
    const app = this.apps.list().find(({ botId }) => botId.toLowerCase() === bot.appId.toLowerCase());
    // Without an app people are in Teams by their chats alone.
    const installed = app ? person && this.apps.isInstalled(app, "personal", person) : place?.known !== undefined;
    if (!person || !place || !installed) throw botNotInRoster("The bot is not part of the conversation roster.");
    return place.known ?? this.#open(bot, person, place.place, undefined).conversation;
  }

  /** A bot that Teams reaches. @throws where its registration has no Teams channel that is enabled */
  bot(appId: string): Bot {
    const { registrations, azure } = this.framework;
    const bot = registrations.byAppId(appId);
    const channel = bot && azure.resources.get(`${bot.id}/channels/MsTeamsChannel`);
    if (bot && (channel?.properties.properties as { isEnabled?: boolean } | undefined)?.isEnabled === true) return bot;
    throw new Error(`Teams reaches no bot ${appId}: its registration has no Teams channel that is enabled.`);
  }

  #find(bot: Bot, person: Person, kind: PlaceKind): { place: Place; known: Conversation | undefined } {
    const place = placeOf(kind, bot, person, this.framework.azure.tenant.tenantId);
    return { place, known: this.framework.conversations.find(place.id, bot.id) };
  }

  #open(bot: Bot, person: Person, place: Place, known: Conversation | undefined): TeamsChat {
    const { conversations, azure } = this.framework;
    const conversation =
      known ?? conversations.openAt(teams, place.id, bot, `https://${host}${folder}/`, { ...place.about });
    const accountOf = ({ name, objectId }: Person): Account => ({
      id: userIdOf(bot, { objectId }),
      name,
      aadObjectId: objectId,
    });
    const from = accountOf(person);
    if (place.kind === "personal") conversation.user = from;
    else conversation.members = azure.tenant.people.map(accountOf);
    return new TeamsChat(this.framework, bot, conversation, place, from);
  }
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
