import type { Kept } from "../../data/folder";
import { keptMap } from "../../data/kept-map";
import { newSecret } from "../secrets";
import type { Azure, Resource } from "../service";

/** One of an account's two keys, as ARM tells it. */
export interface AccountKey {
  readonly keyName: string;
  /** Base64. */
  readonly value: string;
  readonly permissions: "FULL";
  readonly creationTime: string;
}

/** The keys of all accounts: two each, made when they are first asked for. */
export class AccountKeys {
  /** By the account's lower-case id. */
  readonly #keys = new Map<string, readonly AccountKey[]>();

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

  forget(account: Resource): void {
    this.#keys.delete(account.id.toLowerCase());
  }

  get kept(): Kept {
    return keptMap("storage account keys", this.#keys);
  }

  #make(keyName: string): AccountKey {
    const creationTime = this.azure.clock.now().toISOString();
    return { keyName, value: newSecret(64, "base64"), permissions: "FULL", creationTime };
  }
}
