import { builtInRoles } from "../../../infra/facts/roles";
import type { SaidSettings } from "../../../infra/policy/resource";
import { types } from "../../../infra/policy/types";
import { subscriptionId } from "../../support/azure-answers";
import type { Recording } from "../../support/recorder";
import { deploy } from "../program";
import { changed, isCalled, judge, type Judged, one } from "./judge";

// Of a set-up in what was handed in: it keeps every rule, and whoever leaves what was handed in is stopped.

const at = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/shared/providers/${name}`;
const existing = {
  resourceGroup: "shared",
  vault: at("Microsoft.KeyVault/vaults/shared-vault"),
  plan: at("Microsoft.Web/serverfarms/shared-plan"),
  workspace: at("Microsoft.OperationalInsights/workspaces/shared-logs"),
  signInApp: "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11",
};
const settings = {
  existing,
  singleSignOn: false,
  tags: { costCenter: "42" },
  appSettings: { FEATURE: "on", PARTNER_API: "https://api.partner.example" },
};
const said: SaidSettings = { existing, appSettings: ["FEATURE", "PARTNER_API", "API_KEY", "NODE_OPTIONS"] };
let prod: Recording;
const run = (changes: object, encrypted: string[] = []): Promise<Recording> =>
  deploy(changes, { stack: "prod", encrypted });

beforeAll(async () => {
  prod = await run(settings);
});

test("a set-up in what was handed in, with tags and app settings of one's own, keeps every rule", async () => {
  expect(prod.all(types.plan)).toEqual([]);
  expect(await judge(prod, {}, said)).toEqual([]);
});

test("app settings that are secret are kept in the vault, in one of others as well, and keep every rule", async () => {
  const secret = ["bot-sign-in:appSettings"];
  for (const where of [settings, { ...settings, existing: undefined }]) {
    const stack = await run({ ...where, appSettings: { API_KEY: "s3cret-of-mine" } }, secret);
    const { siteConfig } = stack.one(types.webApp).inputs as { siteConfig: { appSettings: object[] } };
    expect(JSON.stringify(siteConfig)).not.toContain("s3cret-of-mine");
    expect(await judge(stack, {}, { ...said, existing: where.existing })).toEqual([]);
  }
});

test("a managed identity as bot, with connections without a secret, keeps every rule", async () => {
  const secretless = await run({ identity: "managed", secretless: true });
  expect(secretless.all(types.applicationPassword)).toEqual([]);
  expect(await judge(secretless)).toEqual([]);
  expect(await judge(await run({ ...settings, identity: "managed", secretless: true }), {}, said)).toEqual([]);
});

test("a bot with a certificate keeps every rule, in a vault of others as well", async () => {
  const certified = await run({ identity: "certificate", secretless: true });
  expect(certified.all(types.applicationPassword)).toEqual([]);
  expect(certified.all(types.applicationCertificate)).toHaveLength(2);
  expect(await judge(certified)).toEqual([]);
  expect(await judge(await run({ ...settings, identity: "certificate" }), {}, said)).toEqual([]);
  const [webApp] = [certified.one(types.webApp)];
  expect(JSON.stringify(webApp.inputs)).toMatch(/keys\/bot-certificate\/[0-9a-f]{32} x5tS256/);
  const refused = async (change: Parameters<typeof changed>[1]): Promise<string[]> =>
    (await judge(changed(certified, change))).map((line) => line.split(":")[0]!);
  expect(
    await refused({ type: types.applicationCertificate, name: "bot-certificate", inputs: { value: "ZXZpbA==" } }),
  ).toContain("own-identity");
  const application = { applicationId: "/applications/99999999-9999-4999-8999-999999999999" };
  expect(await refused({ type: types.applicationCertificate, name: "bot-certificate", inputs: application })).toContain(
    "own-identity",
  );
  const { scope } = certified.all(types.roleAssignment).find((one) => isCalled(one, "identity-signs"))!.inputs as {
    scope: string;
  };
  for (const wider of [scope.split("/keys/")[0], scope.replace("bot-certificate", "payroll")]) {
    expect(await refused({ type: types.roleAssignment, name: "identity-signs", inputs: { scope: wider } })).toContain(
      "least-rights",
    );
  }
  expect(
    await refused({
      type: types.vaultCertificate,
      name: "vault-bot-certificate",
      inputs: { vaultUri: "https://evil.vault.azure.net/" },
    }),
  ).toContain("own-addresses");
});

test("an application or a managed identity that is handed in as the bot keeps every rule, and no other in its place", async () => {
  const botApp = "3f0c1c5e-8e0f-4a53-8f5e-3d1f0f8f2a11";
  const botIdentity = at("Microsoft.ManagedIdentity/userAssignedIdentities/helpdesk");
  const refused = async (stack: Judged, word: SaidSettings, change: Parameters<typeof changed>[1]): Promise<string[]> =>
    (await judge(changed(stack, change), {}, word)).map((line) => line.split(":")[0]!);
  const app = await run({ existing: { botApp }, singleSignOn: false });
  expect(await judge(app, {}, { existing: { botApp } })).toEqual([]);
  const other = { type: types.bot, inputs: { "properties.msaAppId": "99999999-9999-4999-8999-999999999999" } };
  expect(await refused(app, { existing: { botApp } }, other)).toEqual(["single-tenant", "own-identity"]);
  const identity = await run({ identity: "managed", existing: { botIdentity }, singleSignOn: false });
  expect(await judge(identity, {}, { existing: { botIdentity } })).toEqual([]);
  const evil = { type: types.bot, inputs: { "properties.msaAppMSIResourceId": `${botIdentity}-2` } };
  expect(await refused(identity, { existing: { botIdentity } }, evil)).toEqual(["least-rights", "own-identity"]);
});

test("an adopted connection keeps its parameters, tags and secret, and nothing by which a token goes elsewhere", async () => {
  const endpoint = "https://bots.contoso.example/api/messages";
  const stack = await run({
    existing: { endpoint },
    singleSignOn: false,
    chatPage: { enabled: false },
    adopted: { bot: "contoso.helper" },
  });
  const connection = one(stack.resources, types.connection);
  const parameters = (connection.inputs["properties"] as { parameters: object[] }).parameters as {
    key: string;
    value?: string;
  }[];
  const handMade = [
    { key: "clientId", value: "an id" },
    { key: "clientSecret" },
    { key: "scopes", value: "User.Read" },
    ...parameters.map(({ key, value }) => ({ key: key.toUpperCase(), value })),
  ];
  const word: SaidSettings = { existing: { endpoint }, adopted: { bot: "contoso.helper" } };
  const judged = async (inputs: Readonly<Record<string, unknown>>, said = word): Promise<string[]> =>
    (await judge(changed(stack, { type: types.connection, inputs }), {}, said)).map((line) => line.split(":")[0]!);
  const kept = { "properties.parameters": handMade, "properties.clientSecret": undefined, tags: { team: "helpdesk" } };
  expect(await judged(kept)).toEqual([]);
  expect(await judged(kept, { existing: { endpoint } })).toEqual(
    expect.arrayContaining(["connections-known", "listed-values", "marks"]),
  );
  const evil = [{ key: "tenantId", value: "99999999-9999-4999-8999-999999999999" }];
  expect(await judged({ ...kept, "properties.parameters": evil })).toEqual(["connections-known"]);
  expect(await judged({ ...kept, tags: { password: "Pa55w0rd~of-mine.and-long" } })).toEqual(["marks"]);
});

describe("a bot that is hosted elsewhere", () => {
  const endpoint = "https://bots.contoso.example/cluster/api/messages";
  const elsewhere = { existing: { endpoint }, singleSignOn: false, chatPage: { enabled: false } };
  const saidOf = (more: object = {}): SaidSettings => ({ existing: { endpoint }, ...more });
  const refusedOf = async (stack: Judged, word: SaidSettings): Promise<string[]> =>
    (await judge(stack, {}, word)).map((line) => line.split(": ").slice(0, 1).join());

  test("keeps every rule where the stack's file says so, and only at that address", async () => {
    const stack = await run(elsewhere);
    expect(await judge(stack, {}, saidOf())).toEqual([]);
    expect(await refusedOf(stack, {})).toEqual(["own-addresses", "enhanced-authentication"]);
    const moved = changed(stack, {
      type: types.bot,
      inputs: { "properties.endpoint": `${endpoint}/evil` },
    });
    expect(await refusedOf(moved, saidOf())).toEqual(["own-addresses"]);
  });

  test("keeps what people set at it where it was adopted, and nothing by which it could be another's", async () => {
    const stack = await run({ ...elsewhere, adopted: { bot: "contoso.helper" } });
    const handMade = (inputs: Readonly<Record<string, unknown>>): Judged => changed(stack, { type: types.bot, inputs });
    const theirs = {
      "properties.description": "Helps",
      "properties.iconUrl": "https://contoso.example/icon.png",
      "properties.luisAppIds": [],
    };
    const adopted = saidOf({ adopted: { bot: "contoso.helper" } });
    expect(await refusedOf(handMade(theirs), adopted)).toEqual([]);
    expect(await refusedOf(handMade(theirs), saidOf())).toEqual([
      "listed-values",
      "listed-values",
      "listed-values",
      // Direct Line's and Web Chat's sites, which stay as they are.
      "nothing-left-out",
      "nothing-left-out",
    ]);
    for (const [field, value, rule] of [
      ["properties.tenantId", "99999999-9999-4999-8999-999999999999", "single-tenant"],
      ["properties.iconUrl", "http://contoso.example/icon.png", "listed-values"],
      ["properties.luisAppIds", ["an app"], "listed-values"],
    ] as const) {
      expect([field, await refusedOf(handMade({ [field]: value }), adopted)]).toEqual([field, [rule]]);
    }
  });
});

test("without a word of the stack's file all of it is refused", async () => {
  const rules = (await judge(prod)).map((line) => line.split(":")[0]);
  expect([...new Set(rules)].sort()).toEqual([
    "listed-values",
    "own-addresses",
    "own-code",
    "own-identity",
    "secrets-by-reference",
    "single-tenant",
  ]);
});

const set =
  (type: string, inputs: Readonly<Record<string, unknown>>, name?: string): (() => Judged) =>
  () =>
    changed(prod, { type, inputs, ...(name === undefined ? {} : { name }) });

/** An app setting of another value, or one more. */
const setting =
  (name: string, value: string): (() => Judged) =>
  () => {
    const { siteConfig } = one(prod.resources, types.webApp).inputs as {
      siteConfig: { appSettings: { name: string }[] };
    };
    const others = siteConfig.appSettings.filter((other) => other.name !== name);
    return set(types.webApp, { "siteConfig.appSettings": [...others, { name, value }] })();
  };

/** Another password below the component of the handed-in sign-in app. */
function secondPassword(): Judged {
  const first = prod.resources.find((found) => found.type === types.applicationPassword && isCalled(found, "sign-in"))!;
  const applicationId = "/applications/99999999-9999-4999-8999-999999999999";
  const second = { ...first, name: "second", urn: `${first.urn}-second`, inputs: { ...first.inputs, applicationId } };
  return { outputs: prod.outputs, resources: [...prod.resources, second] };
}

const reads = "identity-reads-secrets";
const role = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles.keyVaultSecretsUser}`;
const version = "0123456789abcdef0123456789abcdef";

