import { decodeJwt } from "jose";
import { localEntra, post, registerApp, type LocalEntra } from "./local-entra";

const graph = "https://graph.microsoft.com/.default";

let entra: LocalEntra;
beforeAll(() => {
  entra = localEntra();
});

function credentials(clientId: string, secret: string, scope = graph): Record<string, string> {
  return { grant_type: "client_credentials", client_id: clientId, client_secret: secret, scope };
}

test("the deployer gets a token that names it, its tenant and its application permissions", async () => {
  const { clientId, clientSecret, objectId } = entra.azure.tenant.deployer;
  const { status, body } = await post(entra, entra.tokenAddress, credentials(clientId, clientSecret));
  expect({ status, ...body, access_token: typeof body["access_token"] }).toEqual({
    status: 200,
    token_type: "Bearer",
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: "string",
  });
  const claims = decodeJwt(body["access_token"] as string);
  expect(claims).toMatchObject({
    aud: "https://graph.microsoft.com",
    iss: `https://sts.windows.net/${entra.azure.tenant.tenantId}/`,
    appid: clientId,
    oid: objectId,
    tid: entra.azure.tenant.tenantId,
    idtyp: "app",
    roles: [
      "Application.ReadWrite.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "Directory.Read.All",
      "Policy.Read.All",
    ],
  });
  expect((claims.exp as number) - (claims.iat as number)).toBe(3599);
});

test("a new secret is refused as wrong until Entra's replicas know it, by every other one in the second half of the time", async () => {
  const { directory, azure } = entra;
  const { application, secret: old } = registerApp(entra, "late");
  directory.lifetimes.passwordPropagation = 20;
  const { secretText } = directory.addPassword(application, {});
  directory.lifetimes.passwordPropagation = 0;
  const asks = async (secret: string, times: number): Promise<unknown[]> => {
    const answers = [];
    for (let at = 0; at < times; at += 1) {
      const { status, body } = await post(entra, entra.tokenAddress, credentials(application.appId, secret));
      answers.push(status === 200 ? 200 : (body["error_codes"] as number[])[0]);
    }
    return answers;
  };
  expect(await asks(secretText, 3)).toEqual([7000215, 7000215, 7000215]);
  expect(await asks(old, 1)).toEqual([200]);
  azure.clock.advance(10_000);
  expect((await asks(secretText, 4)).sort()).toEqual([200, 200, 7000215, 7000215]);
  azure.clock.advance(10_000);
  expect(await asks(secretText, 3)).toEqual([200, 200, 200]);
});

