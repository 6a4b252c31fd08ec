import type { Clock } from "../clock";
import type { ObjectRefusals } from "./errors";

/** What secrets, keys and certificates have in common. https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
export interface VaultObject<Version extends { readonly version: string }> {
  readonly name: string;
  /** Oldest first; never empty. */
  readonly versions: Version[];
  /** Seconds since 1970 at which it was moved to the bin; absent while it lives. */
  deletedAt?: number;
}

/** The objects of one kind in one vault, with its bin. Names are compared without case. */
export abstract class VaultObjects<Version extends { readonly version: string }> {
  readonly #byName = new Map<string, VaultObject<Version>>();

  /** @param items those that are there from the beginning, deleted ones included */
  protected constructor(
    protected readonly clock: () => Clock,
    private readonly refusals: ObjectRefusals,
    items: readonly VaultObject<Version>[],
  ) {
    for (const item of items) this.keep(item);
  }

  /** The living ones, oldest first. */
  all(): VaultObject<Version>[] {
    return [...this.#byName.values()].filter(({ deletedAt }) => deletedAt === undefined);
  }

  bin(): VaultObject<Version>[] {
    return [...this.#byName.values()].filter(({ deletedAt }) => deletedAt !== undefined);
  }

  /** A living one. */
  find(name: string): VaultObject<Version> | undefined {
    const item = this.known(name);
    return item?.deletedAt === undefined ? item : undefined;
  }

  /** Moves one to the bin. Throws where there is none that lives. */
  delete(name: string): VaultObject<Version> {
    const item = this.get(name).object;
    item.deletedAt = this.clock().seconds();
    return item;
  }

  /** One in the bin. Throws where it is not there. */
  deleted(name: string): VaultObject<Version> {
    const item = this.known(name);
    if (item?.deletedAt === undefined) throw this.refusals.notInBin(name);
    return item;
  }

  /** Empties the bin of what has lain there for so many days: it is gone for good, and its name is free. */
  forget(days: number): void {
    const oldest = this.clock().seconds() - days * 24 * 3600;
    for (const { name, deletedAt } of this.bin()) if (deletedAt! <= oldest) this.purge(name);
  }

  recover(name: string): VaultObject<Version> {
    const item = this.deleted(name);
    delete item.deletedAt;
    return item;
  }

  purge(name: string): void {
    this.deleted(name);
    this.#byName.delete(name.toLowerCase());
  }

  /** A living one with a version of it, or its newest. Throws where there is none. */
  get(name: string, version?: string): { object: VaultObject<Version>; version: Version } {
    const object = this.find(name);
    const found = version ? object?.versions.find((entry) => entry.version === version) : object?.versions.at(-1);
    if (!object || !found) throw this.refusals.notFound(version ? `${name}/${version}` : name);
    return { object, version: found };
  }

  /** One that lives, or a new one. Throws 409 while one of that name lies in the bin. */
  protected livingOrNew(name: string): VaultObject<Version> {
    const known = this.known(name);
    if (known?.deletedAt !== undefined) throw this.refusals.inBin(name);
    return known ?? { name, versions: [] };
  }

  protected keep(item: VaultObject<Version>): void {
    this.#byName.set(item.name.toLowerCase(), item);
  }

  /** Living or in the bin. */
  protected known(name: string): VaultObject<Version> | undefined {
    return this.#byName.get(name.toLowerCase());
  }
}
