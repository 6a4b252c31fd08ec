import { type Connection, skills } from "../../../contract/connection";
import { providerNames } from "../../../infra/connections/providers";
import { parseSettings, type Settings } from "../../../infra/settings/settings";
import type { Source } from "../../../infra/settings/source";
import { type Problem, SettingsError } from "../../../infra/settings/settings-error";

const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const otherTenant = "9188040d-6c67-4c5b-b112-36a304b66dad";
const connection: Connection = {
  name: "GraphConnection",
  provider: "entra",
  scopes: ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"],
  skill: "mail",
};
const exampleScopes = "[openid, profile, offline_access, User.Read, Mail.Read, Mail.Send]";
const exampleConnection = `connections: [{ name: GraphConnection, provider: entra, scopes: ${exampleScopes}, skill: mail }]`;
const scopesAllowed =
  "a list of delegated permissions: of Microsoft Graph by name, of another API as <API>/<permission>";

/** A good source with changes: settings by name, other namespaces' keys whole; undefined takes one away. */
function source(
  changes: Record<string, unknown> = {},
  others: Partial<Source> & { encrypted?: string[] } = {},
): Source {
  const { encrypted = [], ...rest } = others;
  const values: Record<string, unknown> = { location: "westeurope", connections: [connection], ...changes };
  const config = Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key.includes(":") ? key : `bot-sign-in:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
  );
  return {
    project: "bot-sign-in",
    stack: "dev",
    config,
    isEncrypted: (key) => encrypted.includes(key),
    environment: { ARM_TENANT_ID: tenantId },
    ...rest,
  };
}

function problemsOf(wrong: Source): readonly Problem[] {
  try {
    parseSettings(wrong);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error("The settings were accepted");
}

const withConnection = (changes: Record<string, unknown>): Source =>
  source({ connections: [{ ...connection, ...changes }] });

test.each([
  ["bot-signin:location", "northeurope", "a misspelt project"],
  ["mail-bot:residency", "europe", "another project's name"],
  ["botsignin:anything", "x", "a misspelt project, and a setting that there is not"],
])("%s is read by nobody, and refused: %s (%s)", (key, value) => {
  const [name = ""] = key.split(":").slice(1);
  expect(problemsOf(source({ [key]: value }))).toEqual([
    {
      code: "unknown-setting",
      setting: key,
      seen: JSON.stringify(value),
      allowed: "settings of this program stand under bot-sign-in",
      example: `pulumi config rm ${key}, then pulumi config set ${name} ...`,
      hint: `Nothing reads the namespace ${key.split(":")[0]}.`,
    },
  ]);
});

test("what other packages of a program are told is left to them, and a secret under a wrong name is not shown", () => {
  expect(parseSettings(source({ "cloudflare:apiToken": "x", "azure-native:useOidc": "true" }))).toBeDefined();
  const [problem] = problemsOf(source({ "bot-signin:clientSecret": "hunter2" }));
  expect(problem?.seen).toBe("a secret (not shown)");
});

describe("settings that are right", () => {
  test("a region and one connection are enough, and everything else has a safe default", () => {
    expect(parseSettings(source())).toEqual({
      environment: "dev",
      location: "westeurope",
      residency: "global",
      displayName: "bot-sign-in",
      botSku: "F0",
      hostingSize: "B1",
      connections: [connection],
      secretLifetimeDays: 180,
      secretsRenewed: "never",
      adminConsent: false,
      singleSignOn: false,
      identity: "secret",
      secretless: false,
      chatPage: { enabled: true, framedBy: "self", access: "everyone", allowedNetworks: [] },
      protect: false,
      purgeProtection: false,
      vaultRetentionDays: 7,
      tenantId,
      logRetentionDays: 30,
    } satisfies Settings);
  });

  test("every setting that is given is the one that is used", () => {
    const given = {
      location: "northeurope",
      residency: "europe",
      displayName: "Post",
      botAppType: "SingleTenant",
      botHandle: "contoso-post",
      botSku: "S1",
      hostingSize: "P0v3",
      secretLifetimeDays: 90,
      secretsRenewed: "2027-01-15",
      adminConsent: true,
      singleSignOn: true,
      identity: "managed",
      secretless: true,
      chatPage: {
        enabled: false,
        framedBy: ["https://intranet.contoso.com"],
        access: { signedInTo: connection.name },
        allowedNetworks: ["203.0.113.0/24", "2001:db8::/32"],
      },
      protect: true,
      purgeProtection: true,
      vaultRetentionDays: 30,
      owner: "mail-team@contoso.com",
      commit: "8412f4f",
      // The number of a configuration item, as a tenant's policy may want it.
      serviceManagementReference: "APP0012345",
      tenant: tenantId.toUpperCase(),
      logRetentionDays: 90,
      "azure-native:subscriptionId": "sub",
    };
    const { botAppType: _type, tenant: _tenant, "azure-native:subscriptionId": subscriptionId, ...rest } = given;
    expect(parseSettings(source(given))).toEqual({
      environment: "dev",
      ...rest,
      connections: [connection],
      tenantId,
      subscriptionId,
    });
  });

  test.each([
    ["prod", true],
    ["staging", true],
    ["pr-42", false],
  ])("a stack called %s is protected without being told: %s", (stack, protect) => {
    expect(parseSettings(source({}, { stack })).protect).toBe(protect);
    expect(parseSettings(source({ protect: !protect }, { stack })).protect).toBe(!protect);
  });

  test.each([
    ["the setting", { tenant: tenantId }, {}],
    ["azure-native's own configuration", { "azure-native:tenantId": tenantId }, {}],
    ["azuread's own configuration", { "azuread:tenantId": tenantId }, {}],
    ["the environment", {}, { ARM_TENANT_ID: tenantId }],
  ])("the tenant is taken from %s", (_where, changes, environment) => {
    expect(parseSettings(source(changes, { environment })).tenantId).toBe(tenantId);
  });

  test("azure-native's region and the environment's subscription need not be said twice", () => {
    const environment = { ARM_TENANT_ID: tenantId, ARM_SUBSCRIPTION_ID: "sub" };
    const settings = parseSettings(
      source({ location: undefined, "azure-native:location": "swedencentral" }, { environment }),
    );
    expect([settings.location, settings.subscriptionId]).toEqual(["swedencentral", "sub"]);
  });
});

describe("a wrong setting is one clear problem that names setting, value, what is allowed and an example", () => {
  test("unknown residency, with what was probably meant", () => {
    expect(problemsOf(source({ residency: "Europe" }))).toEqual([
      {
        code: "wrong-value",
        setting: "residency",
        seen: '"Europe"',
        allowed: "global, europe, india",
        example: "pulumi config set residency europe",
        hint: "Did you mean europe?",
      },
    ]);
  });

  test("MultiTenant, which Azure would refuse minutes later, with the way out", () => {
    expect(problemsOf(source({ botAppType: "MultiTenant" }))).toEqual([
      {
        code: "multi-tenant",
        setting: "botAppType",
        seen: '"MultiTenant"',
        allowed: "SingleTenant",
        example: "pulumi config set botAppType SingleTenant",
        hint:
          "Azure has refused new multi-tenant bots since 31 July 2025. A single-tenant bot still talks to every channel: " +
          "remove the setting with pulumi config rm botAppType.",
      },
    ]);
  });

  test.each([
    ["a bad character", "Graph Connection"],
    ["more than 64 characters", "a".repeat(65)],
    ["one character", "a"],
    ["an underscore at its beginning", "_Graph"],
    ["a dash at its beginning", "-Graph"],
  ])("connection name with %s", (_why, name) => {
    expect(problemsOf(withConnection({ name }))).toEqual([
      {
        code: "wrong-value",
        setting: "connections[0].name",
        seen: JSON.stringify(name),
        allowed: "2 to 64 of the characters A-Z a-z 0-9 _ -, a letter or digit first",
        example: "name: GraphConnection",
      },
    ]);
  });

  test("two connections of one name, whatever the case", () => {
    const connections = [
      connection,
      { name: "Other", provider: "github", clientId: "Iv1.a", clientSecret: "s", scopes: [] },
      { name: "graphconnection", scopes: ["User.Read"] },
    ];
    expect(problemsOf(source({ connections }, { encrypted: ["bot-sign-in:connections"] }))).toEqual([
      {
        code: "duplicate-connection",
        setting: "connections[2].name",
        seen: '"graphconnection"',
        allowed: "a name that no other connection has (connections[0] has it)",
        example: "name: graphconnection2",
      },
    ]);
  });

  test.each([
    ["mail.read", "Did you mean Mail.Read? Scopes are case-sensitive."],
    ["https://graph.microsoft.com/mail.read", "Did you mean Mail.Read? Scopes are case-sensitive."],
    [
      "https://graph.microsoft.com",
      "A scope is the API, a slash and one of its permissions; without an API it is Microsoft Graph's.",
    ],
    [
      "Mail.Read Mail.Send",
      "A scope is the API, a slash and one of its permissions; without an API it is Microsoft Graph's.",
    ],
  ])("scope %s, which Entra has under no name", (scope, hint) => {
    expect(problemsOf(withConnection({ scopes: [...connection.scopes, scope] }))).toEqual([
      {
        code: "wrong-value",
        setting: "connections[0].scopes[6]",
        seen: JSON.stringify(scope),
        allowed: scopesAllowed,
        example: `scopes: ${exampleScopes}`,
        hint,
      },
    ]);
  });

  test("a scope without which Graph would refuse the skill to every user", () => {
    expect(problemsOf(withConnection({ scopes: ["openid", "User.Read", "Mail.Read"] }))).toEqual([
      {
        code: "scope-missing",
        setting: "connections[0].scopes",
        seen: '["openid","User.Read","Mail.Read"]',
        allowed: "at least User.Read, Mail.Read, Mail.Send for the skill mail",
        example: `scopes: ${exampleScopes}`,
        hint: "Microsoft Graph would refuse the skill without Mail.Send.",
      },
    ]);
  });

  test.each([
    ["skill", "mial", "mail"],
    ["provider", "entr", "entra"],
    ["provider", "Aadv2", "entra"],
    ["provider", "GitHub", "github"],
  ])("unknown %s %s", (field, value, meant) => {
    const problem = problemsOf(withConnection({ [field]: value }))[0]!;
    expect(problem).toEqual({
      code: "wrong-value",
      setting: `connections[0].${field}`,
      seen: JSON.stringify(value),
      allowed: (field === "skill" ? skills : providerNames).join(", "),
      example: `${field}: ${meant}`,
      hint: `Did you mean ${meant}?`,
    });
  });

  test.each(["abc", "a".repeat(43), "contoso.bot", "-bot1"])(
    "bot handle %s, which portal or CLI refuse",
    (botHandle) => {
      expect(problemsOf(source({ botHandle }))).toEqual([
        {
          code: "wrong-value",
          setting: "botHandle",
          seen: JSON.stringify(botHandle),
          allowed: "4 to 42 of A-Z a-z 0-9 _ -, beginning with a letter or digit",
          example: "pulumi config set botHandle contoso-mail-bot",
        },
      ]);
    },
  );

  test.each(["0", "5000", "-1", "1.5", "half a year"])("secret lifetime of %s days", (secretLifetimeDays) => {
    expect(problemsOf(source({ secretLifetimeDays }))).toEqual([
      {
        code: "wrong-value",
        setting: "secretLifetimeDays",
        seen: JSON.stringify(secretLifetimeDays),
        allowed: "a whole number of days from 1 to 730",
        example: "pulumi config set secretLifetimeDays 180",
      },
    ]);
  });

  test("a tenant that nobody names", () => {
    expect(problemsOf(source({}, { environment: {} }))).toEqual([
      {
        code: "missing-setting",
        setting: "tenant",
        allowed: "a GUID of the form 00000000-0000-0000-0000-000000000000",
        example: "pulumi config set tenant $(az account show --query tenantId --output tsv)",
        hint: "Neither ARM_TENANT_ID nor azure-native:tenantId nor azuread:tenantId names it either.",
      },
    ]);
  });

  test("two tenants, of which the bot would look in one for an application made in the other", () => {
    expect(problemsOf(source({ tenant: otherTenant }))).toEqual([
      {
        code: "tenants-differ",
        setting: "tenant",
        seen: JSON.stringify(otherTenant),
        allowed: `the tenant that ARM_TENANT_ID names, ${tenantId}`,
        example: `pulumi config set tenant ${tenantId}`,
        hint: "The applications would be made in one tenant and the bot would look for them in the other.",
      },
    ]);
  });

  test("a missing region", () => {
    expect(problemsOf(source({ location: undefined }))).toEqual([
      {
        code: "missing-setting",
        setting: "location",
        allowed: "the name of an Azure region, in small letters without spaces",
        example: "pulumi config set location westeurope",
      },
    ]);
  });

  test("no connection", () => {
    const allowed = "a list of at least one connection, each with name, provider and scopes";
    const problem = { setting: "connections", allowed, example: exampleConnection };
    expect(problemsOf(source({ connections: undefined }))).toEqual([{ ...problem, code: "missing-setting" }]);
    expect(problemsOf(source({ connections: [] }))).toEqual([{ ...problem, code: "wrong-value", seen: "[]" }]);
    expect(problemsOf(source({ connections: "GraphConnection" }))).toEqual([
      { ...problem, code: "wrong-value", seen: '"GraphConnection"' },
    ]);
  });

  test("a misspelt setting name, with the name that was meant", () => {
    const [problem] = problemsOf(source({ residancy: "europe" }));
    expect(problem).toEqual({
      code: "unknown-setting",
      setting: "residancy",
      seen: '"europe"',
      allowed:
        "adminConsent, adopted, appSettings, botAppType, botHandle, botSku, chatPage, code, commit, connections, displayName, environment, " +
        "existing, expires, hostingSize, identity, location, logRetentionDays, owner, protect, purgeProtection, residency, " +
        "secretLifetimeDays, secretless, secretsRenewed, secretsRotation, serviceManagementReference, singleSignOn, tags, teams, tenant, vaultRetentionDays",
      example: "pulumi config set residency ...",
      hint: "No such setting exists. Did you mean residency?",
    });
  });

  test("a misspelt field of a connection and of the chat page", () => {
    expect(problemsOf(withConnection({ skil: "mail" }))).toEqual([
      {
        code: "unknown-setting",
        setting: "connections[0].skil",
        seen: '"mail"',
        allowed:
          "name, provider, scopes, skill, api, readAs, adopted, clientId, clientSecret, secretless, permissions, tokenExchangeUrl, tenantId",
        example: exampleConnection,
        hint: "Did you mean skill?",
      },
    ]);
    expect(problemsOf(source({ chatPage: { framedby: "none" } }))).toEqual([
      {
        code: "unknown-setting",
        setting: "chatPage.framedby",
        seen: '"none"',
        allowed: "enabled, framedBy, access, allowedNetworks",
        example: "chatPage: { enabled: true, framedBy: [https://intranet.contoso.com] }",
        hint: "Did you mean framedBy?",
      },
    ]);
  });

  test.each(["everyone", ["https://*.contoso.com"], ["http://contoso.com"], ["https://contoso.com/path"], []])(
    "a chat page that %j may frame",
    (framedBy) => {
      expect(problemsOf(source({ chatPage: { framedBy } }))).toEqual([
        {
          code: "wrong-value",
          setting: "chatPage.framedBy",
          seen: JSON.stringify(framedBy),
          allowed: "none, self, or a list of origins: https://host, without path or wildcard",
          example: "chatPage: { enabled: true, framedBy: [https://intranet.contoso.com] }",
        },
      ]);
    },
  );

  test.each([
    ["Everyone", undefined],
    ["signedInTo", undefined],
    [{}, undefined],
    [null, undefined],
    [[], undefined],
    [{ signedInTo: "GraphConection" }, "Did you mean GraphConnection?"],
    [{ signedInTo: "everyone" }, undefined],
    [{ signedInTo: "GraphConnection", allowedNetworks: [] }, undefined],
  ])("a chat page to which %j gives access", (access, hint) => {
    expect(problemsOf(source({ chatPage: { access } }))).toEqual([
      {
        code: "wrong-value",
        setting: "chatPage.access",
        seen: JSON.stringify(access),
        allowed: "everyone, signedIn, or { signedInTo: <name> } with a connection of provider entra: GraphConnection",
        example: "chatPage: { access: { signedInTo: GraphConnection } }",
        ...(hint && { hint }),
      },
    ]);
  });

  test.each([
    ["203.0.113.7", "Did you mean 203.0.113.7/32?"],
    ["2001:db8::1", "Did you mean 2001:db8::1/128?"],
    ["0.0.0.0/0", "That is the whole internet: leave the setting out."],
    ["::/0", "That is the whole internet: leave the setting out."],
    ["203.0.113.0/33", undefined],
    ["2001:db8::/129", undefined],
    ["203.0.113.0/024", undefined],
    ["203.0.113/24", undefined],
    ["::ffff:203.0.113.0/120", undefined],
    ["0:0:0:0:0:ffff:cb00:7100/120", undefined],
    ["fe80::1%eth0/64", undefined],
    ["203.0.113.0/24 ", undefined],
    ["*", undefined],
    [24, undefined],
  ])("a chat page for the network %j", (network, hint) => {
    expect(problemsOf(source({ chatPage: { allowedNetworks: ["10.0.0.0/8", network] } }))).toEqual([
      {
        code: "wrong-value",
        setting: "chatPage.allowedNetworks[1]",
        seen: JSON.stringify(network),
        allowed: "a list of networks: an IPv4 or IPv6 address, a slash and the bits that count, at least 1",
        example: "chatPage: { allowedNetworks: [203.0.113.0/24, 2001:db8::/32] }",
        ...(hint && { hint }),
      },
    ]);
  });

  test.each([[[]], ["203.0.113.0/24"], [{}]])("a chat page for %j instead of a list of networks", (allowedNetworks) => {
    const [problem, ...others] = problemsOf(source({ chatPage: { allowedNetworks } }));
    expect([problem?.setting, problem?.hint, others]).toEqual([
      "chatPage.allowedNetworks",
      "Leave it out where the page is for every network.",
      [],
    ]);
  });

  test("all problems at once, not one for each attempt", () => {
    const wrong = source({ residency: "mars", botSku: "F1", singleSignOn: "perhaps" });
    expect(problemsOf(wrong).map(({ setting }) => setting)).toEqual(["residency", "botSku", "singleSignOn"]);
  });

  test("one line that a person can act on", () => {
    expect(() => parseSettings(source({ residency: "Europe" }))).toThrow(
      new SettingsError(problemsOf(source({ residency: "Europe" }))),
    );
    expect(new SettingsError(problemsOf(source({ residency: "Europe" }))).message).toBe(
      'Setting residency is "Europe" [wrong-value]. Did you mean europe? Allowed: global, europe, india. ' +
        "Example: pulumi config set residency europe",
    );
  });
});

const shared = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/shared";
const vault = `${shared}/providers/Microsoft.KeyVault/vaults/shared-vault`;
const plan = `${shared}/providers/Microsoft.Web/serverfarms/shared-plan`;
const clientId = "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11";
const [forId, forGroup] = [
  'existing: { vault: "/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<name>" }',
  'existing: { resourceGroup: "shared" }',
];

describe("what is there already, tags and app settings of one's own", () => {
  test("are taken from the stack file; numbers and switches, which pulumi config set --path makes of texts, are texts", () => {
    const existing = { resourceGroup: "shared", vault, plan, signInApp: clientId };
    const tags = { costCenter: 42, owner2: "mail" };
    const { appSettings, ...settings } = parseSettings(
      source({ existing, tags, appSettings: { FEATURE: true, AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com" } }),
    );
    expect([settings.existing, settings.tags]).toEqual([existing, { costCenter: "42", owner2: "mail" }]);
    expect(appSettings).toEqual({ FEATURE: "true", AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com" });
  });

  test("app settings that Pulumi keeps encrypted are secret: none of them is an open one", () => {
    const appSettings = { API_KEY: "hunter2", FEATURE: "on" };
    const settings = parseSettings(source({ appSettings }, { encrypted: ["bot-sign-in:appSettings"] }));
    expect([settings.appSettings, settings.secretAppSettings]).toEqual([undefined, appSettings]);
  });

  const kinds = "resourceGroup, vault, plan, workspace, signInApp, botApp, botIdentity, endpoint";
  test.each<[string, string, string, string, string, string | undefined]>([
    ["existing", "shared", '"shared"', `an object with any of ${kinds}`, forGroup, undefined],
    ["existing.vualt", vault, JSON.stringify(vault), kinds, forId, "Did you mean vault?"],
    ["existing.subscription", "x", '"x"', kinds, forGroup, "No such setting exists."],
    [
      "existing.vault",
      "shared-vault",
      '"shared-vault"',
      "the ARM id of a Microsoft.KeyVault/vaults",
      forId,
      "It is told by az keyvault show --name <name> --query id --output tsv",
    ],
    [
      "existing.vault",
      plan,
      JSON.stringify(plan),
      "the ARM id of a Microsoft.KeyVault/vaults",
      forId,
      "That is the id of a Microsoft.Web/serverfarms.",
    ],
    [
      "existing.resourceGroup",
      shared,
      JSON.stringify(shared),
      "the name of a resource group of the same subscription, 1 to 90 characters",
      forGroup,
      "Did you mean shared?",
    ],
    [
      "existing.signInApp",
      `/applications/${clientId}`,
      `"/applications/${clientId}"`,
      "the client id of an application, a GUID",
      `existing: { signInApp: "${clientId}" }`,
      "That is an application's object id; its client id is shown as appId.",
    ],
  ])("%s that is %s", (setting, value, seen, allowed, example, hint) => {
    const [, field] = setting.split(".");
    const code = /vualt|subscription$/.test(setting) ? "unknown-setting" : "wrong-value";
    expect(problemsOf(source({ existing: field ? { [field]: value } : value }))).toEqual([
      { code, setting, seen, allowed, example, ...(hint && { hint }) },
    ]);
  });

  test("a sign-in app of others that would have to be changed for single sign-on, where it is on by default", () => {
    expect(problemsOf(source({ existing: { signInApp: clientId } }, { stack: "prod" }))).toEqual([
      {
        code: "wrong-value",
        setting: "singleSignOn",
        seen: "true",
        allowed: "false beside existing.signInApp",
        example: "singleSignOn: false",
        hint: "The sign-in app of others would have to be changed for it, and is never changed.",
      },
    ]);
  });

  test.each([
    [{ Stack: "mine" }, "tags.Stack", "another name than project, stack, component, owner, commit, expires, which"],
    [{ "a/b": "x" }, "tags.a/b", "a name of 1 to 128 characters, none of < > % &"],
    [{ a: { b: "c" } }, "tags.a", "a text of at most 256 characters"],
    [{ a: "x".repeat(257) }, "tags.a", "a text of at most 256 characters"],
    [{ team: "a", Team: "b" }, "tags.Team", "names that differ in more than case"],
    [["a"], "tags", "an object of names and texts"],
    [Object.fromEntries(Array.from({ length: 45 }, (_, at) => [`t${at}`, "x"])), "tags", "at most 44 of them"],
  ])("tags %j", (tags, setting, allowed) => {
    expect(problemsOf(source({ tags }))).toMatchObject([
      { code: "wrong-value", setting, allowed: expect.stringContaining(allowed) as string },
    ]);
  });

  test.each([
    ["CHAT_PAGE", "on"],
    ["chat_page", "on"],
    ["NODE_OPTIONS", "--inspect"],
    ["WEBSITE_RUN_FROM_PACKAGE", "https://evil.example/code.zip"],
    ["HTTPS_PROXY", "http://evil.example"],
    ["AZURE_AUTHORITY_HOST", "https://evil.example"],
    ["PORT", "1"],
    ["MY-FLAG", "on"],
    ["1ST", "on"],
    ["LIST", ["on"]],
  ])("an app setting %s, which is not the deployer's to give, or no app setting", (name, value) => {
    const problems = problemsOf(source({ appSettings: { [name]: value } }));
    expect(problems).toMatchObject([
      { code: "wrong-value", setting: `appSettings.${name}`, seen: JSON.stringify(value) },
    ]);
  });

  test.each([
    ["appSettings.API_KEY", { appSettings: { API_KEY: "hunter2" } }],
    ["appSettings.STORE", { appSettings: { STORE: "https://a.example;AccountKey=hunter2" } }],
    ["appSettings.TOKENS", { appSettings: { TOKENS: "hunter2AbCd3fGh1jKlMn0pQrStUvWxYz4444" } }],
    ["tags.password", { tags: { password: "hunter2" } }],
  ])("%s in clear is refused, and not shown", (setting, changes) => {
    const problems = problemsOf(source(changes));
    expect(problems).toMatchObject([{ code: "plain-secret", setting, seen: "a secret (not shown)" }]);
    expect(new SettingsError(problems).message).not.toContain("hunter2");
  });

  test("tags cannot be secret, and of settings that are encrypted no value is shown", () => {
    const encrypted = ["tags", "existing", "appSettings"].map((name) => `bot-sign-in:${name}`);
    const changes = { tags: { a: "hunter2" }, existing: { vault: "hunter2" }, appSettings: { PORT: "hunter2" } };
    const problems = problemsOf(source(changes, { encrypted }));
    expect(problems.map(({ setting }) => setting)).toEqual(["existing.vault", "tags", "appSettings.PORT"]);
    expect(new SettingsError(problems).message).not.toContain("hunter2");
  });
});

describe("another cloud than the public one is refused with a sentence, whoever says it", () => {
  const sentence =
    "Only the public cloud is served: in the others Bot Service, Entra, Microsoft Graph, Key Vault and App Service have " +
    "hosts of their own, and half of the set-up would call the public ones.";

  test.each([
    ["azure-native:environment", "usgovernment", "pulumi config rm azure-native:environment"],
    ["azuread:environment", "china", "pulumi config rm azuread:environment"],
    ["ARM_ENVIRONMENT", "usgovernment", "unset ARM_ENVIRONMENT"],
    ["AZURE_ENVIRONMENT", "AzureUSGovernment", "unset AZURE_ENVIRONMENT"],
    ["AZURE_CLOUD", "AzureChinaCloud", "unset AZURE_CLOUD"],
    ["AZURE_CLOUD_NAME", "AzureUSGovernment", "unset AZURE_CLOUD_NAME"],
    ["ARM_METADATA_HOSTNAME", "management.usgovcloudapi.net", "unset ARM_METADATA_HOSTNAME"],
    ["AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/", "unset AZURE_AUTHORITY_HOST"],
  ])("%s", (setting, said, example) => {
    const isKey = setting.includes(":");
    const environment = { ARM_TENANT_ID: tenantId, ...(isKey ? {} : { [setting]: said }) };
    expect(problemsOf(source(isKey ? { [setting]: said } : {}, { environment }))).toEqual([
      {
        code: "other-cloud",
        setting,
        seen: JSON.stringify(said),
        allowed: "public, or nothing",
        example,
        hint: sentence,
      },
    ]);
  });

  test.each([
    ["location", "usgovvirginia"],
    ["location", "chinaeast2"],
    ["azure-native:location", "US Gov Virginia"],
    ["location", "germanycentral"],
  ])("%s %s", (setting, region) => {
    expect(problemsOf(source({ location: undefined, [setting]: region }))).toEqual([
      {
        code: "other-cloud",
        setting,
        seen: JSON.stringify(region),
        allowed: "a region of the public cloud",
        example: "pulumi config set location westeurope",
        hint: sentence,
      },
    ]);
  });

  test("the public cloud may be said in any of its words", () => {
    const environment = {
      ARM_TENANT_ID: tenantId,
      ARM_ENVIRONMENT: "public",
      AZURE_ENVIRONMENT: "AzurePublicCloud",
      AZURE_CLOUD_NAME: "AzureCloud",
      AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
    };
    const keys = { "azure-native:environment": "public", "azuread:environment": "global" };
    expect(parseSettings(source({ ...keys, location: "germanywestcentral" }, { environment })).location).toBe(
      "germanywestcentral",
    );
  });
});

describe("a secret in plain text is refused, and its value is never shown", () => {
  const secret = "hunter2-in-clear";

  test.each(["azure-native:clientSecret", "azuread:clientSecret", "azuread:clientCertificatePassword"])(
    "%s without --secret",
    (setting) => {
      expect(problemsOf(source({ [setting]: secret }))).toEqual([
        {
          code: "plain-secret",
          setting,
          seen: "a secret (not shown)",
          allowed: "an encrypted value",
          example: `pulumi config set --secret ${setting}`,
          hint: "It stands in clear in the stack file: renew it, then set it encrypted.",
        },
      ]);
      expect(() => parseSettings(source({ [setting]: secret }, { encrypted: [setting] }))).not.toThrow();
    },
  );

  test.each([
    ["botPassword", source({ botPassword: secret })],
    [
      "connections[0].clientSecret",
      withConnection({ clientId: "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11", clientSecret: secret }),
    ],
    ["connections[0].consumerSecret", withConnection({ consumerSecret: secret })],
  ])("%s in clear", (setting, wrong) => {
    const problems = problemsOf(wrong);
    expect(problems.map(({ code, setting, seen }) => ({ code, setting, seen }))).toEqual([
      { code: "plain-secret", setting, seen: "a secret (not shown)" },
    ]);
    expect(new SettingsError(problems).message).not.toContain(secret);
  });

  test("a wrong value that Pulumi keeps encrypted stays hidden", () => {
    const encrypted = ["bot-sign-in:residency", "bot-sign-in:connections", "bot-sign-in:chatPage"];
    const changes = { residency: secret, connections: [{ ...connection, name: `${secret} !` }], chatPage: secret };
    expect(new SettingsError(problemsOf(source(changes, { encrypted }))).message).not.toContain(secret);
  });

  test("an Entra secret that stands where the client id belongs stays hidden", () => {
    const entraSecret = "Abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789a";
    const swapped = { ...connection, clientId: entraSecret, clientSecret: "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11" };
    const problems = problemsOf(source({ connections: [swapped] }, { encrypted: ["bot-sign-in:connections"] }));
    expect(problems).toMatchObject([{ setting: "connections[0].clientId", seen: "a secret (not shown)" }]);
    expect(new SettingsError(problems).message).not.toContain(entraSecret);
  });

  test("the command that sets a missing secret names the connection that lacks it", () => {
    const gitHub = { name: "GitHub", provider: "github", clientId: "Ov23li", scopes: ["repo"] };
    const [problem] = problemsOf(source({ connections: [connection, gitHub] }));
    expect(problem).toMatchObject({
      setting: "connections[1].clientSecret",
      example: "pulumi config set --secret --path 'connections[1].clientSecret'",
    });
  });

  test("of connections that hold an encrypted secret only the secret stays hidden", () => {
    const gitHub = { name: "GitHub", provider: "github", clientId: "Ov23li", scopes: ["repo"] };
    const wrong = source(
      {
        connections: [
          { ...gitHub, name: "Git Hub", clientSecret: secret, clientSecrt: secret, api: `http://${secret}` },
        ],
      },
      { encrypted: ["bot-sign-in:connections"] },
    );
    expect(problemsOf(wrong).map(({ setting, seen }) => [setting, seen])).toEqual([
      ["connections[0].clientSecrt", "a secret (not shown)"],
      ["connections[0].name", '"Git Hub"'],
      ["connections[0].api", "a secret (not shown)"],
    ]);
    expect(new SettingsError(problemsOf(wrong)).message).not.toContain(secret);
  });
});
