import { decodeProtectedHeader } from "jose";
import { localEntra, post } from "./local-entra";

const host = "https://login.microsoftonline.com";
const entra = localEntra();

const get = async (address: string): Promise<[number, Record<string, unknown>]> => {
  const response = await entra.handle(new Request(address));
  return [response.status, (await response.json()) as Record<string, unknown>];
};

test.each([`${host}/tenant/discovery/v2.0/keys`, `${host}/common/discovery/keys`])(
  "the key that signed a token is in the document at %s",
  async (address) => {
    const { clientId, clientSecret } = entra.azure.tenant.deployer;
    const { body } = await post(entra, entra.tokenAddress, {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: "https://graph.microsoft.com/.default",
    });
    const { kid } = decodeProtectedHeader(body["access_token"] as string);
    const [status, document] = await get(address.replace("tenant", entra.azure.tenant.tenantId));
    expect([status, document["keys"]]).toEqual([
      200,
      [expect.objectContaining({ kid, kty: "RSA", use: "sig", n: expect.any(String), e: "AQAB" })],
    ]);
    expect(JSON.stringify(document)).not.toContain('"d"');
  },
);

test("a client finds its way by the tenant's id, its domain, and common", async () => {
  const { tenantId, domain } = entra.azure.tenant;
  for (const tenant of [tenantId, domain]) {
    const [status, document] = await get(`${host}/${tenant}/v2.0/.well-known/openid-configuration?`);
    expect([status, document]).toEqual([
      200,
      expect.objectContaining({
        issuer: `${host}/${tenantId}/v2.0`,
        token_endpoint: `${host}/${tenantId}/oauth2/v2.0/token`,
        authorization_endpoint: `${host}/${tenantId}/oauth2/v2.0/authorize`,
        jwks_uri: `${host}/${tenantId}/discovery/v2.0/keys`,
      }),
    ]);
  }
  const [, common] = await get(`${host}/common/v2.0/.well-known/openid-configuration`);
  expect([common["issuer"], common["token_endpoint"]]).toEqual([
    `${host}/{tenantid}/v2.0`,
    `${host}/common/oauth2/v2.0/token`,
  ]);
  expect((await get(`${host}/${tenantId}/.well-known/openid-configuration`))[1]["issuer"]).toBe(
    `https://sts.windows.net/${tenantId}/`,
  );
});

test("a tenant that is not there has no documents", async () => {
  const [status, body] = await get(`${host}/fabrikam.example/v2.0/.well-known/openid-configuration`);
  expect([status, body["error"], body["error_codes"]]).toEqual([400, "invalid_tenant", [90002]]);
});

test("instance discovery knows Entra's hosts and no others", async () => {
  const query = (address: string): string =>
    `${host}/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(address)}`;
  const [, document] = await get(query(`${host}/common/oauth2/v2.0/authorize`));
  expect(document["tenant_discovery_endpoint"]).toBe(`${host}/common/v2.0/.well-known/openid-configuration`);
  const [status, refused] = await get(query("https://localhost:4443/common/oauth2/v2.0/authorize"));
  expect([status, refused["error"]]).toEqual([400, "invalid_instance"]);
});
