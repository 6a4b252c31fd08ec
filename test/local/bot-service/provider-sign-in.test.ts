import { recordedProviders } from "../../../contract/identity-providers";
import type { AzureError } from "../../../local/azure/error";
import { createGitHub } from "../../../local/azure/git-hub";
import { OAuthClients } from "../../../local/azure/oauth-clients";
import type { Service } from "../../../local/azure/hosted-service";
import { Person } from "../../support/person";
import { appId, bearerOf, botBody, botPath, type Answer, type BotServiceFixture, createFixture } from "./fixture";

const redirectUri = "https://token.botframework.com/.auth/web/redirect";
const [userId, channelId, name] = ["user-1", "test", "one"];

interface Asked {
  readonly url: string;
  readonly form: Record<string, string>;
}

let fixture: BotServiceFixture;
/** What the provider was asked, and what it answers. */
let asked: Asked[];
let answer: () => Response;
beforeEach(async () => {
  fixture = await createFixture();
  await fixture.arm("PUT", botPath(fixture.azure), botBody());
  asked = [];
  answer = () => Response.json({ access_token: `access-${asked.length}`, token_type: "bearer" });
});

/** A connection, whose provider's hosts answer from now on. */
async function connect(
  provider: string,
  scopes: string,
  given: Record<string, string> = {},
  client = { clientId: "client 1", clientSecret: "secret&1" },
): Promise<void> {
  const { id } = recordedProviders.find((one) => one.name === provider)!;
  const parameters = Object.entries(given).map(([key, value]) => ({ key, value }));
  const { status } = await fixture.arm("PUT", `${botPath(fixture.azure)}/connections/${name}`, {
    location: "global",
    properties: { serviceProviderId: id, ...client, scopes, parameters },
  });
  expect(status).toBe(201);
}

function serve(...hosts: string[]): void {
  for (const host of hosts) {
    fixture.providers.set(host, async (request) => {
      asked.push({ url: request.url, form: Object.fromEntries(new URLSearchParams(await request.text())) });
      return answer();
    });
  }
}

const api = (method: string, path: string, more: Record<string, string> = {}): Promise<Answer> =>
  fixture.ask(
    method,
    `https://api.botframework.com/api/usertoken/${path}?${new URLSearchParams({ userId, channelId, connectionName: name, ...more })}`,
    { bearer: bearerOf(appId) },
  );

/** A new sign-in address. */
async function linkOf(): Promise<string> {
  const reference = { channelId, user: { id: userId }, conversation: { id: "c1" } };
  const state = Buffer.from(JSON.stringify({ connectionName: name, conversation: reference })).toString("base64");
  const { body } = await api("GET", "GetTokenOrSignInResource", { state });
  return (body as unknown as { signInResource: { signInLink: string } }).signInResource.signInLink;
}

/** Opens a new sign-in address: the Token Service's answer, and the cookie that ties the browser to it. */
const leave = async (): Promise<Answer> => fixture.ask("GET", await linkOf());

/** Signs in with the provider's code `code/1`, and types the code of the page. */
async function signIn(): Promise<Answer> {
  const left = await leave();
  const away = new URL(left.headers.get("location") ?? "");
  const cookie = left.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const query = new URLSearchParams({ code: "code/1", state: away.searchParams.get("state") ?? "" });
  const page = await fixture.ask("GET", `${redirectUri}?${query}`, { headers: { cookie } });
  const code = /id="code">(\d{6})</.exec(page.text)?.[1];
  return code === undefined ? page : api("GET", "GetToken", { code });
}

const templates = {
  ScopeListDelimiter: " ",
  AuthorizationUrlTemplate: "https://login.company.example/auth",
  AuthorizationUrlQueryStringTemplate:
    "?client_id={ClientId}&response_type=code&redirect_uri={RedirectUrl}&scope={Scopes}&state={State}",
  TokenUrlTemplate: "https://login.company.example/token",
  TokenUrlQueryStringTemplate: "?",
  TokenBodyTemplate:
    "code={Code}&grant_type=authorization_code&redirect_uri={RedirectUrl}&client_id={ClientId}&client_secret={ClientSecret}",
  RefreshUrlTemplate: "https://login.company.example/refresh",
  RefreshUrlQueryStringTemplate: "",
  RefreshBodyTemplate:
    "refresh_token={RefreshToken}&grant_type=refresh_token&client_id={ClientId}&client_secret={ClientSecret}",
};

