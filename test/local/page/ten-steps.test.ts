import type { Exchange } from "../../../local/azure/trace";
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
    "3, 4 and 6",
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
  ["10", exchange("bot", "Microsoft Graph", "GET https://graph.microsoft.com/v1.0/me/messages"), "Bot", "Graph", [10]],
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
