import { asMermaid } from "../../../contract/set-up-picture";
import type { Application } from "../../../local/azure/entra/application";
import type { Resource } from "../../../local/azure/service";
import { pictureOfStores, type Stores } from "../../../local/page/picture";

const group = "/subscriptions/s/resourceGroups/g/providers";
const vault = `${group}/Microsoft.KeyVault/vaults/v`;
const identity = `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/i`;
const bot = `${group}/Microsoft.BotService/botServices/b`;
const app = `${group}/Microsoft.Web/sites/w`;

const resource = (
  type: string,
  id: string,
  properties: Record<string, unknown>,
  more: Partial<Resource> = {},
): Resource => ({
  id,
  name: id.split("/").at(-1) as string,
  type,
  properties,
  createdAt: new Date(0),
  changedAt: new Date(0),
  ...more,
});

function stores(change: (resources: Resource[]) => Resource[] = (all) => all): Stores {
  const resources = change([
    resource(
      "Microsoft.Web/sites",
      app,
      { defaultHostName: "w.azurewebsites.net", state: "Running" },
      {
        identity: { userAssignedIdentities: { [identity]: {} } },
      },
    ),
    resource("Microsoft.Web/sites/config", `${app}/config/appsettings`, {
      MicrosoftAppId: "bot-app",
      MicrosoftAppPassword: "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/password/1)",
      DIRECT_LINE_SECRET_URI: "https://v.vault.azure.net/secrets/direct-line-secret",
    }),
    resource("Microsoft.ManagedIdentity/userAssignedIdentities", identity, { principalId: "p", clientId: "c" }),
    resource("Microsoft.KeyVault/vaults", vault, {}),
    resource("Microsoft.KeyVault/vaults/secrets", `${vault}/secrets/password`, { attributes: { exp: 1_800_000_000 } }),
    resource("Microsoft.KeyVault/vaults/secrets", `${vault}/secrets/direct-line-secret`, {}),
    resource("Microsoft.BotService/botServices", bot, {
      endpoint: "https://w.azurewebsites.net/api/messages",
      msaAppId: "bot-app",
    }),
    resource("Microsoft.BotService/botServices/connections", `${bot}/connections/c`, {
      clientId: "sign-in-app",
      clientSecret: "never shown",
      serviceProviderDisplayName: "Azure Active Directory v2",
    }),
    resource(
      "Microsoft.Authorization/roleAssignments",
      `${vault}/providers/Microsoft.Authorization/roleAssignments/r`,
      {
        principalId: "p",
        scope: vault,
        roleDefinitionId: "role",
      },
    ),
  ]);
  const application = (appId: string): Application =>
    ({
      appId,
      displayName: appId,
      passwordCredentials: [],
      web: { redirectUris: appId === "sign-in-app" ? ["https://token.botframework.com/.auth/web/redirect"] : [] },
      requiredResourceAccess: [],
    }) as unknown as Application;
  return {
    resources: {
      list: (type) => resources.filter((one) => one.type === type),
      get: (id) => resources.find((one) => one.id === id),
    },
    entra: {
      applications: new Map(["bot-app", "sign-in-app", "deployer"].map((id) => [id, application(id)])),
      servicePrincipals: new Map(),
      oauth2PermissionGrants: new Map(),
      tenant: { deployer: { clientId: "deployer" } } as Stores["entra"]["tenant"],
    },
    roleName: () => "Key Vault Secrets User",
  };
}

const relations = (from: Stores): string[] => {
  const { nodes, edges } = pictureOfStores(from);
  const name = (id: string): string => {
    const node = nodes.find((one) => one.id === id);
    return `${node?.kind === "missing" ? "missing " : ""}${node?.title}`;
  };
  return edges.map((edge) => `${name(edge.from)} -> ${name(edge.to)}: ${edge.label}`);
};

test("the picture says who reads which secret, who trusts whom, and which address points where", () => {
  expect(relations(stores()).sort()).toEqual([
    "b -> bot-app: is",
    "b -> c: has",
    "b -> w: delivers to /api/messages",
    "c -> sign-in-app: signs users in by",
    "i -> v: Key Vault Secrets User",
    "sign-in-app -> Token Service: trusts the redirect address",
    "v -> direct-line-secret: keeps",
    "v -> password: keeps",
    "w -> bot-app: answers as",
    "w -> direct-line-secret: reads at run time",
    "w -> i: runs as",
    "w -> password: MicrosoftAppPassword",
  ]);
});

test("a bot that is a managed identity is drawn as that, and no application is missed", () => {
  const managed = stores((all) =>
    all.map((one) => {
      const { MicrosoftAppId: _app, MicrosoftAppPassword: _password, ...settings } = one.properties;
      if (one.id === bot) return { ...one, properties: { ...one.properties, msaAppId: "C" } };
      return one.id.endsWith("/appsettings") ? { ...one, properties: { ...settings, MicrosoftAppId: "c" } } : one;
    }),
  );
  expect(relations(managed)).toEqual(expect.arrayContaining(["b -> i: is", "w -> i: runs as, answers as"]));
  expect(pictureOfStores(managed).nodes.filter(({ kind }) => kind === "missing")).toEqual([]);
});

test("the deployer is no part of what was deployed", () => {
  expect(pictureOfStores(stores()).nodes.map(({ title }) => title)).not.toContain("deployer");
});

test("what is named and does not exist is drawn as missing: a secret, an application, a host", () => {
  const broken = stores((all) =>
    all
      .filter(({ name }) => name !== "password")
      .map((one) =>
        one.id === bot
          ? { ...one, properties: { endpoint: "https://gone.azurewebsites.net/api/messages", msaAppId: "gone" } }
          : one,
      ),
  );
  expect(relations(broken)).toEqual(
    expect.arrayContaining([
      "w -> missing password: MicrosoftAppPassword",
      "b -> missing gone: is",
      "b -> missing gone.azurewebsites.net: delivers to /api/messages",
    ]),
  );
});

test("no secret is in the picture or in its Mermaid", () => {
  const picture = pictureOfStores(stores());
  expect(JSON.stringify(picture) + asMermaid(picture)).not.toContain("never shown");
});

test("a connection of another provider leads to that provider, and its client is not looked for in the tenant", () => {
  const connection = (name: string, properties: Record<string, unknown>): Resource =>
    resource("Microsoft.BotService/botServices/connections", `${bot}/connections/${name}`, {
      clientId: `client of ${name}`,
      ...properties,
    });
  const { nodes, edges } = pictureOfStores(
    stores((all) => [
      ...all,
      connection("git-hub", { serviceProviderDisplayName: "GitHub" }),
      connection("orders", {
        serviceProviderDisplayName: "Oauth 2 Generic Provider",
        parameters: [{ key: "AuthorizationUrlTemplate", value: "https://login.contoso.example/auth" }],
      }),
    ]),
  );
  const signsIn = edges.filter(({ label }) => label === "signs users in at");
  const titleOf = (id: string): string | undefined => nodes.find((node) => node.id === id)?.title;
  expect(signsIn.map(({ from, to }) => [titleOf(from), titleOf(to)])).toEqual([
    ["git-hub", "GitHub"],
    ["orders", "login.contoso.example"],
  ]);
  expect(nodes.filter(({ title }) => title.startsWith("client of"))).toEqual([]);
});
