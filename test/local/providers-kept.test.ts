import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { Visitor } from "./visitor";

const redirectUri = "https://token.botframework.com/.auth/web/redirect";
const clientId = "a-bot";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "providers-kept-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function tokensAt(
  azure: LocalAzure,
  host: string,
  authorize: string,
  token: string,
): Promise<Record<string, string>> {
  const client = azure.oauthClients.register({ host, clientId, name: "A bot", redirectUris: [redirectUri] });
  const query = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid orders.read repo",
  };
  const visitor = new Visitor(azure);
  await visitor.open(`https://${host}${authorize}?${new URLSearchParams(query)}`);
  await visitor.submit({ account: "ada@contoso.example", password: azure.tenant.password });
  const back = await visitor.submit({ decision: "accept" });
  const code = new URL(back.url).searchParams.get("code") ?? "";
  return ask(azure, `https://${host}${token}`, { code, grant_type: "authorization_code", secret: client.clientSecret });
}

async function ask(
  azure: LocalAzure,
  url: string,
  { secret, ...form }: Record<string, string> & { secret: string },
): Promise<Record<string, string>> {
  const all = { client_id: clientId, client_secret: secret, redirect_uri: redirectUri, ...form };
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  const answer = await azure.call("a test", url, {
    method: "POST",
    headers,
    body: new URLSearchParams(all).toString(),
  });
  return (await answer.json()) as Record<string, string>;
}

test("applications, tokens and issues at GitHub and at the company's provider outlive a restart with a data folder", async () => {
  const first = await startLocalAzure({ port: 0, data: folder });
  const gitHub = await tokensAt(first, "github.com", "/login/oauth/authorize", "/login/oauth/access_token");
  const company = await tokensAt(first, "login.contoso.example", "/auth", "/token");
  const headers = { authorization: `Bearer ${gitHub.access_token}`, "user-agent": "a test" };
  const issues = "https://api.github.com/repos/contoso/website/issues";
  const opened = await first.call("bot", issues, {
    method: "POST",
    headers,
    body: '{"title":"Kept","assignees":["ada"]}',
  });
  expect(opened.status).toBe(201);
  const secret = first.oauthClients.find("login.contoso.example", clientId)?.clientSecret ?? "";
  await first.save();
  await first.close();

  const second = await startLocalAzure({ port: 0, data: folder });
  try {
    const answer = await second.call("bot", "https://api.github.com/issues", { headers });
    expect([answer.status, ((await answer.json()) as { title: string }[])[0]?.title]).toEqual([200, "Kept"]);
    const orders = { authorization: `Bearer ${company.access_token}` };
    expect((await second.call("bot", "https://orders.contoso.example/orders", { headers: orders })).status).toBe(200);
    const renewed = await ask(second, "https://login.contoso.example/token", {
      secret,
      grant_type: "refresh_token",
      refresh_token: company.refresh_token ?? "",
    });
    expect(renewed.access_token).toMatch(/^[\w-]{43}$/);
  } finally {
    await second.close();
  }
});
