import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import { send } from "../http";
import type { Session } from "../session";
import { azureNativeRetries } from "./arm";

/**
 * Deletes a secret where azure-native does: at the vault itself, with the deployer's own token, because ARM has no
 * DELETE for it. The vault names the audience in its 401 challenge.
 * https://learn.microsoft.com/rest/api/keyvault/secrets/delete-secret/delete-secret
 * @throws PluginError `RequestRefused`, for example 403 where the deployer is no Key Vault Secrets Officer
 */
export async function deleteVaultSecret(session: Session, inputs: Properties): Promise<void> {
  const url = `https://${String(inputs.vaultName)}.vault.azure.net/secrets/${String(inputs.secretName)}?api-version=7.6`;
  let answer = await send(session, { method: "DELETE", url }, azureNativeRetries);
  if (answer.status === 401) {
    const audience = /resource="([^"]+)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1];
    const call = { method: "DELETE", url, audience: audience ?? "https://vault.azure.net" };
    answer = await send(session, call, azureNativeRetries);
  }
  if (answer.status < 300 || answer.status === 404) return;
  const error = (answer.body as { error?: { code?: string; message?: string } } | undefined)?.error;
  throw new PluginError(
    "RequestRefused",
    `Status=${answer.status} Code="${error?.code ?? "Unknown"}" Message="${error?.message ?? "no message"}"`,
    answer.status,
  );
}
