import type { Exchange } from "../../../local/azure/exchange";
import { arrow } from "../../../local/page/ten-steps";

const exchange = (caller: string, service: string, request: string, more: Partial<Exchange> = {}): Exchange => {
  const [method, url] = request.split(" ") as [string, string];
  return {
    number: 7,
    at: new Date(0),
    caller,
    service,
    method,
    url,
    status: 200,
    milliseconds: 3,
    requestHeaders: {},
    responseHeaders: {},
    ...more,
  };
};
const message = { requestBody: '{"type":"message","text":"mail"}' };
const directLine = "https://directline.botframework.com";

test.each<[string, Exchange, string, string, number[]]>([
  [
    "1",
    exchange("browser", "Direct Line", `POST ${directLine}/v3/directline/conversations/c/activities`, message),
    "User",
    "Channel",
    [1],
  ],
  [
    "2",
    exchange("Direct Line", "App Service", "POST https://b.azurewebsites.net/api/messages", message),
    "Channel",
    "Bot",
    [2],
  ],
  [
    "1 and 2 in Teams",
    exchange("Teams", "App Service", "POST https://b.azurewebsites.net/api/messages", message),
    "Channel",
    "Bot",
    [1, 2],
  ],
  [
    "8 by single sign-on, which opens no page",
    exchange("Teams", "Entra ID", "POST https://login.microsoftonline.com/t/oauth2/v2.0/token", {
      requestBody: "grant_type=refresh_token&scope=api%3A%2F%2Fbotid-b%2Faccess_as_user",
    }),
    "Channel",
    "Identity provider",
    [8],
  ],
  [
    "9 by single sign-on",
    exchange("Teams", "App Service", "POST https://b.azurewebsites.net/api/messages", {
      requestBody: '{"type":"invoke","name":"signin/tokenExchange"}',
    }),
    "Channel",
    "Bot",
    [9],
  ],
  [
    "3 and 4",
    exchange("bot", "Bot Connector", "GET https://api.botframework.com/api/usertoken/GetToken?x=1", { status: 404 }),
    "Bot",
    "Token Service",
    [3, 4],
  ],
  [
    "6",
    exchange("bot", "Bot Connector", "GET https://api.botframework.com/api/botsignin/GetSignInResource?state=x"),
    "Bot",
    "Token Service",
    [6],
  ],
  [
    "3, 4 and 6 at once, as other bots ask",
    exchange("bot", "Bot Connector", "GET https://api.botframework.com/api/usertoken/GetTokenOrSignInResource?x=1", {
      responseBody: '{"signInResource":{}}',
    }),
    "Bot",
    "Token Service",
    [3, 4, 6],
  ],
  [
    "3 alone, when there is a token",
    exchange("bot", "Bot Connector", "GET https://api.botframework.com/api/usertoken/GetTokenOrSignInResource", {
      responseBody: '{"tokenResponse":{}}',
    }),
    "Bot",
    "Token Service",
    [3],
  ],
  [
    "5 and 7",
    exchange("bot", "Direct Line", `POST ${directLine}/v3/conversations/c/activities`, {
      requestBody: '{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.oauth"}]}',
    }),
    "Bot",
    "Channel",
    [5, 7],
  ],
  [
    "8",
    exchange("browser", "Token Service", "GET https://token.botframework.com/api/oauth/signin?signin=1"),
    "User",
    "Token Service",
    [8],
  ],
  [
    "9",
    exchange("browser", "Token Service", "GET https://token.botframework.com/.auth/web/redirect?code=1"),
    "User",
    "Token Service",
    [9],
  ],
  [
    "10",
    exchange("bot", "Microsoft Graph", "GET https://graph.microsoft.com/v1.0/me/messages"),
    "Bot",
    "Service",
    [10],
  ],
  ["10 at GitHub", exchange("bot", "GitHub API", "GET https://api.github.com/issues"), "Bot", "Service", [10]],
  ["10 at a company", exchange("bot", "Company orders", "GET https://orders.x.example/orders"), "Bot", "Service", [10]],
  [
    "8 at GitHub",
    exchange("browser", "GitHub", "GET https://github.com/login/oauth/authorize?client_id=1"),
    "User",
    "Identity provider",
    [8],
  ],
  [
    "9 at a company",
    exchange("Token Service", "Company identity provider", "POST https://login.x.example/token"),
    "Token Service",
    "Identity provider",
    [9],
  ],
])("step %s is recognised on the wire", (_, seen, from, to, steps) => {
  expect(arrow(seen)).toMatchObject({ number: 7, from, to, steps, refused: false });
});

test.each([
  ["the page's own files", exchange("browser", "App Service", "GET https://b.azurewebsites.net/webchat.js")],
  ["a health check", exchange("App Service", "App Service", "GET https://b.azurewebsites.net/healthz")],
  [
    "the deployment",
    exchange("deployer", "Azure Resource Manager", "PUT https://management.azure.com/subscriptions/s"),
  ],
  ["the bot's own token", exchange("bot", "Entra ID", "POST https://login.microsoftonline.com/t/oauth2/v2.0/token")],
  ["polling", exchange("browser", "Direct Line", `GET ${directLine}/v3/directline/conversations/c/activities`)],
])("%s is left out, so that the talk can be seen", (_, seen) => expect(arrow(seen)).toBeUndefined());

