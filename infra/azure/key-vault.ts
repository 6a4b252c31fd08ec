import { keyVaultErrors } from "../../contract/known-errors/vault-and-storage";
import type { Access } from "./access";
import { bodyOf, call, type CalledService, entriesOf, isAbsent, refusalOf } from "./call";

/** The oldest api-version of Key Vault's management that goes on: earlier ones end on 2027-02-27, see infra/facts/ends.ts. */
export const keyVaultVersion = "2026-02-01";

/** That of the vaults themselves. */
export const vaultVersion = "7.4";

/** Vaults themselves, each at a host of its own; tokens are for all of them. */
export const keyVault: CalledService = {
  origin: "https://vault.azure.net",
  name: "Key Vault",
  errors: keyVaultErrors,
  requestIdHeader: "x-ms-request-id",
  contentType: "application/json",
  tries: 6,
  firstWait: 200,
  answersWithin: 20_000,
  // 403 is a missing role as well as a closed network.
  saysInnerCode: true,
  saysInFirstLine: true,
};

/**
 * The value of a secret; undefined where there is none.
 * @param address `https://<vault>.vault.azure.net/secrets/<name>`, with a version or without
 * @throws AzureCallError where the caller may not read it
 */
export async function secretValue(access: Access, address: string): Promise<string | undefined> {
  const url = `${address}?api-version=${vaultVersion}`;
  const answer = await call(access, keyVault, { method: "GET", url, subject: address });
  if (isAbsent(answer)) return undefined;
  if (!answer.ok) throw refusalOf(keyVault, address, answer);
  return bodyOf<{ value: string }>(keyVault, address, answer, ["value"]).value;
}

/** A version of a secret, without its value. */
export interface SecretVersion {
  /** Its address: `https://<vault>.vault.azure.net/secrets/<name>/<version>`. */
  readonly id: string;
  /** `exp` is in seconds of Unix time. */
  readonly attributes?: { readonly enabled?: boolean; readonly exp?: number | null };
}

/**
 * The versions of a secret; none where there is no such secret.
 * @param address `https://<vault>.vault.azure.net/secrets/<name>`
 * @throws AzureCallError where the caller may not list them
 */
export function secretVersions(access: Access, address: string): Promise<SecretVersion[]> {
  const { origin, pathname } = new URL(address);
  const first = `${pathname}/versions?api-version=${vaultVersion}`;
  return entriesOf<SecretVersion>({ name: keyVault.name, origin }, address, first, async (page) => {
    const answer = await call(access, keyVault, { method: "GET", url: `${origin}${page}`, subject: address });
    if (isAbsent(answer)) return undefined;
    if (!answer.ok) throw refusalOf(keyVault, address, answer);
    return bodyOf<object>(keyVault, address, answer, ["value"]);
  });
}
