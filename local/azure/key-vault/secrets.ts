import type { Clock } from "../clock";
import { newId, noteSecret } from "../secrets";
import { deletedSecretNotFound, secretDeleted, secretNotFound } from "./errors";
import { type VaultObject, VaultObjects } from "./vault-objects";

/** What describes a version beside its value. Times are seconds since 1970. */
export interface SecretAttributes {
  enabled: boolean;
  nbf?: number;
  exp?: number;
  readonly created: number;
  updated: number;
}

export interface SecretVersion {
  /** 32 hex digits. */
  readonly version: string;
  readonly value: string;
  contentType?: string;
  tags?: Record<string, string>;
  readonly attributes: SecretAttributes;
}

/** What a writer may say of a new version. */
export interface SecretInput {
  readonly value: string;
  readonly contentType?: string;
  readonly tags?: Record<string, string>;
  readonly attributes?: { readonly enabled?: boolean; readonly nbf?: number; readonly exp?: number };
}

export type Secret = VaultObject<SecretVersion>;

/** The secrets of one vault. */
export class Secrets extends VaultObjects<SecretVersion, Secret> {
  /** @param secrets those that are there from the beginning, deleted ones included */
  constructor(clock: () => Clock, secrets: readonly Secret[] = []) {
    super(clock, { notFound: secretNotFound, deletedNotFound: deletedSecretNotFound }, secrets);
  }

  /** A living secret's version, or its newest. Throws `SecretNotFound`. */
  get(name: string, version?: string): { secret: Secret; version: SecretVersion } {
    const { item, found } = this.versionOf(name, version);
    return { secret: item, version: found };
  }

  /** Writes a new version. Throws 409 while a secret of that name lies in the bin. */
  set(name: string, input: SecretInput): { secret: Secret; version: SecretVersion } {
    const existing = this.known(name);
    if (existing?.deletedAt !== undefined) throw secretDeleted(name);
    const secret = existing ?? { name, versions: [] };
    const now = this.clock().seconds();
    const { enabled = true, nbf, exp } = input.attributes ?? {};
    const version: SecretVersion = {
      version: newId(16, "hex"),
      value: noteSecret(input.value),
      ...(input.contentType === undefined ? {} : { contentType: input.contentType }),
      ...(input.tags === undefined ? {} : { tags: input.tags }),
      attributes: {
        enabled,
        ...(nbf === undefined ? {} : { nbf }),
        ...(exp === undefined ? {} : { exp }),
        created: now,
        updated: now,
      },
    };
    secret.versions.push(version);
    this.keep(secret);
    return { secret, version };
  }

  /** Changes what describes a version; its value stays. */
  update(name: string, version: string | undefined, change: Omit<SecretInput, "value">): SecretVersion {
    const { version: found } = this.get(name, version);
    const { enabled, nbf, exp } = change.attributes ?? {};
    if (enabled !== undefined) found.attributes.enabled = enabled;
    if (nbf !== undefined) found.attributes.nbf = nbf;
    if (exp !== undefined) found.attributes.exp = exp;
    if (change.contentType !== undefined) found.contentType = change.contentType;
    if (change.tags !== undefined) found.tags = change.tags;
    found.attributes.updated = this.clock().seconds();
    return found;
  }
}
