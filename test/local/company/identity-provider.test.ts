import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { Visitor } from "../visitor";

const login = "https://login.contoso.example";
const orders = "https://orders.contoso.example";
const redirectUri = "https://token.botframework.com/.auth/web/redirect";
const clientId = "orders-bot";

let azure: LocalAzure;
let secret: string;
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  const client = { host: "login.contoso.example", clientId, name: "Orders bot", redirectUris: [redirectUri] };
  secret = azure.oauthClients.register(client).clientSecret;
});
afterAll(() => azure.close());

function authorizeAddress(more: Record<string, string> = {}): string {
  const query = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid profile orders.read",
    state: "state-1",
    ...more,
  };
  return `${login}/auth?${new URLSearchParams(query)}`;
}

async function codeOf(givenName: string, more: Record<string, string> = {}): Promise<string> {
  const visitor = new Visitor(azure);
  const person = azure.tenant.people.find((one) => one.givenName === givenName)!;
  await visitor.open(authorizeAddress(more));
  await visitor.submit({ account: person.mail, password: azure.tenant.password });
  const back = await visitor.submit({ decision: "accept" });
  expect(new URL(back.url).searchParams.get("state")).toBe("state-1");
  return new URL(back.url).searchParams.get("code") ?? "";
}

async function tokens(form: Record<string, string>): Promise<{ status: number; body: Record<string, string> }> {
  const answer = await azure.call("Token Service", `${login}/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ client_id: clientId, client_secret: secret, ...form }).toString(),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

const redeem = (code: string): ReturnType<typeof tokens> =>
  tokens({ code, grant_type: "authorization_code", redirect_uri: redirectUri });

async function ask(path: string, token?: string): Promise<{ status: number; body: unknown; challenge: string | null }> {
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  const answer = await azure.call("bot", orders + path, { ...(headers && { headers }) });
  const challenge = answer.headers.get("www-authenticate");
  return { status: answer.status, body: await answer.json(), challenge };
}

test("somebody signs in without PKCE, as Bot Service does it, and his token opens the orders service for him alone", async () => {
  const { status, body } = await redeem(await codeOf("Sam"));
  expect({ status, type: body.token_type, lasts: body.expires_in, scope: body.scope }).toEqual({
    status: 200,
    type: "Bearer",
    lasts: 3600,
    scope: "openid profile orders.read",
  });
  expect(await ask("/me", body.access_token)).toMatchObject({
    status: 200,
    body: { name: "Sam Okoye", email: "sam@contoso.example" },
  });
  const { body: list } = await ask("/orders", body.access_token);
  expect((list as { orders: { number: number }[] }).orders.map(({ number }) => number)).toEqual([1042, 1040]);
  expect(await ask("/orders/1042", body.access_token)).toMatchObject({ status: 200, body: { customer: "Fabrikam" } });
  // Ada's order.
  expect((await ask("/orders/1041", body.access_token)).status).toBe(404);
});

test("a code works once, and the wrong secret gives nothing", async () => {
  const code = await codeOf("Ada");
  const wrong = await tokens({ code, grant_type: "authorization_code", redirect_uri: redirectUri, client_secret: "x" });
  expect(wrong).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  expect((await redeem(code)).status).toBe(200);
  expect(await redeem(code)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
});

test("a token ends after an hour by the local Azure's clock and is renewed; the refresh token works once", async () => {
  const { body } = await redeem(await codeOf("Ada"));
  azure.clock.advance(3601 * 1000);
  expect(await ask("/me", body.access_token)).toMatchObject({
    status: 401,
    body: { error: "invalid_token" },
    challenge: 'Bearer realm="orders", error="invalid_token"',
  });
  const refresh = { grant_type: "refresh_token", refresh_token: body.refresh_token ?? "" };
  const renewed = await tokens(refresh);
  expect(renewed.status).toBe(200);
  expect((await ask("/me", renewed.body.access_token)).status).toBe(200);
  expect(await tokens(refresh)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
});

test("a revoked token is refused at once, and so is a request without one or without the scope", async () => {
  const { body } = await redeem(await codeOf("Kim"));
  const answer = await azure.call("a test", `${login}/token/revocation`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: secret,
      token: body.access_token ?? "",
    }).toString(),
  });
  expect(answer.status).toBe(200);
  expect((await ask("/me", body.access_token)).status).toBe(401);
  expect((await ask("/orders")).status).toBe(401);
  const less = await redeem(await codeOf("Kim", { scope: "openid" }));
  expect(await ask("/orders", less.body.access_token)).toMatchObject({
    status: 403,
    body: { error: "insufficient_scope" },
    challenge: 'Bearer realm="orders", error="insufficient_scope", scope="orders.read"',
  });
});

test("who declines goes back with access_denied; a wrong password and an unknown client go nowhere", async () => {
  const visitor = new Visitor(azure);
  await visitor.open(authorizeAddress());
  const again = await visitor.submit({ account: "kim@contoso.example", password: "wrong" });
  expect(again.text).toContain("That user name or password is not right.");
  await visitor.submit({ account: "kim@contoso.example", password: azure.tenant.password });
  const back = await visitor.submit({ decision: "cancel" });
  expect(new URL(back.url).searchParams.get("error")).toBe("access_denied");

  const unknown = await new Visitor(azure).open(authorizeAddress({ client_id: "somebody-else" }));
  expect({ status: unknown.status, told: unknown.text.includes("invalid_client") }).toEqual({
    status: 400,
    told: true,
  });
  const elsewhere = await new Visitor(azure).open(authorizeAddress({ redirect_uri: "https://evil.example/" }));
  expect({ status: elsewhere.status, url: new URL(elsewhere.url).host }).toEqual({
    status: 400,
    url: "login.contoso.example",
  });
});

test("who signs out is asked again who he is, and his old session is worth nothing even to a browser that kept it", async () => {
  const visitor = new Visitor(azure);
  await visitor.open(authorizeAddress());
  await visitor.submit({ account: "kim@contoso.example", password: azure.tenant.password });
  await visitor.submit({ decision: "accept" });
  expect((await visitor.open(authorizeAddress())).url).toContain("/.auth/web/redirect");
  const kept = visitor.cookies();
  expect((await visitor.open(`${login}/logout`)).text).toContain("You are signed out");
  expect((await visitor.open(authorizeAddress())).text).toContain('name="password"');
  visitor.putBack(kept);
  expect((await visitor.open(authorizeAddress())).text).toContain('name="password"');
});

test("its discovery document names addresses of its own host", async () => {
  const answer = await azure.call("a test", `${login}/.well-known/openid-configuration`, {});
  expect(await answer.json()).toMatchObject({
    issuer: login,
    authorization_endpoint: `${login}/auth`,
    token_endpoint: `${login}/token`,
    introspection_endpoint: `${login}/token/introspection`,
  });
});

test("every path that the documentation lists is there, and no other", async () => {
  const paths = azure.hosts.paths().find(({ hosts }) => hosts.includes("login.contoso.example"))?.paths ?? [];
  expect(paths.length).toBeGreaterThan(5);
  const statusOf = async (row: string): Promise<number> => {
    const [method = "", path = ""] = row.split(" ");
    return (await azure.call("a test", `${login}${path}`, { method })).status;
  };
  for (const row of paths) expect([row, (await statusOf(row)) === 404]).toEqual([row, false]);
  expect(await statusOf("GET /users")).toBe(404);
});

test("no secret and no token stands in the trace", async () => {
  const code = await codeOf("Sam");
  const { body } = await redeem(code);
  await ask("/orders", body.access_token);
  const trace = JSON.stringify(azure.trace.exchanges());
  const shown = [secret, code, body.access_token, body.refresh_token].filter((one) => trace.includes(String(one)));
  expect(shown).toEqual([]);
});
