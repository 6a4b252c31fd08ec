/**
 * An app setting that App Service resolves from the vault. With the secret's version, so that a renewed secret changes
 * the setting: App Service then fetches it at once, where it keeps a versionless one for up to a day (known mistake 14).
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 * Throws a RangeError where the address names no version.
 */
export function keyVaultReference(secretUriWithVersion: string): string {
  if (!/^https:\/\/[^/]+\/secrets\/[0-9A-Za-z-]+\/[0-9a-f]{32}$/.test(secretUriWithVersion)) {
    throw new RangeError(`${secretUriWithVersion} is not the address of one version of a secret`);
  }
  return `@Microsoft.KeyVault(SecretUri=${secretUriWithVersion})`;
}

/** A secret of a vault, as an app setting names it. */
export interface SecretAddress {
  readonly vaultName: string;
  readonly secretName: string;
  readonly version: string | undefined;
}

/**
 * The secret that an app setting names: by a Key Vault reference of either form, or by its address alone.
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#understand-source-app-settings-from-key-vault
 */
export function secretAt(value: string): SecretAddress | undefined {
  const inner = /^@Microsoft\.KeyVault\((.*)\)$/i.exec(value.trim())?.[1] ?? value.trim();
  const uri =
    /(?:^|SecretUri=)https:\/\/([a-z0-9-]+)\.vault\.azure\.net\/secrets\/([0-9a-z-]+)(?:\/([0-9a-f]{32}))?\/?$/i;
  const [, host, secret, version] = uri.exec(inner) ?? [];
  if (host && secret) return { vaultName: host, secretName: secret, version };
  const named = (name: string): string | undefined =>
    new RegExp(`(?:^|;)\\s*${name}=([^;]+)`, "i").exec(inner)?.[1]?.trim();
  const [vaultName, secretName] = [named("VaultName"), named("SecretName")];
  return vaultName && secretName ? { vaultName, secretName, version: named("SecretVersion") } : undefined;
}

/** Whether a setting is a Key Vault reference, however it is written. */
export function isReference(value: string): boolean {
  return /^@Microsoft\.KeyVault\(/i.test(value);
}
