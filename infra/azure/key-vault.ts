import { fixOf } from "../../contract/known-errors/known-error";
import { keyVaultErrors } from "../../contract/known-errors/vault-and-storage";
import { AzureCallError } from "./azure-call-error";

/** The oldest api-version of Key Vault's management that goes on: earlier ones end on 2027-02-27, see infra/facts/ends.ts. */
export const keyVaultVersion = "2026-02-01";

/**
 * What a vault itself refuses, in its own words. The inner code says more than the outer: 403 is a missing role as well as a
 * closed network.
 * @param subject what was asked for, as messages name it
 */
export async function vaultRefusal(subject: string, answer: Response): Promise<AzureCallError> {
  const { error } = (await answer.json().catch(() => ({}))) as {
    error?: { code?: string; message?: string; innererror?: { code?: string } };
  };
  const code = error?.innererror?.code ?? error?.code ?? `Http${answer.status}`;
  const message = error?.message ?? `The vault answered ${answer.status}`;
  const fix = fixOf(keyVaultErrors, { code, message }, answer.headers.get("x-ms-request-id"));
  return new AzureCallError(code, subject, message.split(/\r?\n/)[0]!, fix, answer.status);
}
