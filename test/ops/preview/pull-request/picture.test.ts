import type { State, StateResource } from "../../../../ops/pulumi/state";
import { isFlowchart } from "../../../../contract/flowchart";
import { identityProviders } from "../../../../contract/identity-providers";
import { pictureOfState } from "../../../../ops/preview/pull-request/picture";

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

const idOf = (provider: string): string => identityProviders.find((one) => one.displayName === provider)!.id;

const all = (displayName = "Mail bot (pr-42)"): StateResource[] => [
  resource("azuread:index/application:Application", "/applications/1", { displayName: "bot" }, { clientId: "bot-app" }),
  resource(
    "azuread:index/application:Application",
    "/applications/2",
    {
      displayName,
      web: { redirectUris: ["https://token.botframework.com/.auth/web/redirect"] },
      requiredResourceAccesses: [
        { resourceAppId: "00000003-0000-0000-c000-000000000000", resourceAccesses: [{ id: "one" }, { id: "two" }] },
      ],
    },
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
  resource(
    "azure-native:web:WebApp",
    app,
    {
      name: "w",
      serverFarmId: `${group}/Microsoft.Web/serverfarms/p`,
      // ARM writes the same id in several ways.
      identity: { userAssignedIdentities: [identity.replace("resourceGroups", "resourcegroups")] },
      siteConfig: {
        linuxFxVersion: "NODE|24-lts",
        appSettings: [
          { name: "X", value: "never shown" },
          { name: "MicrosoftAppId", value: "bot-app" },
          {
            name: "MicrosoftAppPassword",
            value: "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/one/1)",
          },
          { name: "STATE_CONTAINER_URL", value: "https://a.blob.core.windows.net/turn-state" },
        ],
      },
    },
    { defaultHostName: "w.azurewebsites.net" },
  ),
  resource("azure-native:botservice:Bot", bot, {
    resourceName: "b",
    sku: { name: "F0" },
    properties: { endpoint: "https://w.azurewebsites.net/api/messages", msaAppId: "bot-app" },
  }),
  resource("azure-native:botservice:Channel", `${bot}/channels/MsTeamsChannel`, { channelName: "MsTeamsChannel" }),
  resource("bot-sign-in:index:DirectLineSite", `${bot}/channels/DirectLineChannel/sites/chat`, {
    siteName: "chat",
    trustedOrigins: ["https://w.azurewebsites.net"],
  }),
  resource("bot-sign-in:index:ConnectionCheck", `${bot}/connections/c/check`, {
    connectionName: "c",
    scopes: "User.Read Mail.Read",
    clientId: "sign-in-app",
    serviceProviderId: idOf("Azure Active Directory v2"),
  }),
  resource("azure-native:monitor:DiagnosticSetting", `${app}/providers/x/logs`, {
    resourceUri: app,
    workspaceId: logs,
  }),
];

const stateOf = (resources: StateResource[]): State => ({ version: 3, deployment: { resources } });

/** `Azure Bot b F0 -> Web app w NODE 24-lts: delivers to /api/messages` */
function relations(picture: string): string[] {
  const names = new Map(
    [...picture.matchAll(/^ {2}(n\d+)[[({]+"(.*)"[\])}]+:::/gm)].map(([, id, text]) => [
      id,
      text!.replaceAll("<br>", " "),
    ]),
  );
  return [...picture.matchAll(/^ {2}(n\d+) -->\|"(.*)"\| (n\d+)$/gm)].map(
    ([, from, label, to]) => `${names.get(from)} -> ${names.get(to)}: ${label}`,
  );
}

test("a reviewer sees who reaches, is, reads and runs what", () => {
  const picture = pictureOfState(stateOf(all()));
  expect(relations(picture)).toEqual([
    "Channel Teams -> Azure Bot b F0: reaches",
    "Channel Direct Line -> Azure Bot b F0: reaches",
    "Channel Direct Line -> Web app w NODE 24-lts: trusts the origin",
    "Azure Bot b F0 -> Entra application bot: is",
    "Azure Bot b F0 -> Web app w NODE 24-lts: delivers to /api/messages",
    "Azure Bot b F0 -> OAuth connection c User.Read Mail.Read: has",
    "OAuth connection c User.Read Mail.Read -> Entra application Mail bot (pr-42): signs users in by",
    "Entra application Mail bot (pr-42) -> Bot Framework Token Service: trusts the redirect address",
    "Entra application Mail bot (pr-42) -> API Microsoft Graph: asks for 2 scopes",
    "Web app w NODE 24-lts -> App Service plan p B1: runs on",
    "Web app w NODE 24-lts -> Managed identity i: runs as",
    "Web app w NODE 24-lts -> Entra application bot: answers as",
    "Web app w NODE 24-lts -> Blob container turn-state a: keeps its state in",
    "Managed identity i -> Key Vault v 1 secret: Key Vault Secrets User",
    "Web app w NODE 24-lts -> Log Analytics workspace l: logs to",
  ]);
  expect(isFlowchart(picture)).toBe(true);
});

test("of a half-made set-up, what there is is drawn, and nothing points into the void", () => {
  const half = all().filter(({ type }) => /:(Bot|WebApp)$/.test(type));
  expect(relations(pictureOfState(stateOf(half)))).toEqual([
    "Azure Bot b F0 -> Web app w NODE 24-lts: delivers to /api/messages",
  ]);
  expect(pictureOfState({ version: 3, deployment: {} })).toBe("flowchart LR");
});

test("a connection of another provider leads to that provider", () => {
  const check = (name: string, inputs: object): StateResource =>
    resource("bot-sign-in:index:ConnectionCheck", `${bot}/connections/${name}/check`, {
      connectionName: name,
      ...inputs,
    });
  const parameters = { authorizationUrlTemplate: "https://login.contoso.example/auth" };
  const others = [
    check("git-hub", { serviceProviderId: idOf("GitHub") }),
    check("orders", { serviceProviderId: idOf("Oauth 2 Generic Provider"), parameters }),
  ];
  expect(relations(pictureOfState(stateOf(others)))).toEqual([
    "OAuth connection git-hub -> Identity provider GitHub: signs users in at",
    "OAuth connection orders -> Identity provider login.contoso.example: signs users in at",
  ]);
});

test("where the program gave the consent, that is drawn", () => {
  const consented = [
    ...all(),
    resource(
      "azuread:index/servicePrincipal:ServicePrincipal",
      "1",
      { clientId: "sign-in-app" },
      { objectId: "sign-in" },
    ),
    resource("azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant", "2", {
      servicePrincipalObjectId: "sign-in",
    }),
  ];
  expect(relations(pictureOfState(stateOf(consented)))).toContain(
    "Entra application Mail bot (pr-42) -> API Microsoft Graph: asks for 2 scopes, granted for everyone",
  );
});

test("no secret is drawn, nor what Pulumi keeps encrypted", () => {
  const signature = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "v1:never shown",
  };
  const hidden = all().map((one) => (one.type.endsWith(":Vault") ? { ...one, inputs: { vaultName: signature } } : one));
  expect(pictureOfState(stateOf(hidden))).not.toContain("never shown");
  const settings = all().map((one) =>
    one.type.endsWith(":WebApp") ? { ...one, inputs: { ...one.inputs, siteConfig: signature } } : one,
  );
  expect(relations(pictureOfState(stateOf(settings)))).toContain("Web app w -> Managed identity i: runs as");
});

test("a display name cannot break out of its box, of the picture, or of the block of code in the comment", () => {
  const name = 'a"]:::x %%{init: {}}%% ``` <img src=x> #quot; \\ ; | & \n end';
  const picture = pictureOfState(stateOf(all(name)));
  const line = picture.split("\n").find((one) => one.includes("Entra application<br>a"))!;
  expect(line).toMatch(/^ {2}n\d+\(\["[^"<>`%\\;{}|&]*(<br>([^"<>`%\\{}|&;]|#\d+;)*)"\]\):::identity$/);
  expect(picture).not.toMatch(/```|%%|<img/);
  expect(picture.split("\n")).toHaveLength(pictureOfState(stateOf(all())).split("\n").length);
});
