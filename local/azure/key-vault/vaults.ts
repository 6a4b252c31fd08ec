import { day } from "../../../contract/time";
import type { Kept } from "../../data/folder";
import type { Clock } from "../clock";
import type { Azure, Resource } from "../service";
import { Certificates, type Certificate } from "./certificates";
import { Keys, type Key } from "./keys";
import { Secrets, type Secret } from "./secrets";

export const vaultType = "Microsoft.KeyVault/vaults";
export const secretType = "Microsoft.KeyVault/vaults/secrets";
export const keyType = "Microsoft.KeyVault/vaults/keys";

/** A vault in the bin, with all that it held. */
export interface DeletedVault {
  readonly vault: Resource;
  /** Milliseconds since 1970. */
  readonly deletedAt: number;
  readonly purgeAt: number;
}

/** What one vault holds. */
export interface VaultContent {
  readonly secrets: Secrets;
  readonly keys: Keys;
  readonly certificates: Certificates;
}

/** The same as a folder keeps it, deleted objects included. */
type KeptContent = {
  secrets: Map<string, Secret[]>;
  keys: Map<string, Key[]>;
  certificates: Map<string, Certificate[]>;
};

/** Every vault's content and the bin of deleted vaults; the vaults themselves are ARM's resources. */
export class VaultContents {
  readonly #contents = new Map<string, VaultContent>();
  readonly #bin = new Map<string, DeletedVault>();

  constructor(private readonly azure: Azure) {}

  readonly kept: Kept = {
    name: "vaults",
    snapshot: () => ({
      ...Object.fromEntries(
        (["secrets", "keys", "certificates"] as const).map((what) => [
          what,
          new Map([...this.#contents].map(([vault, { [what]: held }]) => [vault, [...held.all(), ...held.bin()]])),
        ]),
      ),
      bin: this.#bin,
    }),
    restore: (kept) => {
      // A folder of an earlier version knows no keys and no certificates.
      const { secrets, keys, certificates, bin } = kept as Partial<KeptContent> & { bin: Map<string, DeletedVault> };
      this.#contents.clear();
      this.#bin.clear();
      for (const vault of new Set([secrets, keys, certificates].flatMap((held) => [...(held?.keys() ?? [])]))) {
        this.#contents.set(vault, this.#filled(secrets?.get(vault), keys?.get(vault), certificates?.get(vault)));
      }
      for (const [name, deleted] of bin) this.#bin.set(name, deleted);
    },
  };

  #filled(secrets?: Secret[], kept?: Key[], certificates?: Certificate[]): VaultContent {
    const clock = (): Clock => this.azure.clock;
    const keys = new Keys(clock, kept);
    return { secrets: new Secrets(clock, secrets), keys, certificates: new Certificates(clock, keys, certificates) };
  }

  /** A living vault by its name, which is unique in the world. */
  vault(name: string): Resource | undefined {
    return this.azure.resources.list(vaultType).find((vault) => vault.name.toLowerCase() === name.toLowerCase());
  }

  of(vaultName: string): VaultContent {
    const key = vaultName.toLowerCase();
    const known = this.#contents.get(key) ?? this.#filled();
    this.#contents.set(key, known);
    const vault = this.vault(vaultName);
    // https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview: purged by itself at the end of the retention.
    if (vault) for (const objects of Object.values(known)) objects.forget(retentionDays(vault));
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
    this.#bin.set(vault.name.toLowerCase(), { vault, deletedAt, purgeAt: deletedAt + days * day });
  }

  /** Takes a vault out of the bin with its content. */
  recover(name: string): Resource | undefined {
    const found = this.deleted(name);
    this.#bin.delete(name.toLowerCase());
    return found?.vault;
  }

  purge(name: string): void {
    this.#bin.delete(name.toLowerCase());
    this.#contents.delete(name.toLowerCase());
  }

  /** Makes ARM show a vault's secret as it is now: no value, and nothing once it is deleted. */
  mirror(vault: Resource, secretName: string): void {
    const id = `${vault.id}/secrets/${secretName}`;
    const secret = this.of(vault.name).secrets.find(secretName);
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

  /** Makes ARM show a vault's key as it is now. */
  mirrorKey(vault: Resource, keyName: string): void {
    const key = this.of(vault.name).keys.find(keyName);
    if (!key) return this.azure.resources.remove(`${vault.id}/keys/${keyName}`);
    const { tags } = key.versions.at(-1)!;
    this.azure.resources.set({
      id: `${vault.id}/keys/${key.name}`,
      name: key.name,
      type: keyType,
      location: vault.location,
      ...(tags ? { tags } : {}),
      properties: this.keyProperties(vault, keyName),
    });
  }

  /** A key's properties as ARM shows them. */
  keyProperties(vault: Resource, keyName: string): Record<string, unknown> {
    const { object: key, version } = this.of(vault.name).keys.get(keyName);
    const keyUri = `${vaultUri(vault.name)}keys/${key.name}`;
    return {
      kty: "RSA",
      keyOps: version.operations,
      keySize: version.size,
      attributes: { ...version.attributes, exportable: false, recoveryLevel: recovery(vault).recoveryLevel },
      keyUri,
      keyUriWithVersion: `${keyUri}/${version.version}`,
    };
  }

  /** A secret's properties as ARM shows them. The value never comes back. */
  properties(vaultName: string, secretName: string): Record<string, unknown> {
    const { object: secret, version } = this.of(vaultName).secrets.get(secretName);
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

/** Days for which something deleted can be brought back. */
export const retentionDays = (vault: Resource): number => Number(vault.properties["softDeleteRetentionInDays"]);

/** How long a deleted secret or key can be brought back, and whether it can be purged before. */
export function recovery(vault: Resource): { recoveryLevel: string; recoverableDays: number } {
  const level = `${retentionDays(vault) === 90 ? "" : "Customized"}Recoverable`;
  const recoveryLevel = vault.properties["enablePurgeProtection"] === true ? level : `${level}+Purgeable`;
  return { recoveryLevel, recoverableDays: retentionDays(vault) };
}
