import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { Visitor } from "../visitor";

const redirectUri = "https://token.botframework.com/.auth/web/redirect";
const oauthApp = "Ov23liBotSignIn00000";
const gitHubApp = "Iv23liBotSignIn00000";
const api = "https://api.github.com";

let azure: LocalAzure;
const secrets: Record<string, string> = {};
const logged: string[] = [];
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0, onLog: (line) => logged.push(line) });
  for (const clientId of [oauthApp, gitHubApp]) {
    const client = { host: "github.com", clientId, name: "Mail bot", redirectUris: [redirectUri] };
    secrets[clientId] = azure.oauthClients.register(client).clientSecret;
  }
});
afterAll(() => azure.close());

function authorizeAddress(clientId: string, more: Record<string, string> = {}): string {
  const query = { client_id: clientId, redirect_uri: redirectUri, scope: "read:user repo", state: "s1", ...more };
  return `https://github.com/login/oauth/authorize?${new URLSearchParams(query)}`;
}

async function codeOf(givenName: string, clientId: string, more: Record<string, string> = {}): Promise<string> {
  const visitor = new Visitor(azure);
  await visitor.open(authorizeAddress(clientId, more));
  const mail = `${givenName.toLowerCase()}@contoso.example`;
  const page = await visitor.submit({ account: mail, password: azure.tenant.password });
  const back = page.text === "the end" ? page : await visitor.submit({ decision: "accept" });
  return new URL(back.url).searchParams.get("code") ?? "";
}

interface Told {
  readonly status: number;
  readonly body: Record<string, string>;
  readonly type: string | null;
}

async function token(form: Record<string, string>, accept = "application/json"): Promise<Told> {
  const clientId = form.client_id ?? oauthApp;
  const answer = await azure.call("Token Service", "https://github.com/login/oauth/access_token", {
    method: "POST",
    headers: { accept, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ client_id: clientId, client_secret: secrets[clientId] ?? "none", ...form }).toString(),
  });
  const type = answer.headers.get("content-type");
  const text = await answer.text();
  const body = /json/.test(type ?? "") ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
  return { status: answer.status, body: body as Record<string, string>, type };
}

async function accessToken(givenName: string, clientId = oauthApp, scope = "read:user repo"): Promise<string> {
  const { body } = await token({ client_id: clientId, code: await codeOf(givenName, clientId, { scope }) });
  return body.access_token ?? "";
}

async function ask(
  path: string,
  bearer?: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: never; headers: Headers }> {
  const answer = await azure.call("bot", api + path, {
    method: init.method ?? "GET",
    headers: { "user-agent": "a test", ...(bearer && { authorization: `Bearer ${bearer}` }), ...init.headers },
    ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
  });
  const text = await answer.text();
  const json = answer.headers.get("content-type")?.includes("json");
  return { status: answer.status, headers: answer.headers, body: (json ? JSON.parse(text) : text) as never };
}

test("an OAuth app's token lasts, has its scopes and no refresh token; the answer is a form unless JSON is asked for", async () => {
  const { status, body, type } = await token({ code: await codeOf("Ada", oauthApp) }, "*/*");
  expect({ status, type, keys: Object.keys(body) }).toEqual({
    status: 200,
    type: "application/x-www-form-urlencoded; charset=utf-8",
    keys: ["access_token", "scope", "token_type"],
  });
  expect(body).toMatchObject({ scope: "read:user,repo", token_type: "bearer" });
  expect(body.access_token).toMatch(/^gho_[0-9a-f]{36}$/);
  azure.clock.advance(365 * 24 * 3600 * 1000);
  expect((await ask("/user", body.access_token)).status).toBe(200);
});

test("a GitHub App's token ends after eight hours and is renewed once, which ends the old one", async () => {
  const { body } = await token({ client_id: gitHubApp, code: await codeOf("Ada", gitHubApp) });
  expect(body).toMatchObject({
    expires_in: 28800,
    refresh_token_expires_in: 15897600,
    scope: "",
    token_type: "bearer",
  });
  expect([body.access_token, body.refresh_token]).toEqual([
    expect.stringMatching(/^ghu_[0-9a-f]{36}$/),
    expect.stringMatching(/^ghr_[0-9a-f]{76}$/),
  ]);
  azure.clock.advance(28801 * 1000);
  expect(await ask("/user", body.access_token)).toMatchObject({ status: 401, body: { message: "Bad credentials" } });
  const refresh = { client_id: gitHubApp, grant_type: "refresh_token", refresh_token: body.refresh_token ?? "" };
  const renewed = await token(refresh);
  expect((await ask("/user", renewed.body.access_token)).status).toBe(200);
  expect(await token(refresh)).toMatchObject({
    status: 200,
    body: { error: "bad_refresh_token", error_description: "The refresh token passed is incorrect or expired." },
  });
});