describe("oauth2generic", () => {
  test("fills every template with values that survive being part of an address or a form", async () => {
    serve("login.company.example");
    await connect("oauth2generic", "openid,orders.read", templates);
    const away = new URL((await leave()).headers.get("location") ?? "");
    expect(away.origin + away.pathname).toBe("https://login.company.example/auth");
    expect(Object.fromEntries(away.searchParams)).toEqual({
      client_id: "client 1",
      response_type: "code",
      redirect_uri: redirectUri,
      scope: "openid orders.read",
      state: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect((await signIn()).body).toEqual({ channelId, connectionName: name, token: "access-1" });
    expect(asked).toEqual([
      {
        url: "https://login.company.example/token",
        form: {
          code: "code/1",
          grant_type: "authorization_code",
          redirect_uri: redirectUri,
          client_id: "client 1",
          client_secret: "secret&1",
        },
      },
    ]);
  });

  test("renews by its own templates, and takes a query where one is wanted", async () => {
    serve("login.company.example");
    const own = {
      RefreshUrlQueryStringTemplate: "?by={ClientId}",
      RefreshBodyTemplate: "token={RefreshToken}&x={State}",
    };
    await connect("oauth2generic", "a", { ...templates, ...own });
    answer = () =>
      Response.json({
        access_token: `access-${asked.length}`,
        refresh_token: `refresh-${asked.length}`,
        expires_in: 60,
      });
    await signIn();
    fixture.azure.clock.advance(59_000);
    expect((await api("GET", "GetToken")).body).toMatchObject({ token: "access-2" });
    expect(asked[1]).toEqual({
      url: "https://login.company.example/refresh?by=client%201",
      // {State} has no value here: it stays, for the provider to complain about.
      form: { token: "refresh-1", x: "{State}" },
    });
  });

  test.each([
    [",", "a,b", "a,b"],
    [" ", "a,b", "a b"],
    [",", "a b", "a b"],
    [";", "a, b", "a;b"],
  ])("joins scopes with the delimiter '%s': %s becomes %s", async (delimiter, scopes, sent) => {
    serve("login.company.example");
    await connect("oauth2generic", scopes, { ...templates, ScopeListDelimiter: delimiter });
    expect(new URL((await leave()).headers.get("location") ?? "").searchParams.get("scope")).toBe(sent);
  });
});

describe("oauth2", () => {
  const urls = {
    AuthorizationUrl: "https://login.company.example/authorize?tenant=1",
    TokenUrl: "https://login.company.example/token",
    RefreshUrl: "https://renew.company.example/token",
  };

  test("asks at its three addresses with a body of its own", async () => {
    serve("login.company.example", "renew.company.example");
    await connect("oauth2", "a,b", urls);
    const away = new URL((await leave()).headers.get("location") ?? "");
    expect(Object.fromEntries(away.searchParams)).toMatchObject({ tenant: "1", scope: "a b", client_id: "client 1" });
    answer = () => Response.json({ access_token: `a${asked.length}`, refresh_token: "r", expires_in: "60" });
    await signIn();
    fixture.azure.clock.advance(61_000);
    expect((await api("GET", "GetToken")).body).toMatchObject({ token: "a2" });
    expect(asked[1]).toEqual({
      url: "https://renew.company.example/token",
      form: { refresh_token: "r", grant_type: "refresh_token", client_id: "client 1", client_secret: "secret&1" },
    });
  });

  test("single sign-on is not for it: a token exchange is refused", async () => {
    serve("login.company.example");
    await connect("oauth2", "a", { ...urls, TokenExchangeUrl: "api://one" });
    const exchange = `https://api.botframework.com/api/usertoken/exchange?${new URLSearchParams({ userId, channelId, connectionName: name })}`;
    const { status } = await fixture.ask("POST", exchange, { bearer: bearerOf(appId), body: { token: "t" } });
    expect(status).toBe(400);
  });
});

describe("github", () => {
  beforeEach(async () => {
    serve("github.com");
    await connect("github", "read:user repo");
  });

  test("is asked at github.com, and its answer may be a form", async () => {
    answer = () => new Response("access_token=gho_1&scope=repo&token_type=bearer");
    const away = new URL((await leave()).headers.get("location") ?? "");
    expect(away.origin + away.pathname).toBe("https://github.com/login/oauth/authorize");
    expect(away.searchParams.get("code_challenge")).toBeNull();
    expect((await signIn()).body).toMatchObject({ token: "gho_1" });
    expect(asked[0]?.url).toBe("https://github.com/login/oauth/access_token");
  });

  test("a token without an end is given for ever, and has no expiration", async () => {
    await signIn();
    fixture.azure.clock.advance(10 * 365 * 24 * 3600 * 1000);
    expect((await api("GET", "GetToken")).body).toEqual({ channelId, connectionName: name, token: "access-1" });
    expect(asked).toHaveLength(1);
  });

  test("a refusal with 200 is one: the browser reads it, the bot gets no token", async () => {
    answer = () =>
      Response.json({ error: "bad_verification_code", error_description: "The code passed is incorrect." });
    const page = await signIn();
    expect([page.status, /id="message"[^>]*>([^<]*)</.exec(page.text)?.[1]]).toEqual([
      400,
      "The code passed is incorrect.",
    ]);
    expect((await api("GET", "GetToken")).status).toBe(404);
  });

  test("a token that its provider does not renew any more is gone", async () => {
    answer = () => Response.json({ access_token: "ghu_1", refresh_token: "ghr_1", expires_in: 28800 });
    await signIn();
    answer = () => Response.json({ error: "bad_refresh_token", error_description: "The refresh token is expired." });
    fixture.azure.clock.advance(28_800_000);
    expect((await api("GET", "GetToken")).status).toBe(404);
    expect(asked).toHaveLength(2);
    expect((await api("GET", "GetToken")).status).toBe(404);
    expect(asked).toHaveLength(2);
  });
});

test("a provider that is down takes no sign-in back: its token lasts to its end, and is renewed once the provider is there again", async () => {
  serve("github.com");
  await connect("github", "repo");
  answer = () => Response.json({ access_token: `a${asked.length}`, refresh_token: "r", expires_in: 600 });
  await signIn();
  answer = () => new Response("", { status: 503 });
  fixture.azure.clock.advance(400_000);
  expect((await api("GET", "GetToken")).body).toMatchObject({ token: "a1" });
  fixture.azure.clock.advance(400_000);
  expect((await api("GET", "GetToken")).status).toBe(404);
  answer = () => Response.json({ access_token: `a${asked.length}`, refresh_token: "r", expires_in: 600 });
  expect((await api("GET", "GetToken")).body).toMatchObject({ token: "a4" });
});

test("a GitHub App's token ends after eight hours at the local GitHub and is renewed; once its person has revoked the app, it is gone", async () => {
  Object.assign(fixture.azure, { oauthClients: new OAuthClients() });
  const redirectUris = [redirectUri];
  const app = fixture.azure.oauthClients.register({ host: "github.com", clientId: "Iv1", name: "Bot", redirectUris });
  const [site, restApi] = createGitHub(fixture.azure).services as [Service, Service];
  fixture.providers.set("github.com", (request) => site.handle(request));
  await connect("github", "repo", {}, { clientId: "Iv1", clientSecret: app.clientSecret });

  const person = new Person(async (url, init) => {
    if (url.startsWith("https://github.com/")) return site.handle(new Request(url, init));
    const cookie = new Headers(init.headers).get("cookie") ?? "";
    const { status, headers, text } = await fixture.ask("GET", url, { headers: { cookie } });
    return new Response(text, { status, headers });
  });
  const { password } = fixture.azure.tenant;
  const asks = await person.submit(await person.open(await linkOf()), { account: "ada@contoso.example", password });
  const page = await person.submit(asks, { decision: "accept" });
  const code = /id="code">(\d{6})</.exec(page.text)?.[1] ?? "";

  const user = async (token: unknown): Promise<number> => {
    const headers = { authorization: `Bearer ${String(token)}`, "user-agent": "a test" };
    const answer = await Promise.resolve(restApi.handle(new Request("https://api.github.com/user", { headers }))).catch(
      (error: AzureError) => error.toResponse(),
    );
    return answer.status;
  };
  const first = (await api("GET", "GetToken", { code })).body.token;
  expect([await user(first), /^ghu_/.test(String(first))]).toEqual([200, true]);
  fixture.azure.clock.advance(8 * 3600 * 1000);
  expect(await user(first)).toBe(401);
  const second = (await api("GET", "GetToken")).body.token;
  expect([await user(second), second === first]).toEqual([200, false]);

  await person.open("https://github.com/settings/applications");
  await person.submit(await person.open("https://github.com/settings/applications"), { client_id: "Iv1" });
  expect(await user(second)).toBe(401);
  // The Token Service learns of it when it renews: until then it gives the token that nobody takes any more.
  expect((await api("GET", "GetToken")).status).toBe(200);
  fixture.azure.clock.advance(8 * 3600 * 1000);
  expect((await api("GET", "GetToken")).status).toBe(404);
});

/** Where a browser is sent, and where its code is redeemed: the addresses that the providers document. */
test.each([
  ["google", "accounts.google.com/o/oauth2/v2/auth", "oauth2.googleapis.com/token", {}],
  ["facebook", "www.facebook.com/dialog/oauth", "graph.facebook.com/oauth/access_token", {}],
  ["linkedin", "www.linkedin.com/oauth/v2/authorization", "www.linkedin.com/oauth/v2/accessToken", {}],
  ["dropbox", "www.dropbox.com/oauth2/authorize", "api.dropboxapi.com/oauth2/token", {}],
  ["salesforce", "login.salesforce.com/services/oauth2/authorize", "login.salesforce.com/services/oauth2/token", {}],
  [
    "salesforce",
    "contoso.my.salesforce.com/services/oauth2/authorize",
    "contoso.my.salesforce.com/services/oauth2/token",
    { LoginUri: "https://contoso.my.salesforce.com/" },
  ],
  [
    "zendesk",
    "contoso.zendesk.com/oauth/authorizations/new",
    "contoso.zendesk.com/oauth/tokens",
    { SubDomain: "contoso" },
  ],
  ["docusign", "account.docusign.com/oauth/auth", "account.docusign.com/oauth/token", {}],
  ["spotify", "accounts.spotify.com/authorize", "accounts.spotify.com/api/token", {}],
])("%s signs people in at %s", async (provider, authorize, token, parameters: Record<string, string>) => {
  serve(authorize.split("/")[0]!, token.split("/")[0]!);
  await connect(provider, "a", parameters);
  const away = new URL((await leave()).headers.get("location") ?? "");
  expect(away.host + away.pathname).toBe(authorize);
  expect((await signIn()).body).toMatchObject({ token: "access-1" });
  expect(asked.map(({ url }) => url)).toEqual([`https://${token}`]);
});

test("no browser leaves the machine: a provider's host that is not served is named, in the local Azure's own name", async () => {
  await connect("google", "a");
  const page = await leave();
  expect([page.status, page.headers.get("location"), /id="message"[^>]*>([^<]*)</.exec(page.text)?.[1]]).toEqual([
    400,
    null,
    "The local Azure does not serve accounts.google.com; Azure does. docs/local-azure.md lists what it serves.",
  ]);
});

test("a token address that is not served is named on the page, too", async () => {
  fixture.providers.set("login.company.example", () => new Response());
  const urls = { TokenUrl: "https://elsewhere.example/t", RefreshUrl: "https://elsewhere.example/t" };
  await connect("oauth2", "a", { AuthorizationUrl: "https://login.company.example/a", ...urls });
  expect((await signIn()).text).toContain("The local Azure does not serve elsewhere.example");
});

test("a provider whose OAuth is not known here says so when the bot asks", async () => {
  await connect("flickr", "a");
  const reference = { channelId, user: { id: userId }, conversation: { id: "c1" } };
  const state = Buffer.from(JSON.stringify({ conversation: reference })).toString("base64");
  const { status, body } = await api("GET", "GetTokenOrSignInResource", { state });
  expect([status, body]).toMatchObject([
    400,
    { error: { code: "NotServedByLocalAzure", message: expect.stringContaining("the sign-in at 'Flickr'") } },
  ]);
});
