import type { Azure, Resource } from "../service";
import { referenceIdentityOf } from "./site";

/** What became of one Key Vault reference; the names are those of `ApiKVReference` in ARM. */
export interface Reference {
  /** `@Microsoft.KeyVault(...)`, as the setting says it. */
  readonly reference: string;
  readonly status: string;
  readonly vaultName: string | null;
  readonly secretName: string | null;
  readonly secretVersion: string | null;
  readonly identityType: "SystemAssigned" | "UserAssigned" | "None";
  readonly details: string;
  /** The secret; present only where the status is `Resolved`. */
  readonly value?: string;
}

interface Target {
  readonly uri: string;
  readonly vaultName: string;
  readonly secretName: string;
  readonly secretVersion: string | null;
}

/** Settings that are Key Vault references begin so; the comparison is without case. */
const opening = /^@Microsoft\.KeyVault\(/i;

/** True where a setting's value asks for a secret of a vault. */
const isReference = (value: string): boolean => opening.test(value);

/**
 * Reads a reference's two forms: `SecretUri=https://v.vault.azure.net/secrets/n[/version]`, or
 * `VaultName=v;SecretName=n[;SecretVersion=version]`. Gives undefined where the text is neither.
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#understand-source-app-settings-from-key-vault
 */
export function parseReference(reference: string): Target | undefined {
  const inner = /^@Microsoft\.KeyVault\((.*)\)$/i.exec(reference.trim())?.[1];
  if (inner === undefined) return undefined;
  const parts = new Map(
    inner
      .split(";")
      .filter((part) => part.trim() !== "")
      .map((part): [string, string] => {
        const equals = part.indexOf("=");
        return [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()];
      }),
  );
  const uri = parts.get("secreturi");
  if (uri !== undefined) {
    const match = /^https:\/\/([a-z0-9-]+)\.vault\.azure\.net\/secrets\/([0-9a-z-]+)(?:\/([0-9a-f]*))?\/?$/i.exec(uri);
    if (!match) return undefined;
    return { uri, vaultName: match[1]!, secretName: match[2]!, secretVersion: match[3] || null };
  }
  const [vaultName, secretName] = [parts.get("vaultname"), parts.get("secretname")];
  if (!vaultName || !secretName) return undefined;
  const secretVersion = parts.get("secretversion") || null;
  const address = `https://${vaultName}.vault.azure.net/secrets/${secretName}`;
  return { uri: secretVersion ? `${address}/${secretVersion}` : address, vaultName, secretName, secretVersion };
}

/** Reads a site's references with its reference identity, each once. Settings that are none are left out. */
export function resolveReferences(
  azure: Azure,
  site: Resource,
  settings: Readonly<Record<string, string>>,
): Map<string, Reference> {
  const identity = referenceIdentityOf(azure, site);
  const identityType = !identity ? "None" : identity.resourceId ? "UserAssigned" : "SystemAssigned";
  const resolve = (reference: string): Reference => {
    const target = parseReference(reference);
    const known = {
      reference,
      vaultName: target?.vaultName ?? null,
      secretName: target?.secretName ?? null,
      secretVersion: target?.secretVersion ?? null,
      identityType,
    } as const;
    if (!target) return { ...known, status: "InvalidSyntax", details: "The reference's syntax is not valid." };
    if (!identity) {
      return {
        ...known,
        status: "MSINotEnabled",
        details: "Reference was not able to be resolved because site Managed Identity not enabled.",
      };
    }
    const secret = azure.vaults.read(target.uri, identity.principalId);
    if ("value" in secret) {
      return {
        ...known,
        status: "Resolved",
        details: "Reference has been successfully resolved.",
        value: secret.value,
      };
    }
    return { ...known, status: secret.status, details: secret.details };
  };
  return new Map(
    Object.entries(settings)
      .filter(([, value]) => isReference(value))
      .map(([name, value]) => [name, resolve(value)]),
  );
}

/** What the process sees: the secret where a reference was resolved, else the literal text of the reference. */
export function applyReferences(
  settings: Readonly<Record<string, string>>,
  references: ReadonlyMap<string, Reference>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, references.get(name)?.value ?? value]),
  );
}