test("a refusal is shown as one", () => {
  const refused = exchange("bot", "Microsoft Graph", "GET https://graph.microsoft.com/v1.0/me", { status: 401 });
  expect(arrow(refused)).toMatchObject({ steps: [10], status: 401, refused: true });
});

test("a failure of a service without a lane is drawn beside who called it", () => {
  const vault = exchange("bot", "Key Vault", "GET https://v.vault.azure.net/secrets/direct-line-secret", {
    status: 403,
    responseBody:
      '{"error":{"code":"Forbidden","message":"Caller is not authorized","innererror":{"code":"ForbiddenByRbac"}}}',
  });
  expect(arrow(vault)).toMatchObject({ from: "Bot", to: "Bot", outside: "Key Vault", mistake: { number: 34 } });
  const token = exchange("bot", "Entra ID", "POST https://login.microsoftonline.com/t/oauth2/v2.0/token", {
    status: 401,
    responseBody: "AADSTS7000229",
  });
  expect(arrow(token)).toMatchObject({ from: "Bot", to: "Identity provider", refused: true, mistake: { number: 2 } });
});

test("no token yet and no state yet are no failures", () => {
  const token = exchange("bot", "Bot Connector", "GET https://api.botframework.com/api/usertoken/GetToken?x=1", {
    status: 404,
  });
  expect(arrow(token)).toMatchObject({ refused: false });
  expect(
    arrow(exchange("bot", "Blob Storage", "GET https://a.blob.core.windows.net/c/b", { status: 404 })),
  ).toBeUndefined();
});

test("a page that refuses with status 200 is a refusal", () => {
  const page = exchange("browser", "Entra ID", "POST https://login.microsoftonline.com/t/login", {
    responseBody: "<h1>Need admin approval</h1>",
  });
  expect(arrow(page)).toMatchObject({ status: 200, refused: true, steps: [9], mistake: { number: 18 } });
});

test("ids in a path are cut, words are not", () => {
  const seen = exchange(
    "browser",
    "Direct Line",
    `POST ${directLine}/v3/directline/conversations/KihAQ1wSNE3Tim2jvwiI0w-us/activities`,
    message,
  );
  expect(arrow(seen)?.path).toBe("/v3/directline/conversations/KihA…/activities");
});

test("which provider and which service it is, is told with the arrow", () => {
  const at = (caller: string, service: string, request: string): string | undefined =>
    arrow(exchange(caller, service, request))?.at;
  expect([
    at("browser", "GitHub", "GET https://github.com/login/oauth/authorize"),
    at("Token Service", "Company identity provider", "POST https://login.x.example/token"),
    at("bot", "GitHub API", "GET https://api.github.com/user"),
    at("browser", "Token Service", "GET https://token.botframework.com/api/oauth/signin?signin=1"),
  ]).toEqual(["GitHub", "Company identity provider", "GitHub API", undefined]);
});

test.each<[string, Exchange, object | undefined]>([
  [
    "what a browser writes",
    exchange("browser", "Direct Line", `POST ${directLine}/v3/directline/conversations/c-us/activities`, message),
    { id: "c-us", name: "Web chat" },
  ],
  [
    "what Teams delivers",
    exchange("Teams", "App Service", "POST https://b.azurewebsites.net/api/messages", {
      requestBody:
        '{"type":"message","channelId":"msteams","from":{"name":"Ada"},"conversation":{"id":"a:1","conversationType":"personal"}}',
    }),
    { id: "a:1", name: "Teams, Ada" },
  ],
  [
    "what Teams delivers from a thread of a channel",
    exchange("Teams", "App Service", "POST https://b.azurewebsites.net/api/messages", {
      requestBody:
        '{"type":"message","channelId":"msteams","conversation":{"id":"19:1;messageid=2","conversationType":"channel"}}',
    }),
    { id: "19:1", name: "Teams, channel" },
  ],
  [
    "a call of the bot's that names none",
    exchange("bot", "Microsoft Graph", "GET https://graph.microsoft.com/v1.0/me/messages"),
    undefined,
  ],
])("the conversation of %s", (_, seen, expected) => expect(arrow(seen)?.conversation).toEqual(expected));

test("a code that is typed begins no request: it goes on with one, and a wrong one fails at its step", () => {
  const typed = exchange("Direct Line", "App Service", "POST https://b.azurewebsites.net/api/messages", {
    requestBody: '{"type":"message","text":" 123456"}',
  });
  const redeemed = (status: number): Exchange =>
    exchange("bot", "Bot Connector", "GET https://api.botframework.com/api/usertoken/GetToken?code=hidden", { status });
  expect(arrow(typed)?.steps).toEqual([]);
  expect(arrow(redeemed(404))).toMatchObject({ steps: [9], refused: true });
  expect(arrow(redeemed(200))).toMatchObject({ steps: [9], refused: false });
});
