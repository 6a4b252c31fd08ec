import { identityProviders } from "../../../contract/identity-providers";
import type { Choices } from "../../../ops/adopt/choices";
import { decide, type Adoption } from "../../../ops/adopt/decide";
import type { BotConnection } from "../../../infra/azure/bot-connections";
import type { HandMade, HandMadeWebApp } from "../../../ops/adopt/hand-made";
import type { Rebuild } from "../../../ops/adopt/rebuild";
import { checkSettings, configOf } from "../../../ops/adopt/write";
import { azureAnswers, subscriptionId, tenantId } from "../../support/azure-answers";
import { record } from "../../support/recorder";
import { asConfig, project, runProgram } from "../../infra/program";

const group = `/subscriptions/${subscriptionId}/resourceGroups/Contoso.Bots`;
const appId = "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11";
const choices: Choices = { project, stack: "contoso" };
const provider = (name: string): BotConnection["provider"] => identityProviders.find((one) => one.name === name);

const graph: BotConnection = {
  id: "",
  name: "Graph connection 2.0",
  provider: provider("Aadv2"),
  providerId: provider("Aadv2")!.id,
  clientId: appId,
  scopes: "openid User.Read",
  parameters: new Map([["tenantid", tenantId.toUpperCase()]]),
};
const github: BotConnection = {
  id: "",
  name: "GitHub",
  provider: provider("github"),
  providerId: provider("github")!.id,
  clientId: "Ov23liExample",
  scopes: "read:user repo",
  parameters: new Map<string, string>(),
};

