import type { Clock } from "../clock";
import { newId, noteSecret } from "../secrets";
import { objectRefusals } from "./errors";
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
export class Secrets extends VaultObjects<SecretVersion> {
  /** @param secrets those that are there from the beginning, deleted ones included */
  constructor(clock: () => Clock, secrets: readonly Secret[] = []) {
    super(clock, objectRefusals("Secret"), secrets);
  }

  /** Writes a new version. Throws 409 while a secret of that name lies in the bin. */
  set(name: string, input: SecretInput): { object: Secret; version: SecretVersion } {
    const object = this.livingOrNew(name);
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
    object.versions.push(version);
    this.keep(object);
    return { object, version };
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