test.each<[string, (code: string) => Record<string, string>, number, Record<string, string>]>([
  [
    "a wrong code",
    () => ({ code: "nonsense" }),
    200,
    { error: "bad_verification_code", error_description: "The code passed is incorrect or expired." },
  ],
  [
    "a wrong secret",
    (code) => ({ code, client_secret: "wrong" }),
    200,
    {
      error: "incorrect_client_credentials",
      error_description: "The client_id and/or client_secret passed are incorrect.",
    },
  ],
  [
    "another address than the code went to",
    (code) => ({ code, redirect_uri: `${redirectUri}/elsewhere` }),
    200,
    {
      error: "redirect_uri_mismatch",
      error_description: "The redirect_uri MUST match the registered callback URL for this application.",
    },
  ],
  ["an application that nobody registered", (code) => ({ code, client_id: "nobody" }), 404, { error: "Not Found" }],
])("%s is refused in GitHub's words, with GitHub's status", async (_what, form, status, body) => {
  expect(await token(form(await codeOf("Kim", oauthApp)))).toMatchObject({ status, body });
});

test("a code works once and for ten minutes", async () => {
  const code = await codeOf("Kim", oauthApp);
  expect((await token({ code })).body.access_token).toMatch(/^gho_/);
  expect((await token({ code })).body.error).toBe("bad_verification_code");
  const late = await codeOf("Kim", oauthApp);
  azure.clock.advance(601 * 1000);
  expect((await token({ code: late })).body.error).toBe("bad_verification_code");
});

test("who declines goes back with access_denied, who comes with a foreign address with redirect_uri_mismatch", async () => {
  const visitor = new Visitor(azure);
  await visitor.open(authorizeAddress(oauthApp, { scope: "gist" }));
  await visitor.submit({ account: "sam@contoso.example", password: azure.tenant.password });
  const back = new URL((await visitor.submit({ decision: "cancel" })).url);
  expect(Object.fromEntries(back.searchParams)).toMatchObject({
    error: "access_denied",
    error_description: "The user has denied your application access.",
    state: "s1",
  });
  const elsewhere = await new Visitor(azure).open(
    authorizeAddress(oauthApp, { redirect_uri: "https://evil.example/" }),
  );
  expect(elsewhere.url).toMatch(
    /^https:\/\/token\.botframework\.com\/\.auth\/web\/redirect\?error=redirect_uri_mismatch/,
  );
  expect((await new Visitor(azure).open(authorizeAddress("nobody"))).status).toBe(404);
  // GitHub's page says no more than that there is no such page.
  expect(logged).toEqual([
    expect.stringMatching(
      /^github\.com has no application nobody\. npm start and npm run azure -- --pulumi register those/,
    ),
  ]);
});

test("who has allowed it before, and is signed in, is not asked again", async () => {
  const visitor = new Visitor(azure);
  await visitor.open(authorizeAddress(oauthApp));
  await visitor.submit({ account: "ada@contoso.example", password: azure.tenant.password });
  await visitor.open(authorizeAddress(oauthApp));
  const again = await visitor.open(authorizeAddress(oauthApp, { state: "s2" }));
  expect(new URL(again.url).searchParams.get("code")).toMatch(/^[0-9a-f]{20}$/);
});

test("GET /user tells whose token it is, with the rate limit and the scopes in the headers", async () => {
  const bearer = await accessToken("Sam");
  const { status, body, headers } = await ask("/user", bearer);
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { login: "sam", name: "Sam Okoye", email: "sam@contoso.example" },
  });
  expect(Number(headers.get("x-ratelimit-remaining"))).toBeLessThan(5000);
  expect(headers.get("x-ratelimit-limit")).toBe("5000");
  expect(headers.get("x-oauth-scopes")).toBe("read:user, repo");
});

test("GET /issues gives what is assigned to the caller, private repositories with the scope repo only", async () => {
  const titles = async (bearer: string): Promise<string[]> =>
    ((await ask("/issues", bearer)).body as { title: string }[]).map(({ title }) => title);
  expect(await titles(await accessToken("Sam"))).toEqual([
    "Price list shows last year's prices",
    "Export to CSV loses umlauts",
  ]);
  expect(await titles(await accessToken("Sam", gitHubApp))).toHaveLength(2);
});

