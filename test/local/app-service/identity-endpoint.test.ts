import { archiveOf, createCloud, echoApp, readerOf, siteBody, type Cloud } from "./cloud";

let cloud: Cloud;
let endpoint: string;
let header: string;
beforeEach(async () => {
  cloud = await createCloud();
  await cloud.arm("PUT", cloud.siteId, siteBody(cloud));
  await cloud.push(archiveOf({ "index.js": echoApp }));
  const { env } = await cloud.askApp();
  [endpoint, header] = [env.IDENTITY_ENDPOINT, env.IDENTITY_HEADER];
});
afterEach(() => cloud.close());

const ask = async (query: Record<string, string>, secret = header): Promise<{ status: number; body: object }> => {
  const url = `${endpoint}?${new URLSearchParams({ "api-version": "2019-08-01", ...query })}`;
  const answer = await fetch(url, { headers: { "x-identity-header": secret } });
  return { status: answer.status, body: (await answer.json()) as object };
};
const resource = "https://vault.azure.net";

test("the app gets a token of its user-assigned identity by client id", async () => {
  const { clientId } = await readerOf(cloud);
  expect(await ask({ resource, client_id: clientId })).toEqual({
    status: 200,
    body: {
      access_token: `token of ${clientId} for ${resource}`,
      expires_on: "1900000000",
      resource,
      token_type: "Bearer",
      client_id: clientId,
    },
  });
});

test("another identity, no identity of its own, and a wrong header are refused in the endpoint's own form", async () => {
  const refusal = (message: string): object => ({
    status: 400,
    body: { statusCode: 400, message, correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
  expect(await ask({ resource, client_id: "11111111-1111-1111-1111-111111111111" })).toEqual(
    refusal("No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."),
  );
  expect(await ask({ resource })).toEqual(refusal("Unable to load the proper Managed Identity."));
  expect(await ask({ resource }, "guessed")).toEqual(
    refusal("The header X-IDENTITY-HEADER is missing or does not match."),
  );
});

test("the trace shows that the app asked, and neither its header nor its token", async () => {
  const { clientId } = await readerOf(cloud);
  await ask({ resource, client_id: clientId });
  const exchange = cloud.azure.trace.exchanges().at(-1)!;
  expect([exchange.caller, exchange.service, exchange.status]).toEqual(["bot", "App Service", 200]);
  expect(JSON.stringify(exchange)).not.toContain(header);
  expect(JSON.stringify(exchange)).not.toContain("token of");
});
