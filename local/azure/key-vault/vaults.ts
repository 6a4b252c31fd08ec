import type { Kept } from "../../data/folder";
import type { Azure, Resource } from "../service";
import { Secrets, type Secret } from "./secrets";

export const vaultType = "Microsoft.KeyVault/vaults";
export const secretType = "Microsoft.KeyVault/vaults/secrets";

/** A vault in the bin, with all that it held. */
export interface DeletedVault {
  readonly vault: Resource;
  /** Milliseconds since 1970. */
  readonly deletedAt: number;
  readonly purgeAt: number;
}

/** Every vault's content and the bin of deleted vaults; the vaults themselves are ARM's resources. */
export class VaultContents {
  readonly #secrets = new Map<string, Secrets>();
  readonly #bin = new Map<string, DeletedVault>();

  constructor(private readonly azure: Azure) {}

  readonly kept: Kept = {
    name: "vaults",
    snapshot: () => ({
      secrets: new Map([...this.#secrets].map(([vault, held]) => [vault, [...held.all(), ...held.bin()]])),
      bin: this.#bin,
    }),
    restore: (kept) => {
      const { secrets, bin } = kept as { secrets: Map<string, Secret[]>; bin: Map<string, DeletedVault> };
      for (const [vault, held] of secrets) this.#secrets.set(vault, new Secrets(() => this.azure.clock, held));
      for (const [name, deleted] of bin) this.#bin.set(name, deleted);
    },
  };

  /** A living vault by its name, which is unique in the world. */
  vault(name: string): Resource | undefined {
    return this.azure.resources.list(vaultType).find((vault) => vault.name.toLowerCase() === name.toLowerCase());
  }

  secrets(vaultName: string): Secrets {
    const key = vaultName.toLowerCase();
    const known = this.#secrets.get(key) ?? new Secrets(() => this.azure.clock);
    this.#secrets.set(key, known);
    return known;
  }

  /** Deleted vaults whose retention is not over; the others are gone for good. */
  bin(): DeletedVault[] {
    const now = this.azure.clock.now().getTime();
    for (const [name, { purgeAt }] of this.#bin) if (purgeAt <= now) this.purge(name);
    return [...this.#bin.values()];
  }

  deleted(name: string): DeletedVault | undefined {
    return this.bin().find(({ vault }) => vault.name.toLowerCase() === name.toLowerCase());
  }

  bury(vault: Resource): void {
    const deletedAt = this.azure.clock.now().getTime();
    const days = Number(vault.properties["softDeleteRetentionInDays"]);
    this.#bin.set(vault.name.toLowerCase(), { vault, deletedAt, purgeAt: deletedAt + days * 24 * 3_600_000 });
  }

  /** Takes a vault out of the bin with its content. */
  recover(name: string): Resource | undefined {
    const found = this.deleted(name);
    this.#bin.delete(name.toLowerCase());
    return found?.vault;
  }

  purge(name: string): void {
    this.#bin.delete(name.toLowerCase());
    this.#secrets.delete(name.toLowerCase());
  }

  /** Makes ARM show a vault's secret as it is now: no value, and nothing once it is deleted. */
  mirror(vault: Resource, secretName: string): void {
    const id = `${vault.id}/secrets/${secretName}`;
    const secret = this.secrets(vault.name).find(secretName);
    if (!secret) return this.azure.resources.remove(id);
    this.azure.resources.set({
      id: `${vault.id}/secrets/${secret.name}`,
      name: secret.name,
      type: secretType,
      location: vault.location,
      tags: secret.versions.at(-1)!.tags,
      properties: this.properties(vault.name, secretName),
    });
  }

  /** A secret's properties as ARM shows them. The value never comes back. */
  properties(vaultName: string, secretName: string): Record<string, unknown> {
    const { secret, version } = this.secrets(vaultName).get(secretName);
    const uri = `${vaultUri(vaultName)}secrets/${secret.name}`;
    return {
      ...(version.contentType === undefined ? {} : { contentType: version.contentType }),
      attributes: { ...version.attributes },
      secretUri: uri,
      secretUriWithVersion: `${uri}/${version.version}`,
    };
  }
}

/** `https://<vault>.vault.azure.net/` */
export function vaultUri(vaultName: string): string {
  return `https://${vaultName.toLowerCase()}.vault.azure.net/`;
}
