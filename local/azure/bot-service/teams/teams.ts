import type { Person } from "../../tenant";
import type { Account } from "../activity";
import { type Conversation, teams } from "../direct-line/conversation";
import { botNotInRoster } from "../errors";
import type { BotFramework } from "../framework";
import type { Bot } from "../registration";
import { TeamsApps } from "./apps";
import { TeamsChat, type TeamsChats } from "./chat";
import { TeamsClients } from "./clients";
import { folder, host } from "./hosts";
import { type Place, type PlaceKind, placeOf, userIdOf } from "./place";

/** The chats of Teams' users with bots, as the channel carries them: who starts this Azure writes as its users. */
export class Teams implements TeamsChats {
  /** What was uploaded, and where it is installed. */
  readonly apps = new TeamsApps(this);
  /** Teams as people have it open, by the local Azure's page. */
  readonly clients: TeamsClients;

  constructor(private readonly framework: BotFramework) {
    this.clients = new TeamsClients(framework.azure, this.apps, this);
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
