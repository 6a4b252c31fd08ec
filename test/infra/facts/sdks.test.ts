import { ends } from "../../../infra/facts/ends";
import { dialectSettings, type SdkName, sdkNames, sdks } from "../../../infra/facts/sdks";

const bot = { appId: "the-app", tenantId: "the-tenant", secret: "@Microsoft.KeyVault(the secret)" };
const connections = [{ name: "GraphConnection", readAs: "graph" }, { name: "Unread" }];

const microsoftApp = {
  MicrosoftAppType: "SingleTenant",
  MicrosoftAppId: "the-app",
  MicrosoftAppPassword: "@Microsoft.KeyVault(the secret)",
  MicrosoftAppTenantId: "the-tenant",
};

/** As the SDK's own samples name them; the addresses stand in the table. */
const written: Readonly<Record<SdkName, object>> = {
  ours: { ...microsoftApp, NODE_ENV: "production" },
  "agents-js": {
    connections__serviceConnection__settings__clientId: "the-app",
    connections__serviceConnection__settings__clientSecret: "@Microsoft.KeyVault(the secret)",
    connections__serviceConnection__settings__tenantId: "the-tenant",
    connections__serviceConnection__settings__validateIssuer: "true",
    connections__serviceConnection__settings__issuers: "https://api.botframework.com",
    connectionsMap__0__connection: "serviceConnection",
    connectionsMap__0__serviceUrl: "*",
    AgentApplication__UserAuthorization__Handlers__graph__Settings__azureBotOAuthConnectionName: "GraphConnection",
    NODE_ENV: "production",
  },
  "agents-net": {
    Connections__ServiceConnection__Settings__AuthType: "ClientSecret",
    Connections__ServiceConnection__Settings__ClientId: "the-app",
    Connections__ServiceConnection__Settings__ClientSecret: "@Microsoft.KeyVault(the secret)",
    Connections__ServiceConnection__Settings__TenantId: "the-tenant",
    Connections__ServiceConnection__Settings__Scopes__0: "https://api.botframework.com/.default",
    ConnectionsMap__0__ServiceUrl: "*",
    ConnectionsMap__0__Connection: "ServiceConnection",
    TokenValidation__Audiences__0: "the-app",
    TokenValidation__TenantId: "the-tenant",
    AgentApplication__UserAuthorization__Handlers__graph__Settings__AzureBotOAuthConnectionName: "GraphConnection",
  },
  "agents-python": {
    CONNECTIONS__SERVICE_CONNECTION__SETTINGS__CLIENTID: "the-app",
    CONNECTIONS__SERVICE_CONNECTION__SETTINGS__CLIENTSECRET: "@Microsoft.KeyVault(the secret)",
    CONNECTIONS__SERVICE_CONNECTION__SETTINGS__TENANTID: "the-tenant",
    AGENTAPPLICATION__USERAUTHORIZATION__HANDLERS__GRAPH__SETTINGS__AZUREBOTOAUTHCONNECTIONNAME: "GraphConnection",
  },
  "botframework-js": { ...microsoftApp, graph: "GraphConnection", NODE_ENV: "production" },
  "botframework-net": { ...microsoftApp, graph: "GraphConnection" },
  "botframework-python": { ...microsoftApp, graph: "GraphConnection" },
};

test.each(sdkNames)(
  "a bot of %s finds id, secret, tenant and the names of its connections where its SDK looks",
  (sdk) => {
    expect(dialectSettings(sdk, bot, connections)).toEqual(written[sdk]);
  },
);

test.each<[(typeof sdkNames)[number], string, string]>([
  ["ours", "MicrosoftAppType", "UserAssignedMSI"],
  ["agents-js", "connections__serviceConnection__settings__authType", "UserManagedIdentity"],
  ["agents-net", "Connections__ServiceConnection__Settings__AuthType", "UserManagedIdentity"],
  ["agents-python", "CONNECTIONS__SERVICE_CONNECTION__SETTINGS__AUTHTYPE", "UserManagedIdentity"],
  ["botframework-js", "MicrosoftAppType", "UserAssignedMSI"],
  ["botframework-net", "MicrosoftAppType", "UserAssignedMSI"],
  ["botframework-python", "MicrosoftAppType", "UserAssignedMSI"],
])("a bot of %s that is a managed identity is told so, and gets no password", (sdk, setting, value) => {
  const settings = dialectSettings(sdk, { ...bot, secret: undefined }, connections);
  expect(settings[setting]).toBe(value);
  expect(Object.keys(settings).filter((name) => /password|secret/i.test(name))).toEqual([]);
});

test.each(sdkNames.filter((sdk) => sdks[sdk].language === "node"))(
  "%s runs as in production: without NODE_ENV a bot that finds no client id answers anybody",
  (sdk) => {
    expect(dialectSettings(sdk, bot, [])).toMatchObject({ NODE_ENV: "production" });
  },
);

test("what was never run is said to be read in its source alone: both SDKs for .NET, and Bot Framework for Python", () => {
  expect(sdkNames.filter((sdk) => !sdks[sdk].tried)).toEqual(["agents-net", "botframework-net", "botframework-python"]);
});

test("a preload is for Node.js alone, and no SDK but ours brings a health page", () => {
  expect(sdkNames.map((sdk) => [sdk, sdks[sdk].health])).toEqual([
    ["ours", "page"],
    ["agents-js", "preload"],
    ["agents-net", "content"],
    ["agents-python", "content"],
    ["botframework-js", "preload"],
    ["botframework-net", "content"],
    ["botframework-python", "content"],
  ]);
});

test("no SDK's runtime had ended when this version was made: who says nothing gets one that is mended", () => {
  const ended = ends.flatMap(({ of, at }) => (of.part === "runtime" && at <= "2026-12-01" ? [of.runtime] : []));
  expect(ended).toContain("DOTNETCORE|8");
  const past = sdkNames.filter((name) => ended.some((runtime) => sdks[name].runtime.startsWith(runtime)));
  expect(past).toEqual([]);
});
