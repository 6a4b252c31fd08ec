import { environments } from "../../../infra/settings/environment";
import { policies } from "../../../infra/policy/policies";
import { types } from "../../../infra/policy/types";
import type { Recording } from "../../support/recorder";
import { environmentConfig } from "../program";
import { evasions } from "./evasions";
import { changed, deployWithFullNames, judge, type Judged, withAnother } from "./judge";

/** Everything that settings can ask for. */
const everything = { "bot-sign-in:adminConsent": "true", "bot-sign-in:singleSignOn": "true" };
let prod: Recording;

beforeAll(async () => {
  prod = await deployWithFullNames({}, { stack: "prod", config: { ...environmentConfig("prod"), ...everything } });
});

test.each(environments)(
  "%s, as its stack file has it, keeps every rule, before anything exists and after",
  async (stack) => {
    for (const preview of [true, false]) {
      const name = stack === "preview" ? "pr-42" : stack;
      const run = await deployWithFullNames({}, { stack: name, config: environmentConfig(stack), preview });
      expect(run.resources.length).toBeGreaterThan(30);
      expect(await judge(run)).toEqual([]);
    }
  },
);

test("with everything that settings can ask for, prod keeps every rule", async () => {
  expect(await judge(prod)).toEqual([]);
});

describe("connections of other providers", () => {
  const secret = "client-secret-of-another-provider";
  const connections = [
    {
      name: "GraphConnection",
      scopes: ["openid", "offline_access", "User.Read", "Mail.Read", "Mail.Send"],
      skill: "mail",
    },
    { name: "Approvals", scopes: ["Contoso Orders/Orders.Approve", "offline_access"] },
    { name: "GitHub", provider: "github", clientId: "Ov23li", clientSecret: secret, scopes: ["repo"], skill: "github" },
    {
      name: "Orders",
      provider: "oauth2generic",
      clientId: "bot",
      clientSecret: secret,
      skill: "orders",
      scopes: ["openid", "orders.read"],
      api: "https://orders.contoso.com",
      authorizationUrlTemplate: "https://id.contoso.com/auth",
      tokenUrlTemplate: "https://id.contoso.com/token",
      refreshUrlTemplate: "https://id.contoso.com/token",
      scopeListDelimiter: ",",
    },
  ];
  let three: Recording;
  beforeAll(async () => {
    const config = {
      ...environmentConfig("prod"),
      ...everything,
      "bot-sign-in:connections": JSON.stringify(connections),
    };
    three = await deployWithFullNames({}, { stack: "prod", config, encrypted: ["bot-sign-in:connections"] });
  });

  test("keep every rule, through an application of somebody's as through the set-up's own", async () => {
    expect(await judge(three)).toEqual([]);
  });

  test.each([
    ["GitHub", "connections-known", { "properties.serviceProviderId": "01340562-8c8f-4892-abd4-90daf0e5face" }],
    ["GitHub", "connections-known", { "properties.serviceProviderDisplayName": "Google" }],
    ["GitHub", "connections-known", { "properties.parameters": [{ key: "LoginUri", value: "https://evil.example" }] }],
    ["GitHub", "least-rights", { "properties.scopes": "repo delete_repo" }],
    ["GitHub", "single-tenant", { "properties.clientId": undefined }],
    [
      "Orders",
      "connections-known",
      { "properties.parameters": [{ key: "TokenUrlTemplate", value: "http://id.contoso.com" }] },
    ],
    ["Orders", "connections-known", { "properties.parameters": [{ key: "Secret", value: "https://id.contoso.com" }] }],
    ["Orders", "listed-values", { "properties.clientSecret": undefined }],
    ["GraphConnection", "single-tenant", { "properties.clientId": "99999999-9999-4999-8999-999999999999" }],
    ["Approvals", "least-rights", { "properties.scopes": "0de45000-0000-4000-8000-000000000001/Orders.Read" }],
  ])("%s changed on the way is refused by %s: %j", async (name, rule, inputs) => {
    const found = await judge(changed(three, { type: types.connection, name, inputs }));
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${rule}: `)));
    expect(found.join("\n")).not.toContain(secret);
  });

  test("their secret is one of the set-up's: it stands in the connection and nowhere else", async () => {
    const leak = changed(three, { type: types.group, inputs: { tags: { note: secret } } });
    expect((await judge(leak)).join("\n")).toMatch(/secrets-stay: .*holds one of the set-up's secrets in clear/);
  });
});

/** The exceptions that violations name, as a file given with --policy-pack-config holds them. */
function allowed(violations: readonly string[]): Record<string, { allow: object[] }> {
  const config: Record<string, { allow: object[] }> = {};
  for (const violation of violations) {
    const [, json] = /--policy-pack-config: (\{.*\})$/s.exec(violation) ?? [];
    for (const [rule, { allow }] of Object.entries(JSON.parse(json ?? "{}") as typeof config)) {
      (config[rule] ??= { allow: [] }).allow.push(...allow);
    }
  }
  return config;
}

test.each(evasions.map((one) => [one.rule, one.what, one] as const))(
  "%s refuses %s, and lets it pass where somebody allows it on purpose",
  async (rule, _what, { make }) => {
    const stack = make(prod);
    const found = await judge(stack);
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${rule}: `)));
    expect(found.join("\n")).not.toMatch(/(bot|sign-in)-password-value|session-key-value|direct-line-key-value/);
    expect(await judge(stack, allowed(found))).toEqual([]);
  },
);