test("an issue is opened in the caller's name; without a title, a repository or the scope it is refused as GitHub does", async () => {
  const bearer = await accessToken("Kim");
  const path = "/repos/contoso/orders-app/issues";
  const made = await ask(path, bearer, { method: "POST", body: { title: "New", assignees: ["kim"] } });
  expect(made).toMatchObject({
    status: 201,
    body: { number: 3, title: "New", state: "open", user: { login: "kim" }, assignees: [{ login: "kim" }] },
  });
  expect(made.headers.get("location")).toBe(`${api}/repos/contoso/orders-app/issues/3`);
  const refused = async (to: string, body: unknown, token = bearer): Promise<unknown> => {
    const answer = await ask(to, token, { method: "POST", body });
    return [answer.status, (answer.body as { message: string }).message];
  };
  expect(await refused(path, {})).toEqual([422, 'Invalid request.\n\n"title" wasn\'t supplied.']);
  expect(await refused(path, { title: "x", assignees: ["nobody"] })).toEqual([422, "Validation Failed"]);
  expect(await refused("/repos/contoso/nothing/issues", { title: "x" })).toEqual([404, "Not Found"]);
});

test("a token without the scope repo sees no private repository", async () => {
  const code = await codeOf("Ada", "Ov23liLess", { scope: "read:user" }).catch(() => "");
  expect(code).toBe("");
  const client = { host: "github.com", clientId: "Ov23liLess", name: "Less", redirectUris: [redirectUri] };
  secrets.Ov23liLess = azure.oauthClients.register(client).clientSecret;
  const bearer = await accessToken("Ada", "Ov23liLess", "read:user");
  expect((await ask("/issues", bearer)).body).toEqual([]);
  expect((await ask("/repos/contoso/orders-app", bearer)).status).toBe(404);
  expect((await ask("/repos/contoso/website", bearer)).status).toBe(200);
});

test("no token, a wrong one, a revoked one, no User-Agent: GitHub's refusals", async () => {
  expect(await ask("/user")).toMatchObject({ status: 401, body: { message: "Requires authentication" } });
  expect(await ask("/user", "gho_wrong")).toMatchObject({
    status: 401,
    body: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" },
  });
  const bearer = await accessToken("Kim");
  const basic = Buffer.from(`${oauthApp}:${secrets[oauthApp]}`).toString("base64");
  const revoked = await ask(`/applications/${oauthApp}/token`, undefined, {
    method: "DELETE",
    body: { access_token: bearer },
    headers: { authorization: `Basic ${basic}` },
  });
  expect(revoked.status).toBe(204);
  expect((await ask("/user", bearer)).status).toBe(401);
  expect((await ask("/user", bearer, { headers: { "user-agent": "" } })).status).toBe(403);
});

test("a person revokes an application at GitHub, which ends its tokens", async () => {
  const bearer = await accessToken("Sam");
  const visitor = new Visitor(azure);
  await visitor.open("https://github.com/settings/applications");
  const page = await visitor.submit({ account: "sam@contoso.example", password: azure.tenant.password });
  expect(page.text).toContain("Revoke Mail bot");
  await visitor.submit({ client_id: oauthApp });
  expect((await ask("/user", bearer)).status).toBe(401);
});

test("the 5,001st request within an hour is refused; the next hour's is not", async () => {
  const bearer = await accessToken("Ada");
  // Straight at the service: 5,000 exchanges in the trace would take ten seconds.
  const headers = { authorization: `Bearer ${bearer}`, "user-agent": "a test" };
  const service = azure.hosts.find("api.github.com");
  for (let left = 5000; left > 0;) {
    const answer = await service?.handle(new Request(`${api}/user`, { headers }));
    expect(answer?.status).toBe(200);
    left = Number(answer?.headers.get("x-ratelimit-remaining"));
  }
  const over = await ask("/user", bearer);
  expect({ status: over.status, left: over.headers.get("x-ratelimit-remaining") }).toEqual({ status: 403, left: "0" });
  expect((over.body as { message: string }).message).toMatch(/^API rate limit exceeded for user ID \d+\.$/);
  azure.clock.advance(3601 * 1000);
  expect((await ask("/user", bearer)).status).toBe(200);
});

test("what it does not serve it says in its own name", async () => {
  const { status, body } = await ask("/notifications", await accessToken("Ada"));
  expect({ status, body }).toMatchObject({
    status: 400,
    body: {
      error: {
        code: "NotServedByLocalAzure",
        message:
          "The local Azure does not serve GET api.github.com/notifications; GitHub may. docs/local-azure.md lists what it serves.",
      },
    },
  });
});

test("no secret and no token stands in the trace", async () => {
  const code = await codeOf("Sam", gitHubApp);
  const { body } = await token({ client_id: gitHubApp, code });
  await ask("/user", body.access_token);
  const trace = JSON.stringify(azure.trace.exchanges());
  const secret = [
    secrets[gitHubApp],
    secrets[oauthApp],
    code,
    body.access_token?.slice(4),
    body.refresh_token?.slice(4),
  ];
  expect(secret.filter((one) => trace.includes(String(one)))).toEqual([]);
});
