import { keyVaultErrors } from "../../contract/known-errors/vault-and-storage";
import type { Access } from "./access";
import { bodyOf, call, type CalledService, isAbsent, refusalOf } from "./call";

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
  return bodyOf<{ value: string }>(keyVault, address, answer).value;
}
