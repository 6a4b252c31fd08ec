import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import { type Answer, send } from "../http";
import type { Session } from "../session";
import { azureNativeRetries } from "./arm";

/**
 * Deletes a secret where azure-native does: at the vault itself, with the deployer's own token, because ARM has no
 * DELETE for it.
 * https://learn.microsoft.com/rest/api/keyvault/secrets/delete-secret/delete-secret
 * @throws PluginError `RequestRefused`, for example 403 where the deployer is no Key Vault Secrets Officer
 */
export async function deleteVaultSecret(session: Session, inputs: Properties): Promise<void> {
  const answer = await atVault(session, "DELETE", inputs, "secrets");
  if (answer.status >= 300 && answer.status !== 404) throw refused(answer);
}

/**
 * Brings a secret back that lies in the vault's bin, as azure-native does before it writes over it; false where none lies
 * there, or where the deployer may not look.
 * https://github.com/pulumi/pulumi-azure-native/pull/4759
 * @throws PluginError `RequestRefused` where it lies there and the deployer may not bring it back
 */
export async function recoverVaultSecret(session: Session, inputs: Properties): Promise<boolean> {
  const deleted = await atVault(session, "GET", inputs, "deletedsecrets");
  if (deleted.status !== 200) return false;
  const recovered = await atVault(session, "POST", inputs, "deletedsecrets", "/recover");
  if (recovered.status >= 300) throw refused(recovered);
  return true;
}

/** Calls the vault, which names the audience of the token in its 401 challenge. */
async function atVault(
  session: Session,
  method: string,
  inputs: Properties,
  kind: string,
  action = "",
): Promise<Answer> {
  const secret = `${kind}/${String(inputs.secretName)}${action}`;
  const url = `https://${String(inputs.vaultName)}.vault.azure.net/${secret}?api-version=7.6`;
  const answer = await send(session, { method, url }, azureNativeRetries);
  if (answer.status !== 401) return answer;
  const audience = /resource="([^"]+)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1];
  return send(session, { method, url, audience: audience ?? "https://vault.azure.net" }, azureNativeRetries);
}

function refused({ status, body }: Answer): PluginError {
  const error = (body as { error?: { code?: string; message?: string } } | undefined)?.error;
  const words = `Status=${status} Code="${error?.code ?? "Unknown"}" Message="${error?.message ?? "no message"}"`;
  return new PluginError("request-refused", words, status);
}
