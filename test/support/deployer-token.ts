import type { LocalAzure } from "../../local/azure/azure";

/**
 * The deployer's token of the local Azure.
 * @param audience `https://management.azure.com`
 * @param caller as the trace is to call whoever asks
 */
export async function deployerToken(azure: LocalAzure, audience: string, caller = "deployer"): Promise<string> {
  const { tenantId, deployer } = azure.tenant;
  const answer = await azure.call(caller, `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: deployer.clientId,
      client_secret: deployer.clientSecret,
      scope: `${audience}/.default`,
    }).toString(),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