test("every rule is broken in at least three ways above", () => {
  const ways = new Map(policies(() => new Date()).map(({ name }) => [name, 0]));
  for (const { rule } of evasions) ways.set(rule, (ways.get(rule) ?? 0) + 1);
  expect([...ways].filter(([, count]) => count < 3)).toEqual([]);
  expect(evasions.length).toBeGreaterThan(200);
});

test("a violation says what is wrong, what to set, and how to allow it for this one resource", async () => {
  const found = await judge(changed(prod, { type: types.webApp, inputs: { "siteConfig.minTlsVersion": "1.0" } }));
  const { name } = prod.one(types.webApp);
  expect(found).toEqual([
    `https-and-tls: ${name}: siteConfig.minTlsVersion is "1.0"; set it to "1.2" or "1.3". To allow it on purpose, give a ` +
      `file with --policy-pack-config: {"https-and-tls":{"allow":[{"type":"azure-native:web:WebApp","name":"${name}",` +
      `"field":"siteConfig.minTlsVersion","value":"1.0"}]}}`,
  ]);
});

test.each([
  ["another resource", { type: types.webApp, name: "other", field: "httpsOnly" }],
  ["another field", { type: types.webApp, field: "siteConfig.cors" }],
  ["another value", { type: types.webApp, field: "httpsOnly", value: "no" }],
  ["another type", { type: types.plan }],
])("an exception for %s lets nothing else pass", async (_what, exception) => {
  const open = changed(prod, { type: types.webApp, inputs: { httpsOnly: false } });
  expect(await judge(open, { "https-and-tls": { allow: [exception] } })).toHaveLength(1);
});

test("whichever the program registers first, the same entries let the same things pass", async () => {
  const beside = evasions.filter(({ make }) => make(prod).resources.length > prod.resources.length);
  expect(beside.length).toBeGreaterThan(50);
  for (const { make } of beside) {
    const { resources, outputs } = make(prod);
    const another = resources.at(-1)!;
    // What stands below a component comes after what it is made of.
    if (another.name === "second") continue;
    const first = { outputs, resources: [another, ...resources.filter((one) => one !== another)] };
    expect(await judge(first, allowed(await judge({ resources, outputs })))).toEqual([]);
  }
});

