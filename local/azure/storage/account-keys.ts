import { createHmac } from "node:crypto";
import type { Kept } from "../../data/folder";
import { keptMap } from "../../data/kept-map";
import { newSecret, noteTicket } from "../secrets";
import type { Azure, Resource } from "../service";

/** One of an account's two keys, as ARM tells it. */
export interface AccountKey {
  readonly keyName: string;
  /** Base64. */
  readonly value: string;
  readonly permissions: "FULL";
  readonly creationTime: string;
}

/** Who asked for a key to sign with in an account's stead, and for which time: the parts of such a signature that tell it. */
export interface Delegation {
  readonly oid: string;
  readonly tenantId: string;
  readonly start: string;
  readonly expiry: string;
  readonly version: string;
}

/** The keys of all accounts: two each, made when they are first asked for. */
export class AccountKeys {
  /** By the account's lower-case id. */
  readonly #keys = new Map<string, readonly AccountKey[]>();

  /** By the account's lower-case id: of what the keys are made that it gives to whom Entra ID knows. */
  readonly #origins = new Map<string, string>();

  constructor(private readonly azure: Azure) {}

  of(account: Resource): readonly AccountKey[] {
    const known = this.#keys.get(account.id.toLowerCase()) ?? [this.#make("key1"), this.#make("key2")];
    this.#keys.set(account.id.toLowerCase(), known);
    return known;
  }

  /** Makes one key anew and gives both; undefined where the account has no key of that name. */
  renew(account: Resource, keyName: string): readonly AccountKey[] | undefined {
    const known = this.of(account);
    if (!known.some((key) => key.keyName === keyName)) return undefined;
    const renewed = known.map((key) => (key.keyName === keyName ? this.#make(keyName) : key));
    this.#keys.set(account.id.toLowerCase(), renewed);
    return renewed;
  }

  /** The key of a delegation, base64: always the same, until the account revokes them all. */
  delegated(account: Resource, { oid, tenantId, start, expiry, version }: Delegation): string {
    const id = account.id.toLowerCase();
    const origin = this.#origins.get(id) ?? newSecret(32, "base64");
    this.#origins.set(id, origin);
    const text = [oid, tenantId, start, expiry, version].join("\n");
    return noteTicket(createHmac("sha256", origin).update(text, "utf8").digest("base64"));
  }

  revokeDelegated(account: Resource): void {
    this.#origins.delete(account.id.toLowerCase());
  }

  forget(account: Resource): void {
    this.#keys.delete(account.id.toLowerCase());
    this.revokeDelegated(account);
  }

  get kept(): Kept[] {
    return [keptMap("storage account keys", this.#keys), keptMap("storage delegation keys", this.#origins)];
  }

  #make(keyName: string): AccountKey {
    const creationTime = this.azure.clock.now().toISOString();
    return { keyName, value: newSecret(64, "base64"), permissions: "FULL", creationTime };
  }
}