/** openid and User.Read of Microsoft Graph. */
const permissionIds = ["37f7f235-527c-4136-accd-4a02d197296e", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"];
const application = {
  clientId: appId,
  displayName: "Contoso helper",
  permissionIds,
  passwords: 1,
  redirectUris: ["https://token.botframework.com/.auth/web/redirect"],
};
const webApp: HandMadeWebApp = {
  id: `${group}/providers/Microsoft.Web/sites/contoso-web`,
  name: "contoso-web",
  resourceGroup: "contoso.bots",
  location: "uksouth",
  linux: true,
  systemIdentity: false,
  planId: `${group}/providers/Microsoft.Web/serverfarms/shared-plan`,
  identities: [],
  inNetwork: false,
  settings: { MicrosoftAppId: appId, FEATURE: "on", WEBSITE_TIME_ZONE: "GMT" },
};

function handMade(changes: Partial<HandMade> = {}, ofBot: Partial<HandMade["bot"]> = {}): HandMade {
  return {
    subscriptionId,
    tenantId,
    resourceGroup: "Contoso.Bots",
    groupLocation: "West Europe",
    bot: {
      id: `${group}/providers/Microsoft.BotService/botServices/contoso.helper`,
      name: "contoso.helper",
      location: "global",
      sku: "S1",
      tags: { team: "helpdesk" },
      displayName: "Contoso helper",
      endpoint: "https://bots.contoso.com/api/messages",
      appId,
      appType: "SingleTenant",
      appTenantId: tenantId,
      identityId: undefined,
      ...ofBot,
    },
    connections: [graph],
    channels: ["DirectLineChannel", "MsTeamsChannel", "WebChatChannel"],
    webApp: undefined,
    vaults: [],
    vaultsElsewhere: [],
    logs: [],
    unread: [],
    applications: new Map([[appId, application]]),
    ...changes,
  };
}

const adopt = (seen: HandMade, more: Partial<Choices> = {}): Adoption => {
  const decision = decide(seen, { ...choices, ...more });
  if (decision.kind !== "adoption") throw new Error(decision.why);
  checkSettings(configOf(decision, project, subscriptionId), project, more.stack ?? choices.stack);
  return decision;
};

test("the settings say names, sizes and regions as people have them", () => {
  expect(adopt(handMade()).settings).toEqual({
    environment: "prod",
    tenant: tenantId,
    location: "westeurope",
    residency: "global",
    displayName: "Contoso helper",
    botSku: "S1",
    protect: true,
    singleSignOn: false,
    chatPage: { enabled: false },
    adopted: { bot: "contoso.helper", teams: true },
    connections: [{ name: "Graph connection 2.0", provider: "entra", scopes: ["openid", "User.Read"], adopted: true }],
    existing: {
      resourceGroup: "Contoso.Bots",
      botApp: appId,
      signInApp: appId,
      endpoint: "https://bots.contoso.com/api/messages",
    },
    tags: { team: "helpdesk" },
  });
});

test("a connection of another provider, and one of an application that nobody here may renew, keep their own client id", () => {
  const elsewhere = "0a7e1c0e-5a52-4a43-9d0a-3f1a4b0c2e22";
  const { settings, notes } = adopt(
    handMade({
      connections: [{ ...graph, clientId: elsewhere, parameters: new Map() }, github],
      applications: new Map([[appId, application]]),
    }),
  );
  expect(settings["connections"]).toEqual([
    {
      name: "Graph connection 2.0",
      provider: "entra",
      scopes: ["openid", "User.Read"],
      adopted: true,
      clientId: elsewhere,
      tenantId: "common",
    },
    { name: "GitHub", provider: "github", scopes: ["read:user", "repo"], adopted: true, clientId: "Ov23liExample" },
  ]);
  expect(settings["existing"]).not.toHaveProperty("signInApp");
  expect(notes.leftOut.join("\n")).toContain(`the application ${elsewhere} is not in the tenant`);
});

test("an application that lacks the Token Service's address gets no password, and the command says what it lacks", () => {
  const applications = new Map([[appId, { ...application, redirectUris: [] }]]);
  const { settings, notes } = adopt(handMade({ applications }));
  expect(settings["existing"]).not.toHaveProperty("signInApp");
  expect(notes.leftOut.join("\n")).toContain("lack https://token.botframework.com/.auth/web/redirect");
});

test("a vault that roles open is used, and one that access policies open is not", () => {
  const vault = { id: `${group}/providers/Microsoft.KeyVault/vaults/keys`, name: "keys", byRoles: true, tenantId };
  expect(adopt(handMade({ vaults: [vault] })).settings["existing"]).toHaveProperty("vault", vault.id);
  const { settings, notes } = adopt(handMade({ vaults: [{ ...vault, byRoles: false }] }));
  expect(settings["existing"]).not.toHaveProperty("vault");
  expect(notes.leftOut.join("\n")).toContain("the vault keys, which is opened by access policies");
});

test("a workspace is handed in where no setting of ours would meet one that Azure has already", () => {
  const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
  const of = "web app" as const;
  const logs = [{ of, workspace, categories: ["AppServiceConsoleLogs"] }];
  expect(adopt(handMade({ logs })).settings["existing"]).toHaveProperty("workspace", workspace);
  const ofBot = [{ of: "bot" as const, workspace, categories: ["BotRequest"] }];
  expect(adopt(handMade({ logs: ofBot })).settings["existing"]).not.toHaveProperty("workspace");
});

test("a managed identity as bot stays the bot", () => {
  const identityId = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/helper`;
  const { settings } = adopt(handMade({}, { appType: "UserAssignedMSI", identityId }));
  expect(settings).toMatchObject({ identity: "managed", existing: { botIdentity: identityId } });
  expect(settings["existing"]).not.toHaveProperty("botApp");
});

test("what is imported is what the program makes, under its names and in its components", async () => {
  const decision = adopt(handMade());
  const config = asConfig(configOf(decision, project, subscriptionId));
  const { resources } = await record({ project, stack: "contoso", config }, azureAnswers, runProgram);
  const made = resources.map(({ type, urn }) => [type, urn.split("::").at(-1), urn]);
  for (const { type, logicalName } of decision.imports.resources) {
    expect(made.map(([of, name]) => [of, name])).toContainEqual([type, logicalName]);
  }
  const one = (type: string): (typeof resources)[number] => resources.find((found) => found.type.endsWith(`:${type}`))!;
  const parents = Object.fromEntries(
    decision.imports.resources.map(({ name, parent }) => [
      name,
      decision.imports.resources.find((of) => of.name === parent),
    ]),
  );
  for (const { type, name, logicalName } of decision.imports.resources.filter(({ component }) => !component)) {
    const found = resources.find((of) => of.type === type && of.urn.endsWith(`::${logicalName}`))!;
    expect(found.parent).toContain(parents[name]!.logicalName);
  }
  // Nothing is written to what keeps a secret that nobody can read, and nothing that no setting says is written to the bot.
  expect(one("BotConnection").ignoreChanges).toEqual(expect.arrayContaining(["properties", "tags", "location"]));
  expect(one("Channel").ignoreChanges).toEqual(expect.arrayContaining(["properties", "tags", "location"]));
  expect(one("Bot").ignoreChanges).toEqual(
    expect.arrayContaining(["properties.iconUrl", "properties.description", "properties.publicNetworkAccess"]),
  );
  expect(one("Bot").inputs).toMatchObject({ resourceName: "contoso.helper", resourceGroupName: "Contoso.Bots" });
  const types = resources.map(({ type }) => type.split(":").at(-1));
  for (const absent of [
    "WebApp",
    "Application",
    "DirectLineSite",
    "WebChatDefaultSite",
    "StorageAccount",
    "BotHealth",
  ]) {
    expect(types).not.toContain(absent);
  }
});

describe("with its code", () => {
  const code = { folder: "../my-bot", sdk: "agents-js" };
  const seen = (changes: Partial<HandMadeWebApp> = {}): HandMade => handMade({ webApp: { ...webApp, ...changes } });

  test("the web app is adopted under its own name, on its own plan, and its own settings go on", () => {
    const { settings, imports, notes } = adopt(seen({ systemIdentity: true }), { code });
    expect(settings).toMatchObject({
      location: "uksouth",
      adopted: { bot: "contoso.helper", teams: true, webApp: "contoso-web", systemIdentity: true },
      existing: { plan: webApp.planId },
      appSettings: { FEATURE: "on" },
      code,
    });
    expect(settings["existing"]).not.toHaveProperty("endpoint");
    expect(imports.resources.at(-1)).toMatchObject({ type: "azure-native:web:WebApp", id: webApp.id });
    expect(notes.written.join("\n")).toContain("WEBSITE_TIME_ZONE");
  });

  test.each<[why: string, Partial<HandMadeWebApp>]>([
    ["it runs on Windows", { linux: false }],
    ["it is in the resource group web, the bot in Contoso.Bots", { resourceGroup: "web" }],
    ["it is in a virtual network", { inNetwork: true }],
    ["it has the identity reader", { identities: ["/subscriptions/x/userAssignedIdentities/reader"] }],
    ["its setting API_KEY seems to hold a secret in clear", { settings: { API_KEY: "s3cret-value" } }],
  ])("it is refused where %s, and no secret of it is shown", (why, changes) => {
    expect(() => adopt(seen(changes), { code })).toThrow(why);
    expect(() => adopt(seen(changes), { code })).not.toThrow("s3cret-value");
  });
});

describe("what cannot be adopted", () => {
  test("a multi-tenant bot: the plan of a rebuild, in which the old one goes last, and no settings", () => {
    const plan = decide(
      handMade({ channels: ["MsTeamsChannel", "SlackChannel"] }, { appType: "MultiTenant" }),
      choices,
    );
    expect(plan.kind).toBe("rebuild");
    const { steps, lost } = plan as Rebuild;
    expect(steps.at(-1)).toContain("az bot delete --name contoso.helper --resource-group Contoso.Bots");
    expect(steps.slice(0, -1).join("\n")).not.toContain("delete");
    expect(lost.join("\n")).toContain("SlackChannel");
  });

  test.each<[what: string, HandMade, words: string]>([
    ["of another tenant than its subscription", handMade({}, { appTenantId: appId }), "works in one tenant"],
    ["whose application is gone", handMade({ applications: new Map() }), "the bot gets no token"],
    ["without a connection", handMade({ connections: [] }), "has no connection"],
    ["at a location that no residency has", handMade({}, { location: "westus" }), "A bot never moves"],
    ["without an endpoint", handMade({}, { endpoint: "" }), "has no messaging endpoint"],
  ])("a bot %s is refused with the fix", (_what, seen, words) => {
    expect(() => decide(seen, choices)).toThrow(words);
  });

  test("a bot with a key in its endpoint is refused without the key", () => {
    const seen = handMade({}, { endpoint: "https://bots.contoso.com/api/messages?code=aKeyOfFunctions" });
    const refusal = (): Adoption => adopt(seen);
    expect(refusal).toThrow("takes messages at https://bots.contoso.com/api/messages?..., and");
    expect(refusal).not.toThrow("aKeyOfFunctions");
  });

  test("of a bot's tags those stay that the settings take, whatever stands beside them", () => {
    const { settings, notes } = adopt(handMade({}, { tags: { costCenter: "42", Owner: "helpdesk", "a/b": "c" } }));
    expect(settings["tags"]).toEqual({ costCenter: "42" });
    expect(notes.written[0]).toMatch(/of its own those go .*tags\.Owner.*tags\.a\/b/);
  });
});
