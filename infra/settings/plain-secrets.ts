/** Settings of the providers that are secrets: `pulumi config set` without `--secret` writes them in clear into the stack file. */
const providerSecrets = ["azure-native", "azuread"].flatMap((provider) =>
  ["clientSecret", "clientCertificatePassword", "oidcToken", "oidcRequestToken"].map((name) => `${provider}:${name}`),
);

/** True for a name under which people keep secrets. */
export function looksSecret(name: string): boolean {
  return /(secret|password|passwd|credential|token|(api|access|account|private|secret|session|signing)[-_]?key|connection[-_]?string)$/i.test(
    name,
  );
}

/** A long run of letters in both cases and of digits is a key or a token. Names and hosts have small letters, hashes too. */
export function couldBeSecret(text: string): boolean {
  const runs = text.match(/[A-Za-z0-9+=_~.-]{32,}/g) ?? [];
  return (
    namesSecret.test(text) ||
    runs.some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run) && run.replace(/[^0-9]/g, "").length >= 4)
  );
}

/** A part of a connection string or of an address that is a secret by its own name: `...;AccountKey=...`, `...?sig=...`. */
const namesSecret =
  /(^|[;?&\s])(password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|client_?secret|sig)=[^;&\s]/i;

/** The providers' secrets that stand in clear in the stack's configuration. */
export function plainProviderSecrets(
  config: Readonly<Record<string, string>>,
  isEncrypted: (key: string) => boolean,
): string[] {
  return providerSecrets.filter((key) => config[key] && !isEncrypted(key));
}
