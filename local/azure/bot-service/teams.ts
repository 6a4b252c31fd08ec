import { createHash } from "node:crypto";
import { AzureError } from "../error";
import type { Service } from "../service";
import type { Person } from "../tenant";
import type { Account, Activity } from "./activity";
import { createConnector } from "./connector";
import { type Conversation, teams } from "./direct-line/conversation";
import { pathNotFound } from "./errors";
import type { BotFramework } from "./framework";
import type { Bot } from "./registration";

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages */
const host = "smba.trafficmanager.net";
const folder = "/teams";

/**
 * Teams, as a bot meets it: personal chats, and the connector at {@link host} by which the bot answers in them. It has no
 * window: {@link Teams.chat} writes and presses as a person in Teams would.
 */
export function createTeams(framework: BotFramework): { readonly service: Service; readonly teams: Teams } {
  const connector = createConnector(framework, folder);
  const service: Service = {
    name: teams.name,
    hosts: [host],
    paths: connector.paths,
    async handle(request) {
      const answer = await connector(request);
      if (!answer) throw pathNotFound(request);
      return answer;
    },
  };
  return { service, teams: new Teams(framework) };
}

/** The chats of Teams' users with bots. */
export class Teams {
  constructor(private readonly framework: BotFramework) {}

  /**
   * A person's personal chat with a bot, which is told of it where it is new.
   * @param appId of the bot
   * @throws where the bot is not open to Teams
   */
  async chat(appId: string, person: Person): Promise<TeamsChat> {
    const { registrations, conversations, azure } = this.framework;
    const bot = registrations.byAppId(appId);
    const channel = bot && azure.resources.get(`${bot.id}/channels/MsTeamsChannel`);
    if (!bot || (channel?.properties.properties as { isEnabled?: boolean } | undefined)?.isEnabled !== true)
      throw new Error(`Teams reaches no bot ${appId}: its registration has no Teams channel that is enabled.`);
    const id = `a:1${idOf(`${bot.id} ${person.objectId}`)}`;
    const known = conversations.find(id, bot.id);
    const tenant = { id: azure.tenant.tenantId };
    const about = { conversationType: "personal", tenantId: tenant.id };
    const conversation = known ?? conversations.openAt(teams, id, bot, `https://${host}${folder}/`, about);
    const chat = new TeamsChat(this.framework, bot, conversation, {
      from: {
        id: `29:1${idOf(`user ${bot.appId} ${person.objectId}`)}`,
        name: person.name,
        aadObjectId: person.objectId,
      },
      more: { channelData: { tenant }, locale: "en-GB" },
    });
    if (!known) await chat.send({ type: "conversationUpdate", membersAdded: [bot.account] });
    return chat;
  }
}

/** One person's chat with one bot. */
export class TeamsChat {
  constructor(
    private readonly framework: BotFramework,
    private readonly bot: Bot,
    private readonly conversation: Conversation,
    private readonly sender: { readonly from: Account; readonly more: Readonly<Record<string, unknown>> },
  ) {
    conversation.user = sender.from;
  }

  /** Id of the person at this bot. */
  get userId(): string {
    return this.sender.from.id;
  }

  /** What the bot has said, oldest first. */
  get heard(): readonly Activity[] {
    return this.conversation.since(undefined).activities;
  }

  /** Sends an activity. Gives the bot's answer: of an invoke what Teams acts on. A bot that fails is 502, as for Teams. */
  async send(activity: Activity): Promise<{ readonly status: number; readonly body: unknown }> {
    const { delivery } = this.framework;
    const { from, more } = this.sender;
    try {
      const sent = delivery.envelope(this.conversation, from, { ...more, ...activity });
      const answer = await delivery.post(this.bot, sent);
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      return { status: error.status, body: undefined };
    }
  }
}

const idOf = (text: string): string => createHash("sha256").update(text).digest("base64url").replace(/[-_]/g, "0");
