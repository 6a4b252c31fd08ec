import { newId } from "../../secrets";
import type { Bot } from "../registration";
import { type Channel, Conversation } from "./conversation";

/** All conversations, the least recently used first. At the bound the oldest that nobody reads makes room. */
export class Conversations {
  readonly #all = new Map<string, Conversation>();

  constructor(private readonly limit = 2_000) {}

  newId(bot: Bot): string {
    return `${newId(16, "base64url").replace(/[-_]/g, "0")}-${bot.residency.suffix}`;
  }

  /** A conversation of a bot; another bot's is not found. */
  find(id: string, botId: string): Conversation | undefined {
    const found = this.#all.get(id);
    if (found?.bot.id.toLowerCase() !== botId.toLowerCase()) return undefined;
    this.#all.delete(id);
    this.#all.set(id, found);
    return found;
  }

  open(id: string, bot: Bot): Conversation {
    const { prefix } = bot.residency;
    return this.#keep(new Conversation(id, bot, `https://${prefix}directline.botframework.com/`));
  }

  /** One that another channel than Direct Line carries, which knows the bot as `28:<application id>`. */
  openAt(channel: Channel, id: string, bot: Bot, serviceUrl: string, about: Record<string, unknown>): Conversation {
    const { id: botId, appId, account } = bot;
    const known = { id: botId, account: { ...account, id: `28:${appId}` } };
    return this.#keep(new Conversation(id, known, serviceUrl, channel, about));
  }

  #keep(opened: Conversation): Conversation {
    this.#all.set(opened.id, opened);
    for (const [oldest, conversation] of this.#all) {
      if (this.#all.size <= this.limit) break;
      if (!conversation.hasReaders) this.#all.delete(oldest);
    }
    return opened;
  }

  close(): void {
    for (const conversation of this.#all.values()) conversation.close();
    this.#all.clear();
  }
}