/** What may live beside the set-up in one program. */
const elsewhere = { resourceGroupName: "elsewhere", location: "westeurope" };
const neighbours: [what: string, type: string, inputs: object][] = [
  ["a public website", types.storage, { ...elsewhere, accountName: "website", allowBlobPublicAccess: true }],
  [
    "a vault with access policies",
    types.vault,
    { ...elsewhere, vaultName: "theirs", properties: { accessPolicies: [{}] } },
  ],
  [
    "a web app with CORS",
    types.webApp,
    { ...elsewhere, name: "shop", siteConfig: { cors: { allowedOrigins: ["*"] } } },
  ],
  [
    "a page's application",
    types.application,
    { displayName: "Shop", singlePageApplication: { redirectUris: ["https://shop.example/"] } },
  ],
  ["its password", types.applicationPassword, { applicationId: "/applications/77777777-7777-4777-8777-777777777777" }],
  [
    "rights in another group",
    types.roleAssignment,
    { scope: "/subscriptions/x/resourceGroups/elsewhere", principalId: "p", roleDefinitionId: "owner" },
  ],
  ["a DNS zone", "azure-native:dns:Zone", { ...elsewhere, zoneName: "shop.example" }],
  ["a group whose name only begins like the set-up's", types.group, { resourceGroupName: "bot-sign-in-prod-0000000" }],
  ["another bot with its own word for a name", types.bot, { ...elsewhere, resourceName: "mailing-list" }],
  ["random letters", types.randomString, { length: 4, special: true }],
];

test.each(neighbours)("%s beside the set-up is nobody's business here", async (_what, type, inputs) => {
  expect(await judge(withAnother(prod, type, "neighbour", inputs))).toEqual([]);
});

test("all neighbours at once, before anything exists, are nobody's business either", async () => {
  const config = { ...environmentConfig("prod"), ...everything };
  let stack: Judged = await deployWithFullNames({}, { stack: "prod", config, preview: true });
  for (const [what, type, inputs] of neighbours) stack = withAnother(stack, type, what, inputs);
  expect(await judge(stack)).toEqual([]);
});

test("outputs that are long but no secrets pass: names, hosts, hashes, connections, ids", async () => {
  const long = {
    webApp: "contoso-mail-assistant-of-europe-prod-k3x9q2ab",
    host: "contoso-mail-assistant-prod-k3x9q2ab-f3b7c1d2e3a4b5c6.westeurope-01.azurewebsites.net",
    commit: "0123456789abcdef0123456789abcdef01234567",
    connections: ["GraphConnectionForEverybodyInContoso365"],
    vault:
      "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/Contoso/providers/Microsoft.KeyVault/vaults/v",
  };
  expect(await judge({ ...prod, outputs: { ...prod.outputs, ...long } })).toEqual([]);
});

test("a longer life of secrets is allowed where the pack's configuration says so", async () => {
  const inputs = { endDate: "2027-11-22T03:04:05Z" };
  const long = changed(prod, { type: types.applicationPassword, name: "bot", inputs });
  expect(await judge(long)).toEqual([
    expect.stringMatching(/^secrets-end: .*bot: .*maximumDays away \(lower secretLifetimeDays\)/),
  ]);
  expect(await judge(long, { "secrets-end": { maximumDays: 365 } })).toEqual([]);
});

test("a stack that turns protection off is caught in prod only", async () => {
  const open = await deployWithFullNames({ protect: false }, { stack: "prod" });
  expect((await judge(open)).filter((line) => line.startsWith("prod-protected"))).toHaveLength(8);
  expect(await judge(await deployWithFullNames({ protect: false }))).toEqual([]);
});

test("each policy has a name and a sentence for the person who meets it", () => {
  const pack = policies(() => new Date());
  expect(new Set(pack.map(({ name }) => name)).size).toBe(pack.length);
  for (const { name, description } of pack) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(description).toMatch(/^[A-Z].*\.$/);
  }
});
