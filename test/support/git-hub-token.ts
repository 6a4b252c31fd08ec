import type { LocalAzure } from "../../local/azure/azure";
import { Visitor } from "../local/visitor";

/** A token of somebody for GitHub's API, as `gh auth login` gets one: by the web pages, for an OAuth app. */
export async function gitHubToken(azure: LocalAzure, person = "ada", scope = "repo read:org"): Promise<string> {
  const [clientId, redirectUri] = ["178c6fc778ccc68e1d6a", "https://token.botframework.com/.auth/web/redirect"];
  const { clientSecret } = azure.oauthClients.register({
    host: "github.com",
    clientId,
    name: "GitHub CLI",
    redirectUris: [redirectUri],
  });
  const visitor = new Visitor(azure);
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, scope });
  await visitor.open(`https://github.com/login/oauth/authorize?${query}`);
  const page = await visitor.submit({ account: `${person}@contoso.example`, password: azure.tenant.password });
  const back = page.text === "the end" ? page : await visitor.submit({ decision: "accept" });
  const code = new URL(back.url).searchParams.get("code") ?? "";
  const answer = await azure.call("test", "https://github.com/login/oauth/access_token", {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, code }).toString(),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
