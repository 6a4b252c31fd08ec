import type { Clock } from "../clock";
import type { AzureError } from "../error";

/** What keys and secrets have in common. https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
export interface VaultObject<Version extends { readonly version: string }> {
  readonly name: string;
  /** Oldest first; never empty. */
  readonly versions: Version[];
  /** Seconds since 1970 at which it was moved to the bin; absent while it lives. */
  deletedAt?: number;
}

/** What is said of a name that is none, with its version where one was asked for; and of one that is not in the bin. */
interface Refusals {
  notFound(name: string): AzureError;
  deletedNotFound(name: string): AzureError;
}

/** The objects of one kind in one vault, with its bin. Names are compared without case. */
export abstract class VaultObjects<Version extends { readonly version: string }, Item extends VaultObject<Version>> {
  readonly #byName = new Map<string, Item>();

  /** @param items those that are there from the beginning, deleted ones included */
  protected constructor(
    protected readonly clock: () => Clock,
    private readonly refusals: Refusals,
    items: readonly Item[],
  ) {
    for (const item of items) this.keep(item);
  }

  /** The living ones, oldest first. */
  all(): Item[] {
    return [...this.#byName.values()].filter(({ deletedAt }) => deletedAt === undefined);
  }

  bin(): Item[] {
    return [...this.#byName.values()].filter(({ deletedAt }) => deletedAt !== undefined);
  }

  /** A living one. */
  find(name: string): Item | undefined {
    const item = this.known(name);
    return item?.deletedAt === undefined ? item : undefined;
  }

  /** Moves one to the bin. Throws where there is none that lives. */
  delete(name: string): Item {
    const { item } = this.versionOf(name);
    item.deletedAt = this.clock().seconds();
    return item;
  }

  /** One in the bin. Throws where it is not there. */
  deleted(name: string): Item {
    const item = this.known(name);
    if (item?.deletedAt === undefined) throw this.refusals.deletedNotFound(name);
    return item;
  }

  recover(name: string): Item {
    const item = this.deleted(name);
    delete item.deletedAt;
    return item;
  }

  purge(name: string): void {
    this.deleted(name);
    this.#byName.delete(name.toLowerCase());
  }

  /** Living or in the bin. */
  protected known(name: string): Item | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  protected keep(item: Item): void {
    this.#byName.set(item.name.toLowerCase(), item);
  }

  /** A living one with a version of it, or its newest. Throws where there is none. */
  protected versionOf(name: string, version?: string): { item: Item; found: Version } {
    const item = this.find(name);
    const found = version ? item?.versions.find((entry) => entry.version === version) : item?.versions.at(-1);
    if (!item || !found) throw this.refusals.notFound(version ? `${name}/${version}` : name);
    return { item, found };
  }
}
