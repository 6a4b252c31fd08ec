import { minute } from "../../contract/time";
import { type Access, until } from "../azure/access";
import { type Arm, shortId } from "../azure/arm";
import { AzureCallError } from "../azure/azure-call-error";
import { webVersion } from "./web-app";

/** The one API version whose refresh call is documented; reading the references works with it too. */
const refreshVersion = "2022-03-01";

/** A Key Vault reference among the app settings, as App Service resolved it. */
export interface SecretReference {
  readonly name: string;
  readonly properties: { readonly status?: string; readonly details?: string | null };
}

/** A new role takes up to ten minutes to arrive everywhere, so these states may still heal. */
const healing = new Set([
  "Initialized",
  "AccessToKeyVaultDenied",
  "UnauthorizedClient",
  "FetchTimedOut",
  "OtherReasons",
]);
const healsWithin = 10 * minute;
/** The other states are faults of the set-up; they get the time of a few refreshes. */
const faultWithin = 45_000;

/** https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#troubleshoot-key-vault-references */
const fixes: Readonly<Record<string, string>> = {
  AccessToKeyVaultDenied: "Give the web app's identity the role Key Vault Secrets User on the vault.",
  UnauthorizedClient: "Give the web app's identity the role Key Vault Secrets User on the vault.",
  MSINotEnabled: "Assign the identity to the web app and name it in keyVaultReferenceIdentity.",
  SecretNotFound: "Create the secret in the vault, or correct its name in the reference.",
  SecretVersionNotFound: "Correct the version in the reference, or leave it out.",
  VaultNotFound: "Correct the vault's name in the reference; a deleted vault must be recovered first.",
  InvalidSyntax:
    "Correct the reference: @Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<name>).",
};

/**
 * Waits until every Key Vault reference of a web app is resolved. An unresolved one would reach the app as its literal
 * text and serve as a password (known mistake 13); a restart does not resolve it again, the refresh call does.
 * Throws an {@link AzureCallError} naming each unresolved setting, its status and the fix.
 */
export async function referencesResolved(arm: Arm, access: Access, siteId: string): Promise<void> {
  const began = access.now();
  let open: SecretReference[] = [];
  let refreshed = 0;
  const resolved = await until(access, healsWithin, async () => {
    open = await unresolved(arm, siteId);
    if (open.length === 0) return true;
    const waited = access.now() - began;
    const hopeless = open.some(({ properties }) => !healing.has(properties.status ?? "Initialized"));
    if (hopeless && waited >= faultWithin) return false;
    // Each refresh reads all secrets again; at most one for every ten seconds is enough.
    if (refreshed === 0 || waited >= refreshed * 10_000) {
      refreshed += 1;
      await arm.post(`${siteId}/config/configreferences/appsettings/refresh`, refreshVersion);
    }
    return undefined;
  });
  if (resolved) return;
  const states = open.map(({ name, properties }) => `${name} is ${properties.status ?? "not resolved yet"}`).join(", ");
  const fix = [
    ...new Set(
      open.map(({ properties }) => fixes[properties.status ?? ""] ?? "See the portal: Environment variables."),
    ),
  ];
  const cause = `Key Vault references are not resolved: ${states}`;
  throw new AzureCallError(
    "secret-reference-unresolved",
    shortId(siteId),
    cause,
    `${fix.join(" ")} Then deploy again.`,
  );
}

async function unresolved(arm: Arm, siteId: string): Promise<SecretReference[]> {
  const list = await arm.find<{ value?: SecretReference[] }>(
    `${siteId}/config/configreferences/appsettings`,
    webVersion,
  );
  return (list?.value ?? []).filter(({ properties }) => properties.status !== "Resolved");
}
