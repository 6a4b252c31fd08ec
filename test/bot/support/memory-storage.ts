import type { Storage, StoreItem } from "@microsoft/agents-hosting";
import { BotError } from "../../../bot/error";
import { mustBeNew } from "../../../bot/storage";

type Items = Map<string, { text: string; eTag: string }>;

let version = 0;

/** The bot's storage in memory, with the same rules for eTags. Two on the same items are what two instances of the bot have. */
export class MemoryStorage implements Storage {
  /** Runs between the read and the write of the next change: another turn that is faster. */
  meanwhile?: () => Promise<void>;

  constructor(readonly items: Items = new Map()) {}

  async read(keys: string[]): Promise<StoreItem> {
    const found: StoreItem = {};
    for (const key of keys) {
      const item = this.items.get(key);
      if (item) found[key] = { ...(JSON.parse(item.text) as object), eTag: item.eTag };
    }
    return found;
  }

  async write(changes: StoreItem): Promise<void> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    for (const [key, { eTag, ...item }] of Object.entries(changes) as [string, StoreItem][]) {
      const stored = this.items.get(key);
      const matches = eTag === undefined || eTag === "*" || (eTag === mustBeNew ? !stored : stored?.eTag === eTag);
      if (!matches) throw new BotError("state-conflict", "The state was changed by somebody else meanwhile.");
      this.items.set(key, { text: JSON.stringify(item), eTag: `"${++version}"` });
    }
  }

  async delete(keys: string[]): Promise<void> {
    for (const key of keys) this.items.delete(key);
  }
}
