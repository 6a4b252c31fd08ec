/** Settings of the providers that are secrets: `pulumi config set` without `--secret` writes them in clear into the stack file. */
const providerSecrets = ["azure-native", "azuread"].flatMap((provider) =>
  ["clientSecret", "clientCertificatePassword", "oidcToken", "oidcRequestToken"].map((name) => `${provider}:${name}`),
);

/** True for a name under which people keep secrets. */
export function looksSecret(name: string): boolean {
  return /(secret|password|passwd|credential|token|api-?key|access-?key|private-?key|session-?key)$/i.test(name);
}

/** The providers' secrets that stand in clear in the stack's configuration. */
export function plainProviderSecrets(
  config: Readonly<Record<string, string>>,
  isEncrypted: (key: string) => boolean,
): string[] {
  return providerSecrets.filter((key) => config[key] && !isEncrypted(key));
}