test.each<[rule: string, what: string, make: () => Judged]>([
  [
    "own-addresses",
    "another plan of the same group",
    set(types.webApp, { serverFarmId: at("Microsoft.Web/serverfarms/theirs") }),
  ],
  [
    "own-addresses",
    "a plan of another group",
    set(types.webApp, { serverFarmId: existing.plan.replace("shared/", "evil/") }),
  ],
  [
    "own-addresses",
    "a plan of another subscription",
    set(types.webApp, { serverFarmId: existing.plan.replace(subscriptionId, "evil") }),
  ],
  [
    "own-addresses",
    "another workspace of the same group",
    set(types.diagnosticSetting, { workspaceId: `${existing.workspace}-2` }, "logs-bot"),
  ],
  [
    "own-addresses",
    "a workspace of another group",
    set(types.diagnosticSetting, { workspaceId: existing.workspace.replace("shared/", "evil/") }, "logs-host"),
  ],
  [
    "own-addresses",
    "a workspace that is a vault",
    set(types.diagnosticSetting, { workspaceId: existing.vault }, "logs-host"),
  ],
  [
    "own-addresses",
    "a secret in another vault",
    set(types.secret, { vaultName: "evil-vault" }, "vault-bot-app-password"),
  ],
  [
    "listed-values",
    "a secret of another stack in the shared vault",
    set(types.secret, { secretName: "bot-sign-in-dev-721f88-bot-app-password" }, "vault-bot-app-password"),
  ],
  [
    "listed-values",
    "a secret without the stack's name",
    set(types.secret, { secretName: "bot-app-password" }, "vault-bot-app-password"),
  ],
  ["least-rights", "a role at another vault", set(types.roleAssignment, { scope: `${existing.vault}-2` }, reads)],
  [
    "least-rights",
    "a role at the group of others",
    set(types.roleAssignment, { scope: existing.vault.split("/providers")[0], roleDefinitionId: role }, reads),
  ],
  ["least-rights", "a role at the shared plan", set(types.roleAssignment, { scope: existing.plan }, reads)],
  [
    "secrets-by-reference",
    "a reference to another vault",
    setting(
      "MicrosoftAppPassword",
      `@Microsoft.KeyVault(SecretUri=https://evil.vault.azure.net/secrets/bot-app-password/${version})`,
    ),
  ],
  [
    "secrets-by-reference",
    "a reference to another stack's secret",
    setting(
      "MicrosoftAppPassword",
      `@Microsoft.KeyVault(SecretUri=https://shared-vault.vault.azure.net/secrets/bot-sign-in-dev-721f88-bot-app-password/${version})`,
    ),
  ],
  [
    "own-addresses",
    "another stack's Direct Line secret",
    setting(
      "DIRECT_LINE_SECRET_URI",
      "https://shared-vault.vault.azure.net/secrets/bot-sign-in-dev-721f88-direct-line-secret",
    ),
  ],
  [
    "own-identity",
    "a connection of somebody's application",
    set(types.connection, { "properties.clientId": "99999999-9999-4999-8999-999999999999" }),
  ],
  [
    "single-tenant",
    "a check of somebody's application",
    set(types.connectionCheck, { clientId: "99999999-9999-4999-8999-999999999999" }),
  ],
  ["own-identity", "a second password under the cover of the first", secondPassword],
  ["own-code", "an app setting that the stack's file does not have", setting("LOG_LEVEL", "debug")],
  [
    "own-code",
    "an app setting that decides what runs, though the stack's file has it",
    setting("NODE_OPTIONS", "--inspect"),
  ],
  [
    "secrets-by-reference",
    "an app setting of one's own with a secret in clear",
    setting("FEATURE", "hunter2AbCd3fGh1jKlMn0pQrStUvWxYz4444"),
  ],
  ["secrets-by-reference", "an app setting of one's own by a secret's name", setting("API_KEY", "hunter2")],
  [
    "secrets-by-reference",
    "an app setting of one's own from another vault",
    setting("FEATURE", `@Microsoft.KeyVault(SecretUri=https://evil.vault.azure.net/secrets/feature/${version})`),
  ],
  ["marks", "a tag that holds a secret", set(types.webApp, { "tags.password": "hunter2" })],
  ["marks", "own tags in the place of the program's", set(types.webApp, { tags: { costCenter: "42" } })],
  [
    "marks",
    "own tags on a connection, which overwrite the bot's",
    set(types.connection, { tags: { costCenter: "42" } }),
  ],
])("%s refuses %s", async (rule, _what, make) => {
  expect(await judge(make(), {}, said)).toContainEqual(expect.stringMatching(new RegExp(`^${rule}: `)));
});
