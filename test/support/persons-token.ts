import type { LocalAzure } from "../../local/azure/azure";

/** azure-cli, as Entra knows it. */
const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/**
 * A person's token of the local Azure, as `az login` with a user's name gets it.
 * @param mail the person's user principal name
 * @param audience `https://management.azure.com`
 */
export async function personsToken(azure: LocalAzure, mail: string, audience: string): Promise<string> {
  const { tenantId, password } = azure.tenant;
  const answer = await azure.call("az", `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "password",
      client_id: azureCli,
      username: mail,
      password,
      scope: `${audience}/.default`,
    }).toString(),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
