import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import type { Application } from "../../../local/azure/entra/application";
import { graphAppId } from "../../../local/azure/entra/graph-permissions";
import { Browser, type Page } from "./browser";
import { localEntra, post, registerApp, type LocalEntra } from "./local-entra";

const redirectUri = "https://token.botframework.com/.auth/web/redirect";
const verifier = "a-verifier-that-is-at-least-forty-three-characters-long";

let entra: LocalEntra;
let application: Application;
let secret: string;

beforeEach(() => {
  entra = localEntra();
  ({ application, secret } = registerApp(entra, "bot <sign-in>", {
    web: { redirectUris: [redirectUri], homePageUrl: null, logoutUrl: null },
  }));
});

const pass = { password: "local-password" };
const ada = { ...pass, account: "ada@contoso.example" };
const sam = { ...pass, account: "sam@contoso.example" };
const kim = { ...pass, account: "kim@contoso.example" };

function address(changes: Record<string, string | undefined> = {}): string {
  const query = {
    client_id: application.appId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid profile offline_access Mail.Send",
    state: "the state",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...changes,
  };
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${entra.authority}/oauth2/v2.0/authorize?${new URLSearchParams(given)}`;
}

const answerOf = (page: Page): Record<string, string> => Object.fromEntries(page.location?.searchParams ?? []);

const redeem = (code: string, changes: Record<string, string> = {}): ReturnType<typeof post> =>
  post(entra, entra.tokenAddress, {
    grant_type: "authorization_code",
    client_id: application.appId,
    client_secret: secret,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    code,
    ...changes,
  });

/** Signs Sam in and consents; gives the code. */
async function samsCode(browser = new Browser(entra)): Promise<string> {
  const consent = await browser.press(await browser.open(address()), "Sign in", sam);
  return answerOf(await browser.press(consent, "Accept"))["code"] as string;
}

test("a person signs in, allows what the app wants, and the app gets tokens that act for that person", async () => {
  const browser = new Browser(entra);
  const signIn = await browser.open(address({ nonce: "n1" }));
  expect(signIn.text).toContain("local Azure");
  expect(signIn.text).toContain("bot <sign-in>");
  expect(signIn.text).toContain("Everybody's password here is local-password");
  const consent = await browser.press(signIn, "Sign in", sam);
  expect(consent.text).toContain("Permissions requested bot <sign-in> would like to:");
  for (const title of ["Send mail as you", "View your basic profile", "Keep access to what you allowed it"]) {
    expect(consent.text).toContain(title);
  }
  expect(consent.text).not.toContain("Consent on behalf of your organization");
  const back = await browser.press(consent, "Accept");
  expect(`${back.location?.origin}${back.location?.pathname}`).toBe(redirectUri);
  expect(answerOf(back)).toEqual({ code: expect.any(String), session_state: expect.any(String), state: "the state" });

  const { status, body } = await redeem(answerOf(back)["code"] as string);
  expect({ status, ...body }).toMatchObject({
    status: 200,
    token_type: "Bearer",
    scope: "Mail.Send openid profile",
    expires_in: 4500,
    refresh_token: expect.any(String),
  });
  expect(decodeJwt(body["access_token"] as string)).toMatchObject({
    aud: "https://graph.microsoft.com",
    appid: application.appId,
    scp: "Mail.Send openid profile",
    upn: "sam@contoso.example",
    name: "Sam Okoye",
    idtyp: "user",
  });
  expect(decodeJwt(body["id_token"] as string)).toMatchObject({
    aud: application.appId,
    nonce: "n1",
    preferred_username: "sam@contoso.example",
    name: "Sam Okoye",
  });

  const again = await browser.open(address());
  expect(again.location?.origin).toBe("https://token.botframework.com");
});

test("a page shows an app's name as text, whatever is in it", async () => {
  const page = await new Browser(entra).open(address({ login_hint: '"><script>alert(1)</script>' }));
  expect(page.html).toContain("bot &lt;sign-in&gt;");
  expect(page.html).not.toContain("<script");
  expect(page.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri/,
  );
  const style = /<style>(.*?)<\/style>/s.exec(page.html)?.[1] ?? "";
  expect(page.headers.get("content-security-policy")).toContain(createHash("sha256").update(style).digest("base64"));
});

test("a wrong password and an unknown person are told on the page, and can be tried again", async () => {
  const browser = new Browser(entra);
  const wrong = await browser.press(await browser.open(address()), "Sign in", { ...sam, password: "x" });
  expect(wrong.text).toContain("AADSTS50126: Error validating credentials due to invalid username or password.");
  const unknown = await browser.press(wrong, "Sign in", { ...pass, account: "", other: "eve@contoso.example" });
  expect(unknown.text).toContain(
    "AADSTS50034: The user account eve@contoso.example does not exist in the Contoso directory.",
  );
  const other = await browser.press(unknown, "Sign in", { ...pass, account: "", other: "Kim@contoso.example" });
  expect(other.text).toContain("You are signed in as kim@contoso.example.");
});

describe("Microsoft's default consent policy", () => {
  const mail = { scope: "openid offline_access Mail.Read Mail.Send" };

  test("a person meets 'Need admin approval' for Mail.Read, which names app and scopes, and can go back", async () => {
    const browser = new Browser(entra);
    const wall = await browser.press(await browser.open(address(mail)), "Sign in", sam);
    expect(wall.text).toContain("Need admin approval");
    expect(wall.text).toContain("bot <sign-in>");
    expect(wall.text).toContain("Mail.Read of Microsoft Graph (an administrator's consent is needed)");
    expect(wall.text).toContain("AADSTS90094");
    const back = await browser.press(wall, "Return to the app without granting consent");
    expect(answerOf(back)).toMatchObject({
      error: "access_denied",
      error_subcode: "cancel",
      error_description: expect.stringContaining("AADSTS65004: User declined to consent to access the app."),
      state: "the state",
    });
    expect(entra.directory.oauth2PermissionGrants.size).toBe(0);
  });

  test("where the tenant lets nobody consent by himself, the least permission waits for an administrator, too", async () => {
    const { authorization } = entra.directory.policies;
    entra.directory.policies.authorization = { ...authorization, permissionGrantPoliciesAssigned: [] };
    const browser = new Browser(entra);
    const wall = await browser.press(await browser.open(address({ scope: "openid User.Read" })), "Sign in", sam);
    expect(wall.text).toContain("Need admin approval");
    entra.directory.policies.authorization = authorization;
  });

  test("pressing Accept in a forged form grants a person nothing", async () => {
    const browser = new Browser(entra);
    const wall = await browser.press(await browser.open(address(mail)), "Sign in", sam);
    const forged = await browser.press(wall, "Return to the app without granting consent", {
      decision: "accept",
      everyone: "yes",
    });
    expect(answerOf(forged)["error"]).toBe("access_denied");
    expect(entra.directory.oauth2PermissionGrants.size).toBe(0);
  });

  test("an administrator who consents for everyone opens the way for the others", async () => {
    const browser = new Browser(entra);
    const wall = await browser.press(await browser.open(address(mail)), "Sign in", kim);
    const signIn = await browser.press(wall, "Sign in as an administrator");
    const consent = await browser.press(signIn, "Sign in", ada);
    expect(consent.text).toContain("Consent on behalf of your organization");
    const back = await browser.press(consent, "Accept", { everyone: "yes" });
    expect(answerOf(back)).toHaveProperty("code");
    expect([...entra.directory.oauth2PermissionGrants.values()]).toMatchObject([
      { consentType: "AllPrincipals", principalId: null, scope: "Mail.Read Mail.Send openid offline_access" },
    ]);
    const other = new Browser(entra);
    const sams = await other.press(await other.open(address(mail)), "Sign in", sam);
    expect(answerOf(sams)).toHaveProperty("code");
  });

  test("an administrator who consents for one person leaves the others at the wall", async () => {
    const browser = new Browser(entra);
    const consent = await browser.press(await browser.open(address(mail)), "Sign in", ada);
    await browser.press(consent, "Accept");
    expect([...entra.directory.oauth2PermissionGrants.values()]).toMatchObject([
      { consentType: "Principal", principalId: entra.azure.tenant.people[0]?.objectId },
    ]);
    const other = new Browser(entra);
    expect((await other.press(await other.open(address(mail)), "Sign in", sam)).text).toContain("Need admin approval");
  });

  test("a grant that the program made counts, without any page", async () => {
    const client = entra.directory.servicePrincipalByAppId(application.appId);
    const graph = entra.directory.servicePrincipalByAppId(graphAppId);
    entra.directory.grant(client?.id as string, graph?.id as string, ["Mail.Read", "Mail.Send"]);
    const browser = new Browser(entra);
    expect(answerOf(await browser.press(await browser.open(address(mail)), "Sign in", kim))).toHaveProperty("code");
  });

  test.each([
    ["v2.0/adminconsent", { scope: "https://graph.microsoft.com/Mail.Read" }],
    ["adminconsent", {}],
  ])("the admin consent address /%s grants for everyone, and only to an administrator", async (path, extra) => {
    application.requiredResourceAccess = [
      { resourceAppId: graphAppId, resourceAccess: [{ id: "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", type: "Scope" }] },
    ];
    const query = new URLSearchParams({
      client_id: application.appId,
      redirect_uri: redirectUri,
      state: "s",
      ...extra,
    });
    const browser = new Browser(entra);
    const signIn = await browser.open(`${entra.authority}/${path}?${query}`);
    const refused = await browser.press(signIn, "Sign in", sam);
    expect(refused.text).toContain("AADSTS90093");
    const consent = await browser.press(refused, "Sign in", ada);
    expect(consent.text).toContain("for everyone in the organization");
    const back = await browser.press(consent, "Accept");
    expect(answerOf(back)).toEqual({
      admin_consent: "True",
      tenant: entra.azure.tenant.tenantId,
      state: "s",
      ...extra,
    });
    expect([...entra.directory.oauth2PermissionGrants.values()]).toMatchObject([
      { consentType: "AllPrincipals", scope: "Mail.Read" },
    ]);
  });
});

describe("a request that is wrong", () => {
  test.each([
    ["an unknown application", { client_id: "4c1c0a0e-0000-4000-8000-000000000000" }, "AADSTS700016"],
    ["a redirect address that is not registered", { redirect_uri: `${redirectUri}/` }, "AADSTS50011"],
    [
      "another residency's redirect address",
      { redirect_uri: redirectUri.replace("token", "europe.token") },
      "AADSTS50011",
    ],
  ])("%s is told on a page and never sent to the address in the request", async (_, changes, code) => {
    const page = await new Browser(entra).open(address(changes));
    expect([page.status, page.location]).toEqual([400, undefined]);
    expect(page.text).toContain(code);
    if (code === "AADSTS50011") expect(page.text).toContain(`Registered: ${redirectUri}.`);
  });

  test("an application without any redirect address is told so", async () => {
    application.web.redirectUris = [];
    expect((await new Browser(entra).open(address())).text).toContain(
      "AADSTS500113: No reply address is registered for the application.",
    );
  });

  test("an application without a service principal is told so (known mistake 2)", async () => {
    const principal = entra.directory.servicePrincipalByAppId(application.appId);
    entra.directory.servicePrincipals.delete(principal?.id as string);
    expect((await new Browser(entra).open(address())).text).toContain("AADSTS7000229");
  });

  test.each([
    [
      "an unknown scope",
      { scope: "Mail.Reed" },
      "invalid_client",
      "AADSTS650053: The application 'bot <sign-in>' asked for scope 'Mail.Reed' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'.",
    ],
    [
      "two resources",
      { scope: "Mail.Read https://vault.azure.net/user_impersonation" },
      "invalid_request",
      "AADSTS28000",
    ],
    ["an unknown resource", { scope: "api://botid-x/access_as_user" }, "invalid_resource", "AADSTS500011"],
    ["a token without a page, though a page is needed", { prompt: "none" }, "login_required", "AADSTS50058"],
    ["another response type", { response_type: "token" }, "unsupported_response_type", "AADSTS700054"],
    ["another prompt", { prompt: "please" }, "invalid_request", "AADSTS90023"],
    ["no scope", { scope: undefined }, "invalid_request", "AADSTS900144"],
  ])("%s is told to the application", async (_, changes, error, description) => {
    const { location, ...page } = await new Browser(entra).open(address(changes));
    expect(`${location?.origin}${location?.pathname}`).toBe(redirectUri);
    expect(answerOf({ ...page, location })).toMatchObject({
      error,
      error_description: expect.stringContaining(description),
      state: "the state",
    });
  });
});

describe("a sign-in belongs to the browser that began it", () => {
  test("another browser cannot go on with it", async () => {
    const page = await new Browser(entra).open(address());
    const stolen = await new Browser(entra).press(page, "Sign in", sam);
    expect([stolen.status, stolen.text]).toEqual([400, expect.stringContaining("AADSTS165000")]);
  });

  test("and ends after ten minutes", async () => {
    const browser = new Browser(entra);
    const page = await browser.open(address());
    entra.azure.clock.advance(11 * 60_000);
    expect((await browser.press(page, "Sign in", sam)).text).toContain("AADSTS165000");
  });

  test("consent cannot be given before somebody signed in", async () => {
    const browser = new Browser(entra);
    const page = await browser.open(address());
    const forged = { ...page, html: page.html.replaceAll("/login", "/consent") };
    expect((await browser.press(forged, "Sign in", { decision: "accept" })).text).toContain("AADSTS165000");
    expect(entra.directory.oauth2PermissionGrants.size).toBe(0);
  });
});

describe("who is signed in stays so in that browser", () => {
  test("select_account offers to go on without a password, or as somebody else", async () => {
    const browser = new Browser(entra);
    await samsCode(browser);
    const chooser = await browser.open(address({ prompt: "select_account" }));
    expect(answerOf(await browser.press(chooser, "Continue as Sam Okoye"))).toHaveProperty("code");
    const other = await browser.open(address({ prompt: "select_account" }));
    expect((await browser.press(other, "Sign in", kim)).text).toContain("kim@contoso.example");
  });

  test("'continue' without a session needs the password", async () => {
    const browser = new Browser(entra);
    const page = await browser.open(address());
    const forged = await browser.press(page, "Sign in", { account: "ada@contoso.example", continue: "yes" });
    expect(forged.text).toContain("AADSTS50126");
  });

  test("login asks again, another login_hint asks again, and so does everything after signing out", async () => {
    const browser = new Browser(entra);
    await samsCode(browser);
    expect((await browser.open(address({ prompt: "login" }))).text).toContain("Who are you?");
    expect((await browser.open(address({ login_hint: "kim@contoso.example" }))).text).toContain("Who are you?");
    expect((await browser.open(address({ login_hint: "sam@contoso.example" }))).location).toBeDefined();
    expect((await browser.open(`${entra.authority}/oauth2/v2.0/logout`)).text).toContain("You are signed out");
    expect((await browser.open(address())).text).toContain("Who are you?");
  });

  test("prompt=none answers at once where session and consent are there", async () => {
    const browser = new Browser(entra);
    await samsCode(browser);
    expect(answerOf(await browser.open(address({ prompt: "none" })))).toHaveProperty("code");
    expect(answerOf(await browser.open(address({ prompt: "none", scope: "Files.Read" })))).toMatchObject({
      error: "interaction_required",
      error_description: expect.stringContaining("AADSTS65001"),
    });
  });
});

test("an answer by form_post comes as a form with nothing in the address", async () => {
  const browser = new Browser(entra);
  const consent = await browser.press(await browser.open(address({ response_mode: "form_post" })), "Sign in", sam);
  const page = await browser.press(consent, "Accept");
  expect(page.html).toContain(`action="${redirectUri}"`);
  expect(page.html).toMatch(/name="code" value="1\.[\w-]+"/);
  const script = /<script>(.*?)<\/script>/s.exec(page.html)?.[1] ?? "";
  expect(page.headers.get("content-security-policy")).toContain(createHash("sha256").update(script).digest("base64"));
});

test("a page's sign-in without a challenge ends with a refusal, once somebody signed in", async () => {
  application.web.redirectUris = [];
  application.spa.redirectUris = [redirectUri];
  const browser = new Browser(entra);
  const unchallenged = address({ code_challenge: undefined, code_challenge_method: undefined });
  const consent = await browser.press(await browser.open(unchallenged), "Sign in", sam);
  const { error, error_description: words } = answerOf(await browser.press(consent, "Accept"));
  expect([error, words?.split(" Trace ID")[0]]).toEqual([
    "invalid_request",
    "AADSTS9002325: Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
  ]);
});

describe("a code is good for", () => {
  const codes = ({ status, body }: { status: number; body: Record<string, unknown> }): unknown[] => [
    status,
    body["error"],
    body["error_codes"],
  ];

  test("one redemption", async () => {
    const code = await samsCode();
    expect((await redeem(code)).status).toBe(200);
    expect(codes(await redeem(code))).toEqual([400, "invalid_grant", [54005]]);
  });

  test("ten minutes", async () => {
    const code = await samsCode();
    entra.azure.clock.advance(11 * 60_000);
    expect(codes(await redeem(code))).toEqual([400, "invalid_grant", [70008]]);
  });

  test("the one who knows the verifier", async () => {
    expect(codes(await redeem(await samsCode(), { code_verifier: `${verifier}x` }))).toEqual([
      400,
      "invalid_grant",
      [50148],
    ]);
  });

  test("the application that it was issued to", async () => {
    const { application: other, secret: othersSecret } = registerApp(entra, "other");
    const stolen = await redeem(await samsCode(), { client_id: other.appId, client_secret: othersSecret });
    expect(codes(stolen)).toEqual([400, "invalid_grant", [70000]]);
  });

  test.each([
    ["spa", 400, "invalid_request", 9002327],
    ["publicClient", 401, "invalid_client", 700025],
  ] as const)(
    "a server with a secret only where the address stands under Web, not under %s",
    async (platform, ...said) => {
      application.web.redirectUris = [];
      application[platform].redirectUris = [redirectUri];
      const [status, error, number] = said;
      expect(codes(await redeem(await samsCode()))).toEqual([status, error, [number]]);
    },
  );

  test("a page's script only where the address stands under Single-page application", async () => {
    const code = await samsCode();
    const form = { grant_type: "authorization_code", client_id: application.appId, redirect_uri: redirectUri };
    const fromPage = (): ReturnType<typeof post> =>
      post(entra, entra.tokenAddress, { ...form, code_verifier: verifier, code }, { origin: "https://bot.example" });
    expect(codes(await fromPage())).toEqual([400, "invalid_request", [9002326]]);
    application.web.redirectUris = [];
    application.spa.redirectUris = [redirectUri];
    expect((await fromPage()).status).toBe(200);
  });

  test("the redirect address that it went to", async () => {
    expect(codes(await redeem(await samsCode(), { redirect_uri: "https://x.example/" }))).toEqual([
      400,
      "invalid_grant",
      [50011],
    ]);
  });
});

describe("a refresh token", () => {
  const refresh = (token: unknown, extra: Record<string, string> = {}): ReturnType<typeof post> =>
    post(entra, entra.tokenAddress, {
      grant_type: "refresh_token",
      client_id: application.appId,
      client_secret: secret,
      refresh_token: String(token),
      ...extra,
    });

  test("gives new tokens for 90 days, and may be used again", async () => {
    const first = await redeem(await samsCode());
    entra.azure.clock.advance(89 * 24 * 3600_000);
    for (const _ of [1, 2]) {
      const { status, body } = await refresh(first.body["refresh_token"]);
      expect([status, body["scope"], typeof body["refresh_token"]]).toEqual([
        200,
        "Mail.Send openid profile",
        "string",
      ]);
    }
    entra.azure.clock.advance(2 * 24 * 3600_000);
    const { status, body } = await refresh(first.body["refresh_token"]);
    expect([status, body["error"], body["error_codes"], body["suberror"]]).toEqual([
      400,
      "invalid_grant",
      [700082],
      "bad_token",
    ]);
    expect(
      String(body["error_description"])
        .replace(/(?<=issued on )[\d-]+T[\d:]+\.0{7}Z/, "<issued>")
        .split(" Trace ID")[0],
    ).toBe(
      "AADSTS700082: The refresh token has expired due to inactivity. The token was issued on <issued> and was inactive for 90.00:00:00.",
    );
  });

  test("is not given unless offline_access was asked for", async () => {
    const browser = new Browser(entra);
    const consent = await browser.press(await browser.open(address({ scope: "openid Mail.Send" })), "Sign in", sam);
    const back = await browser.press(consent, "Accept");
    const { body } = await redeem(answerOf(back)["code"] as string);
    expect(body).not.toHaveProperty("refresh_token");
  });

  test("is worth nothing once consent was taken back", async () => {
    const first = await redeem(await samsCode());
    entra.directory.oauth2PermissionGrants.clear();
    const { status, body } = await refresh(first.body["refresh_token"]);
    expect([status, body["error"], body["error_codes"], body["suberror"]]).toEqual([
      400,
      "invalid_grant",
      [65001],
      "consent_required",
    ]);
  });

  test("gives no scope that was not consented to", async () => {
    const first = await redeem(await samsCode());
    const { body } = await refresh(first.body["refresh_token"], { scope: "https://graph.microsoft.com/Mail.Read" });
    expect(body["error_codes"]).toEqual([65001]);
  });
});

test("an application that asks for assignment signs in whom somebody assigned, and nobody else", async () => {
  const principal = entra.directory.servicePrincipalByAppId(application.appId)!;
  principal.appRoleAssignmentRequired = true;
  const browser = new Browser(entra);
  const refused = await browser.press(await browser.open(address()), "Sign in", sam);
  expect(refused.status).toBe(400);
  expect(refused.text).toContain("AADSTS50105: Your administrator has configured the application");
  const person = entra.directory.people.find(({ mail }) => mail === sam.account)!;
  entra.directory.appRoleAssignments.set("assigned", {
    id: "assigned",
    principalId: person.objectId,
    resourceId: principal.id,
    appRoleId: "00000000-0000-0000-0000-000000000000",
    createdDateTime: "2026-11-29T00:00:00Z",
  });
  const assigned = new Browser(entra);
  expect((await assigned.press(await assigned.open(address()), "Sign in", sam)).text).not.toContain("AADSTS50105");
});
