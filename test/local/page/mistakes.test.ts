import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "../../../local/azure/exchange";
import { explained, mistakeOf } from "../../../local/page/mistakes";

const seen = (service: string, status: number, more: Partial<Exchange> = {}): Exchange => ({
  number: 1,
  at: new Date(0),
  caller: "bot",
  service,
  method: "GET",
  url: "https://host.example/path",
  status,
  milliseconds: 1,
  requestHeaders: {},
  responseHeaders: {},
  ...more,
});
const refused = (code: string, message: string, inner?: string): Partial<Exchange> =>
  says(JSON.stringify({ error: { code, message, ...(inner && { innererror: { code: inner } }) } }));
const says = (responseBody: string): Partial<Exchange> => ({ responseBody });

test.each<[number | undefined, string, Exchange, RegExp]>([
  [2, "no service principal", seen("Entra ID", 401, says("AADSTS7000229: The client application")), /az ad sp create/],
  [4, "a wrong redirect address", seen("Entra ID", 400, says("<p>AADSTS50011: The redirect URI")), /redirect address/],
  [43, "no redirect address", seen("Entra ID", 400, says("AADSTS500113: No reply address")), /redirect address/],
  [
    13,
    "a wrong secret",
    seen("Entra ID", 401, says("AADSTS7000215: Invalid client secret")),
    /have the references read again/,
  ],
  [14, "an expired secret", seen("Entra ID", 401, says("AADSTS7000222: expired")), /npm run rotate -- <stack>/],
  [15, "a federated credential", seen("Entra ID", 401, says("AADSTS700213: No matching")), /subject/],
  [
    18,
    "admin approval, which is a page with status 200",
    seen("Entra ID", 200, says("<h1>Need admin approval</h1>")),
    /Ada/,
  ],
  [18, "consent never given", seen("Entra ID", 400, says("AADSTS65001: not consented")), /adminConsent/],
  [
    45,
    "a secret of the connection that was removed",
    seen("Entra ID", 401, { caller: "Token Service", ...says("AADSTS7000215: Invalid client secret") }),
    /writes the connection anew/,
  ],
  [44, "a scope that does not exist", seen("Token Service", 400, says("AADSTS650053: asked for scope")), /scopes/],
  [48, "an old sign-in card", seen("Token Service", 400, says("The Sign In code was not found or expired.")), /mail/],
  [40, "another region's Direct Line", seen("Direct Line", 403, says("Data boundary violation: x")), /residency/],
  [49, "a site that is off", seen("Direct Line", 403, says("The site is disabled")), /Switch it on/],
  [
    46,
    "consent declined, told in a redirect",
    seen("Token Service", 400, {
      url: "https://t/.auth/web/redirect?error=access_denied&error_description=AADSTS65004%3A+x",
    }),
    /accept/,
  ],
  [
    8,
    "an unknown connection",
    seen("Bot Connector", 404, says("Could not find Connection Setting with name X")),
    /one name/,
  ],
  [
    9,
    "no sign-in link",
    seen("Bot Connector", 400, says("An error occurred while retrieving the sign-in link")),
    /provider/,
  ],
  [5, "a wrong resource at the exchange", seen("Token Service", 400, says("resourcematchfailed")), /api:\/\/botid-/],
  [
    11,
    "an untrusted origin",
    seen("Direct Line", 403, { caller: "browser", ...says("is not a trusted origin") }),
    /trusted origins/,
  ],
  [
    50,
    "a regenerated Direct Line key",
    seen("Direct Line", 403, refused("BadArgument", "Invalid token or secret")),
    /pulumi up/,
  ],
  [
    34,
    "a missing role at the vault",
    seen("Key Vault", 403, refused("Forbidden", "Caller is not authorized to perform action", "ForbiddenByRbac")),
    /Key Vault Secrets User/,
  ],
  [
    52,
    "a bot that is not the registered one",
    seen("App Service", 401, refused("authorization-refused", "its aud claim is missing or wrong")),
    /MicrosoftAppId/,
  ],
  [
    53,
    "a script that posts to the bot",
    seen("App Service", 401, refused("authorization-refused", "its key is not one of the Bot Framework's")),
    /through one of its channels/,
  ],
  [undefined, "a wrong password", seen("Entra ID", 200, says("AADSTS50126: Error validating")), /sign-in page/],
  [undefined, "a bot that does not run", seen("App Service", 503, { url: "https://b/api/messages" }), /terminal/],
  [
    undefined,
    "a token that has ended",
    seen(
      "Microsoft Graph",
      401,
      refused("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    ),
    /signs the person out/,
  ],
  [
    47,
    "a missing permission",
    seen("Microsoft Graph", 403, refused("ErrorAccessDenied", "Access is denied.")),
    /Add the scope/,
  ],
  [
    undefined,
    "mailboxes that Exchange closes to apps",
    seen("Microsoft Graph", 403, refused("ErrorAccessDenied", "Access to OData is disabled: [RAOP] : Blocked by ...")),
    /administrator of Exchange/,
  ],
  [
    undefined,
    "a vault that is closed to the network",
    seen("Key Vault", 403, refused("Forbidden", "Client address is not authorized", "ForbiddenByFirewall")),
    /network-rule add/,
  ],
  [
    36,
    "a missing role at the state",
    seen("Blob Storage", 403, says("<Error><Code>AuthorizationPermissionMismatch</Code></Error>")),
    /Storage Blob Data Contributor/,
  ],
  [
    undefined,
    "a lock",
    seen(
      "Azure Resource Manager",
      409,
      refused("ScopeLocked", "The scope '/x' cannot perform delete operation because ..."),
    ),
    /az lock list/,
  ],
  [undefined, "throttling", seen("Microsoft Graph", 429), /Retry-After/],
])("known mistake %p, %s, is named with its fix", (number, _, exchange, fix) => {
  const mistake = mistakeOf(exchange);
  expect(mistake?.number).toBe(number);
  expect(mistake?.fix).toMatch(fix);
});

test.each([
  ["Microsoft Graph", 401],
  ["Microsoft Graph", 403],
  ["App Service", 401],
  ["Azure Resource Manager", 409],
  ["Key Vault", 403],
  ["Direct Line", 401],
])("what %s says by its status %i alone is explained by nothing: a fix would be a guess", (service, status) => {
  expect(mistakeOf(seen(service, status, says('{"error":{"code":"SomethingNew","message":"No."}}')))).toBeUndefined();
});

test("a mail or a message that quotes an error is no mistake", () => {
  expect(mistakeOf(seen("Microsoft Graph", 200, says("People see Need admin approval, AADSTS50011")))).toBeUndefined();
  expect(mistakeOf(seen("Direct Line", 200, says("AADSTS7000215")))).toBeUndefined();
});

test("every number that the page names stands in docs/known-mistakes.md", () => {
  const list = readFileSync(join(__dirname, "../../../docs/known-mistakes.md"), "utf8");
  const numbers = [...list.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(expect.arrayContaining([...explained]));
});
