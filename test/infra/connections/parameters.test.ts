import { connectionParameters, identifierUri, keyValuePairs } from "../../../infra/connections/parameters";

const connection = { name: "Graph", provider: "entra", scopes: ["openid", "Mail.Read"], skill: "mail" } as const;

test("the Token Service is told the provider by its id, and the tenant, without which it would ask any tenant", () => {
  expect(connectionParameters(connection, { tenantId: "t" })).toEqual({
    serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
    serviceProviderDisplayName: "Azure Active Directory v2",
    scopes: "openid Mail.Read",
    parameters: { tenantId: "t" },
  });
});

test("a token exchange address appears only under single sign-on: elsewhere it makes Teams fall silent", () => {
  const tokenExchangeUrl = identifierUri("bot-id");
  expect(tokenExchangeUrl).toBe("api://botid-bot-id");
  expect(connectionParameters(connection, { tenantId: "t", tokenExchangeUrl }).parameters).toEqual({
    tenantId: "t",
    tokenExchangeUrl,
  });
});

test("the order of parameters never looks like a change", () => {
  expect(keyValuePairs({ tokenExchangeUrl: "u", tenantId: "t" })).toEqual(
    keyValuePairs({ tenantId: "t", tokenExchangeUrl: "u" }),
  );
  expect(keyValuePairs({ b: "2", a: "1" })).toEqual([
    { key: "a", value: "1" },
    { key: "b", value: "2" },
  ]);
});
