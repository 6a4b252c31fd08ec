import type { Clock } from "../clock";
import { newId, noteSecret } from "../secrets";
import { deletedSecretNotFound, secretDeleted, secretNotFound } from "./errors";

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

export interface Secret {
  readonly name: string;
  /** Oldest first; never empty. */
  readonly versions: SecretVersion[];
  /** When it was deleted, in seconds since 1970; absent while it lives. */
  deletedAt?: number;
}

/** The secrets of one vault, with its bin. Names are compared without case. */
export class Secrets {
  readonly #byName = new Map<string, Secret>();

  /** @param secrets those that are there from the beginning, deleted ones included */
  constructor(
    private readonly clock: () => Clock,
    secrets: readonly Secret[] = [],
  ) {
    for (const secret of secrets) this.#byName.set(secret.name.toLowerCase(), secret);
  }

  /** Living secrets, oldest first. */
  all(): Secret[] {
    return [...this.#byName.values()].filter((secret) => secret.deletedAt === undefined);
  }

  /** Secrets in the bin. */
  bin(): Secret[] {
    return [...this.#byName.values()].filter((secret) => secret.deletedAt !== undefined);
  }

  find(name: string): Secret | undefined {
    const secret = this.#byName.get(name.toLowerCase());
    return secret?.deletedAt === undefined ? secret : undefined;
  }

  /** A living secret's version, or its newest. Throws `SecretNotFound`. */
  get(name: string, version?: string): { secret: Secret; version: SecretVersion } {
    const secret = this.find(name);
    const found = version ? secret?.versions.find((entry) => entry.version === version) : secret?.versions.at(-1);
    if (!secret || !found) throw secretNotFound(version ? `${name}/${version}` : name);
    return { secret, version: found };
  }

  /** Writes a new version. Throws 409 while a secret of that name lies in the bin. */
  set(name: string, input: SecretInput): { secret: Secret; version: SecretVersion } {
    const existing = this.#byName.get(name.toLowerCase());
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
        ...{ created: now, updated: now },
      },
    };
    secret.versions.push(version);
    this.#byName.set(name.toLowerCase(), secret);
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

  /** Moves a secret to the bin. Throws `SecretNotFound`. */
  delete(name: string): Secret {
    const { secret } = this.get(name);
    secret.deletedAt = this.clock().seconds();
    return secret;
  }

  /** A secret in the bin. Throws `SecretNotFound`. */
  deleted(name: string): Secret {
    const secret = this.#byName.get(name.toLowerCase());
    if (secret?.deletedAt === undefined) throw deletedSecretNotFound(name);
    return secret;
  }

  recover(name: string): Secret {
    const secret = this.deleted(name);
    delete secret.deletedAt;
    return secret;
  }

  purge(name: string): void {
    this.deleted(name);
    this.#byName.delete(name.toLowerCase());
  }
}