test("a secret sent by HTTP Basic is a secret too", async () => {
  const { clientId, clientSecret } = entra.azure.tenant.deployer;
  const authorization = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString("base64")}`;
  const { status } = await post(
    entra,
    entra.tokenAddress,
    { grant_type: "client_credentials", scope: graph },
    { authorization },
  );
  expect(status).toBe(200);
});

test.each([
  ["https://management.core.windows.net//.default", "https://management.core.windows.net/"],
  ["https://management.azure.com/.default openid offline_access profile", "https://management.azure.com"],
  ["https://api.botframework.com/.default", "https://api.botframework.com"],
  ["https://vault.azure.net/.default", "https://vault.azure.net"],
  ["https://storage.azure.com/.default", "https://storage.azure.com"],
  ["https://appservice.azure.com/.default", "https://appservice.azure.com"],
  ["00000003-0000-0000-c000-000000000000/.default", "00000003-0000-0000-c000-000000000000"],
])("a client that asks for %s gets a token for that very audience", async (scope, audience) => {
  const { clientId, clientSecret } = entra.azure.tenant.deployer;
  const { body } = await post(entra, entra.tokenAddress, credentials(clientId, clientSecret, scope));
  expect(decodeJwt(body["access_token"] as string).aud).toBe(audience);
});

test("a token that another service checks is taken for its audience only, and not after its time", async () => {
  const own = localEntra();
  const { clientId, clientSecret } = own.azure.tenant.deployer;
  const { body } = await post(own, own.tokenAddress, credentials(clientId, clientSecret));
  const bearer = (token: string): Request =>
    new Request("https://graph.microsoft.com/", { headers: { authorization: `Bearer ${token}` } });
  const token = body["access_token"] as string;
  await expect(own.directory.verify(bearer(token), ["https://graph.microsoft.com/"])).resolves.toMatchObject({
    appid: clientId,
  });
  await expect(own.directory.verify(bearer(token), ["https://vault.azure.net"])).rejects.toMatchObject({
    reason: "audience",
  });
  await expect(own.directory.verify(bearer(`${token.slice(0, -6)}AAAAAA`), [])).rejects.toMatchObject({
    reason: "signature",
  });
  await expect(own.directory.verify(bearer("x"), [])).rejects.toMatchObject({ reason: "malformed" });
  await expect(own.directory.verify(new Request("https://x/"), [])).rejects.toMatchObject({ reason: "missing" });
  own.azure.clock.advance(3600 * 1000);
  await expect(own.directory.verify(bearer(token), ["https://graph.microsoft.com"])).rejects.toMatchObject({
    reason: "expired",
  });
});

describe("a request is refused in Entra's words", () => {
  const cases: [
    name: string,
    fields: () => Record<string, string>,
    status: number,
    error: string,
    code: number,
    text: string,
  ][] = [
    ["no grant type", () => ({}), 400, "invalid_request", 900144, "parameter: 'grant_type'"],
    ["no client id", () => ({ grant_type: "client_credentials" }), 400, "invalid_request", 900144, "'client_id'"],
    [
      "another grant type",
      () => ({ grant_type: "implicit", client_id: "x" }),
      400,
      "unsupported_grant_type",
      70003,
      "'implicit'",
    ],
    [
      "an unknown application",
      () => credentials("4c1c0a0e-0000-4000-8000-000000000000", "x"),
      400,
      "unauthorized_client",
      700016,
      "Application with identifier '4c1c0a0e-0000-4000-8000-000000000000' was not found in the directory 'Contoso'",
    ],
    [
      "a wrong secret",
      () => credentials(entra.azure.tenant.deployer.clientId, "wrong"),
      401,
      "invalid_client",
      7000215,
      "Invalid client secret provided.",
    ],
    [
      "no secret",
      () => ({ grant_type: "client_credentials", client_id: entra.azure.tenant.deployer.clientId, scope: graph }),
      401,
      "invalid_client",
      7000218,
      "'client_assertion' or 'client_secret'",
    ],
    [
      "no service principal",
      () => {
        const { application, secret } = registerApp(entra, "lonely", {}, { principal: false });
        return credentials(application.appId, secret);
      },
      401,
      "invalid_client",
      7000229,
      "is missing service principal in the tenant",
    ],
    [
      "an unknown resource",
      () => credentials(...deployer(), "https://nothing.example/.default"),
      400,
      "invalid_resource",
      500011,
      "The resource principal named https://nothing.example was not found in the tenant named Contoso",
    ],
    [
      "a scope that is not .default",
      () => credentials(...deployer(), "https://graph.microsoft.com/Mail.Read"),
      400,
      "invalid_scope",
      1002012,
      "must have a scope value with /.default",
    ],
  ];
  const deployer = (): [string, string] => [
    entra.azure.tenant.deployer.clientId,
    entra.azure.tenant.deployer.clientSecret,
  ];

  test.each(cases)("%s", async (_, fields, status, error, code, text) => {
    const answer = await post(entra, entra.tokenAddress, fields());
    expect(answer).toEqual({
      status,
      body: {
        error,
        error_description: expect.stringContaining(text),
        error_codes: [code],
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
        trace_id: expect.any(String),
        correlation_id: expect.any(String),
        error_uri: `https://login.microsoftonline.com/error?code=${code}`,
      },
    });
    expect(answer.body["error_description"]).toMatch(
      new RegExp(`^AADSTS${code}: .* Trace ID: \\S+ Correlation ID: \\S+ Timestamp: \\S+ \\S+Z$`),
    );
  });

  test("an expired secret, so that a person reads that and not that it is wrong", async () => {
    const own = localEntra();
    const { application, secret } = registerApp(own, "old");
    own.azure.clock.advance(3 * 365 * 24 * 3600 * 1000);
    const { status, body } = await post(own, own.tokenAddress, credentials(application.appId, secret));
    expect([status, body["error"], body["error_codes"]]).toEqual([401, "invalid_client", [7000222]]);
  });

  test("an unknown tenant", async () => {
    const { status, body } = await post(
      entra,
      "https://login.microsoftonline.com/fabrikam.example/oauth2/v2.0/token",
      credentials(...deployer()),
    );
    expect([status, body["error"], body["error_codes"]]).toEqual([400, "invalid_request", [90002]]);
  });

  test("Bot Framework's tenant, where a single-tenant bot looks that was not told its own", async () => {
    const { body } = await post(
      entra,
      "https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token",
      credentials(...deployer(), "https://api.botframework.com/.default"),
    );
    expect(body["error_description"]).toContain("was not found in the directory 'Bot Framework'");
  });

  test("common, of which a single-tenant application is no part", async () => {
    const { body } = await post(
      entra,
      "https://login.microsoftonline.com/common/oauth2/v2.0/token",
      credentials(...deployer()),
    );
    expect(body["error_codes"]).toEqual([50194]);
  });

  test("a parameter given twice, of which nobody knows which is meant", async () => {
    const response = await entra.handle(
      new Request(entra.tokenAddress, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "grant_type=client_credentials&client_id=a&client_id=b",
      }),
    );
    expect([response.status, ((await response.json()) as { error_codes: number[] }).error_codes]).toEqual([
      400,
      [9002313],
    ]);
  });

  test("with the client's own correlation id, so that it can be found again", async () => {
    const id = "11111111-2222-3333-4444-555555555555";
    const { body } = await post(entra, `${entra.tokenAddress}?client-request-id=${id}`, {});
    expect(body["correlation_id"]).toBe(id);
  });
});
