import type { State, StateResource } from "../../../../ops/pulumi/state";
import { asFlowchart, partStyles } from "../../../../contract/flowchart";
import { pictureOf } from "../../../../ops/preview/pull-request/picture";

const group = "/subscriptions/s/resourceGroups/g/providers";
const bot = `${group}/Microsoft.BotService/botServices/b`;
const app = `${group}/Microsoft.Web/sites/w`;
const vault = `${group}/Microsoft.KeyVault/vaults/v`;
const container = `${group}/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/turn-state`;
const logs = `${group}/Microsoft.OperationalInsights/workspaces/l`;
const identity = `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/i`;

function resource(type: string, id: string, inputs: object, outputs: object = {}): StateResource {
  const urn = `urn:pulumi:pr-42::bot-sign-in::${type}::x`;
  return { urn, type, custom: true, id, inputs: { ...inputs }, outputs: { ...outputs } };
}

const all = (displayName = "Mail bot (pr-42)"): StateResource[] => [
  resource("azuread:index/application:Application", "/applications/1", { displayName: "bot" }, { clientId: "bot-app" }),
  resource(
    "azuread:index/application:Application",
    "/applications/2",
    { displayName, requiredResourceAccesses: [{}] },
    { clientId: "sign-in-app" },
  ),
  resource("azure-native:web:AppServicePlan", `${group}/Microsoft.Web/serverfarms/p`, {
    name: "p",
    sku: { name: "B1" },
  }),
  resource(
    "azure-native:managedidentity:UserAssignedIdentity",
    identity,
    { resourceName: "i" },
    { principalId: "principal" },
  ),
  resource("azure-native:keyvault:Vault", vault, { vaultName: "v" }),
  resource("azure-native:keyvault:Secret", `${vault}/secrets/one`, { secretName: "one", value: "never shown" }),
  resource("azure-native:storage:BlobContainer", container, { accountName: "a", containerName: "turn-state" }),
  resource("azure-native:operationalinsights:Workspace", logs, { workspaceName: "l" }),
  resource(
    "azure-native:authorization:RoleAssignment",
    `${vault}/providers/Microsoft.Authorization/roleAssignments/1`,
    {
      principalId: "principal",
      scope: vault,
      roleDefinitionId: "/x/4633458b-17de-408a-b874-0445c86b69e6",
    },
  ),
  resource("azure-native:web:WebApp", app, {
    name: "w",
    serverFarmId: `${group}/Microsoft.Web/serverfarms/p`,
    // ARM writes the same id in several ways.
    identity: { userAssignedIdentities: [identity.replace("resourceGroups", "resourcegroups")] },
    siteConfig: { linuxFxVersion: "NODE|24-lts", appSettings: [{ name: "X", value: "never shown" }] },
  }),
  resource("azure-native:botservice:Bot", bot, {
    resourceName: "b",
    sku: { name: "F0" },
    properties: { msaAppId: "bot-app" },
  }),
  resource("azure-native:botservice:Channel", `${bot}/channels/MsTeamsChannel`, { channelName: "MsTeamsChannel" }),
  resource("bot-sign-in:index:DirectLineSite", `${bot}/channels/DirectLineChannel/sites/chat`, { siteName: "chat" }),
  resource("bot-sign-in:index:ConnectionCheck", `${bot}/connections/c/check`, {
    connectionName: "c",
    scopes: "User.Read Mail.Read",
    clientId: "sign-in-app",
  }),
  resource("azure-native:monitor:DiagnosticSetting", `${app}/providers/x/logs`, {
    resourceUri: app,
    workspaceId: logs,
  }),
];

const stateOf = (resources: StateResource[]): State => ({ version: 3, deployment: { resources } });

/** `Azure Bot, F0 b -> web app w: delivers to` */
function relations(picture: string): string[] {
  const names = new Map(
    [...picture.matchAll(/^ {2}(n\d+)\["(.*)"\]/gm)].map(([, id, text]) => [id, text!.replaceAll("<br>", " ")]),
  );
  return [...picture.matchAll(/^ {2}(n\d+) -->\|"(.*)"\| (n\d+)$/gm)].map(
    ([, from, label, to]) => `${names.get(from)} -> ${names.get(to)}: ${label}`,
  );
}

test("a reviewer sees who reaches, is, reads and runs what", () => {
  expect(relations(pictureOf(stateOf(all())))).toEqual([
    "channel Teams -> Azure Bot, F0 b: reaches",
    "channel Direct Line -> Azure Bot, F0 b: reaches",
    "Azure Bot, F0 b -> Entra application of the bot bot: is",
    "Azure Bot, F0 b -> web app, NODE 24-lts w: delivers to",
    "Azure Bot, F0 b -> OAuth connection c User.Read Mail.Read: has",
    "OAuth connection c User.Read Mail.Read -> Entra application of the sign-in Mail bot (pr-42): signs users in by",
    "Entra application of the sign-in Mail bot (pr-42) -> Microsoft Graph: asks for scopes of",
    "web app, NODE 24-lts w -> App Service plan, B1 p: runs on",
    "web app, NODE 24-lts w -> managed identity i: runs as",
    "managed identity i -> Key Vault, 1 secret v: Key Vault Secrets User",
    "web app, NODE 24-lts w -> Log Analytics workspace l: logs to",
  ]);
});

test("of a half-made set-up, what there is is drawn, and nothing points into the void", () => {
  const half = all().filter(({ type }) => /:(Bot|WebApp)$/.test(type));
  expect(relations(pictureOf(stateOf(half)))).toEqual(["Azure Bot, F0 b -> web app, NODE 24-lts w: delivers to"]);
  expect(pictureOf({ version: 3, deployment: {} })).toBe("flowchart LR");
});

test("no secret is drawn, nor what Pulumi keeps encrypted", () => {
  const signature = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "v1:never shown",
  };
  const hidden = all().map((one) => (one.type.endsWith(":Vault") ? { ...one, inputs: { vaultName: signature } } : one));
  expect(pictureOf(stateOf(hidden))).not.toContain("never shown");
});

test("a display name cannot break out of its box, of the picture, or of the block of code in the comment", () => {
  const name = 'a"]:::x %%{init: {}}%% ``` <img src=x> #quot; \\ ; | & \n end';
  const picture = pictureOf(stateOf(all(name)));
  const line = picture.split("\n").find((one) => one.includes("Entra application of the sign-in"))!;
  expect(line).toMatch(/^ {2}n\d+\["[^"<>`%\\;{}|&]*(<br>([^"<>`%\\{}|&;]|#\d+;)*)"\]:::identity$/);
  expect(picture).not.toMatch(/```|%%|<img/);
  expect(picture.split("\n")).toHaveLength(pictureOf(stateOf(all())).split("\n").length);
});

test("what is drawn is Mermaid, with a colour for each kind that is there", () => {
  expect(
    asFlowchart(
      [{ id: "a", lines: ["Azure Bot", "b"], kind: "bot" }],
      [{ from: "a", to: "gone", label: "is" }],
      partStyles,
    ),
  ).toBe('flowchart LR\n  n1["Azure Bot<br>b"]:::bot\n  classDef bot fill:#d6f2df,stroke:#5a6270,color:#1b1f27');
});
