import { randomUUID } from "node:crypto";
import type { LocalAzure } from "../../local/azure/azure";
import { Portal } from "../engine/support/portal";

/**
 * Bots as people make them by Microsoft's tutorials: the calls are those that az 2.91 sends for the commands beside them, in the
 * same order and with the same bodies. Names, groups, tags, sizes and regions are people's own.
 */
export class HandMade {
  readonly #portal: Portal;

  constructor(private readonly azure: LocalAzure) {
    this.#portal = new Portal(azure);
  }

  /** `az group create -n <name> -l <location> --tags <tags>` */
  async group(name: string, location: string, tags: Readonly<Record<string, string>> = {}): Promise<string> {
    const id = `/subscriptions/${this.azure.tenant.subscriptionId}/resourceGroups/${name}`;
    await this.#portal.arm("PUT", id, { location, tags });
    return id;
  }

  /**
   * `az ad app create`, `az ad sp create`, `az ad app credential reset --append`, and where people sign in through it
   * `az ad app update --web-redirect-uris` and `az ad app permission add`.
   */
  async application(displayName: string, signsIn = false): Promise<{ id: string; appId: string; password: string }> {
    const { id, appId } = await this.#portal.graph<{ id: string; appId: string }>("POST", "/applications", {
      displayName,
      signInAudience: "AzureADMyOrg",
    });
    await this.#portal.graph("POST", "/servicePrincipals", { appId });
    const { secretText } = await this.#portal.graph<{ secretText: string }>("POST", `/applications/${id}/addPassword`, {
      passwordCredential: { displayName: "made by hand", endDateTime: "2027-11-29T12:00:00Z" },
    });
    if (signsIn) {
      await this.#portal.graph("PATCH", `/applications/${id}`, {
        web: { redirectUris: ["https://token.botframework.com/.auth/web/redirect", "https://contoso.com/signed-in"] },
      });
      await this.#portal.graph("PATCH", `/applications/${id}`, {
        requiredResourceAccess: [
          {
            resourceAppId: "00000003-0000-0000-c000-000000000000",
            resourceAccess: delegated.map((permission) => ({ id: permission, type: "Scope" })),
          },
        ],
      });
    }
    return { id, appId, password: secretText };
  }

  /** What Teams' single sign-on asks of an application: an address, a scope of its own, and Teams' clients let in beforehand. */
  async letTeamsIn({ id, appId }: { id: string; appId: string }): Promise<string> {
    const scope = randomUUID();
    const address = `api://botid-${appId}`;
    const patch = (body: object): Promise<unknown> => this.#portal.graph("PATCH", `/applications/${id}`, body);
    const text = "Lets Teams call the bot as the user";
    const own = {
      id: scope,
      value: "access_as_user",
      type: "User",
      isEnabled: true,
      adminConsentDisplayName: text,
      adminConsentDescription: text,
      userConsentDisplayName: text,
      userConsentDescription: text,
    };
    await patch({ api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [own] } });
    await patch({ identifierUris: [address] });
    await patch({
      api: {
        preAuthorizedApplications: teamsClients.map((client) => ({ appId: client, delegatedPermissionIds: [scope] })),
      },
    });
    return address;
  }

  /** `az appservice plan create --is-linux --sku <sku>`, `az webapp create`, `az webapp config appsettings set` */
  async webApp(
    group: string,
    {
      name,
      location,
      sku,
      settings,
    }: { name: string; location: string; sku: string; settings: Record<string, string> },
  ): Promise<{ id: string; host: string }> {
    const plan = `${group}/providers/Microsoft.Web/serverfarms/${name}-plan`;
    await this.#portal.arm("PUT", plan, {
      location,
      sku: { name: sku, capacity: 1 },
      properties: { reserved: true, perSiteScaling: false },
    });
    const id = `${group}/providers/Microsoft.Web/sites/${name}`;
    await this.#portal.arm("PUT", id, {
      location,
      properties: {
        siteConfig: { appSettings: [], linuxFxVersion: "NODE|24-lts" },
        serverFarmId: plan,
        httpsOnly: false,
      },
    });
    await this.#portal.arm("PUT", `${id}/config/appsettings`, { properties: settings });
    const { properties } = await this.#portal.arm<{ properties: { defaultHostName: string } }>("GET", id);
    return { id, host: properties.defaultHostName };
  }

  /** `az keyvault create`, which asks for roles unless it is told otherwise. */
  async vault(group: string, name: string, location: string): Promise<string> {
    const id = `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
    await this.#portal.arm("PUT", id, {
      location,
      properties: {
        tenantId: this.azure.tenant.tenantId,
        sku: { name: "standard", family: "A" },
        accessPolicies: [],
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        networkAcls: { bypass: "AzureServices", defaultAction: "Allow" },
      },
    });
    return id;
  }

  /** `az role assignment create --role "Key Vault Secrets Officer"` for whoever deploys into a vault of others. */
  async letDeployerIn(vault: string): Promise<void> {
    const { subscriptionId, deployer } = this.azure.tenant;
    const role = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    await this.#portal.arm("PUT", `${vault}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
      properties: {
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        principalId: deployer.objectId,
        principalType: "ServicePrincipal",
      },
    });
  }

  /**
   * `az bot create --app-type SingleTenant --appid <id> --tenant-id <id> --endpoint <address> --display-name <name> --sku <sku>`.
   * az takes dots out of a handle, which the portal and templates leave in.
   */
  async bot(
    group: string,
    bot: {
      readonly name: string;
      readonly displayName: string;
      readonly appId: string;
      readonly endpoint: string;
      readonly sku?: "F0" | "S1";
      readonly tags?: Readonly<Record<string, string>>;
      readonly description?: string;
      readonly iconUrl?: string;
    },
  ): Promise<string> {
    const id = `${group}/providers/Microsoft.BotService/botServices/${bot.name}`;
    await this.#portal.arm("PUT", id, {
      kind: "azurebot",
      location: "global",
      sku: { name: bot.sku ?? "F0" },
      tags: bot.tags ?? {},
      properties: {
        displayName: bot.displayName,
        iconUrl: bot.iconUrl ?? "",
        endpoint: bot.endpoint,
        ...(bot.description === undefined ? {} : { description: bot.description }),
        msaAppType: "SingleTenant",
        msaAppId: bot.appId,
        msaAppTenantId: this.azure.tenant.tenantId,
        isCmekEnabled: false,
        publicNetworkAccess: "Enabled",
        isStreamingSupported: false,
      },
    });
    return id;
  }

  /** `az bot msteams create` */
  async teams(bot: string): Promise<void> {
    await this.#portal.arm("PUT", `${bot}/channels/MsTeamsChannel`, {
      location: "global",
      properties: {
        channelName: "MsTeamsChannel",
        location: "global",
        properties: { isEnabled: true, deploymentEnvironment: "FallbackDeploymentEnvironment" },
      },
    });
  }

  /** `az bot authsetting create --service <provider> --provider-scope-string <scopes> --parameters <parameters>` */
  async connection(
    bot: string,
    name: string,
    connection: {
      /** Id at the Token Service; Entra's where there is none. */
      readonly provider?: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scopes: string;
      readonly parameters?: Readonly<Record<string, string>>;
    },
  ): Promise<void> {
    const { clientId, clientSecret, scopes, provider = aadv2, parameters = {} } = connection;
    await this.#portal.arm("PUT", `${bot}/connections/${encodeURIComponent(name)}`, {
      location: "global",
      properties: {
        clientId,
        clientSecret,
        scopes,
        serviceProviderId: provider,
        parameters: Object.entries(parameters).map(([key, value]) => ({ key, value })),
      },
    });
  }

  /** Web Chat alone, one application for the bot and for the sign-in, a web app in the same group. */
  async webChatOnly(): Promise<string> {
    const group = await this.group("Helpdesk.Bots", "northeurope", { team: "helpdesk", costCenter: "4711" });
    const app = await this.application("Helpdesk bot", true);
    const { host } = await this.webApp(group, {
      name: "contoso-helpdesk",
      location: "northeurope",
      sku: "B1",
      settings: { ...botSettings(app, this.azure.tenant), ConnectionName: "Graph connection 2.0" },
    });
    const bot = await this.bot(group, {
      name: "Contoso.Helpdesk",
      displayName: "Helpdesk bot",
      appId: app.appId,
      endpoint: `https://${host}/api/messages`,
      tags: { team: "helpdesk" },
      description: "Answers in the intranet",
      iconUrl: "https://contoso.com/helpdesk.png",
    });
    await this.connection(bot, "Graph connection 2.0", {
      clientId: app.appId,
      clientSecret: app.password,
      scopes: "openid profile User.Read",
      parameters: { tenantId: this.azure.tenant.tenantId },
    });
    return bot;
  }

  /** Teams with single sign-on: the tutorial's one application, whose address the connection names. */
  async teamsWithSingleSignOn(): Promise<string> {
    const group = await this.group("rg-teams-bot-prod", "westus2");
    const app = await this.application("Teams SSO bot", true);
    const tokenExchangeUrl = await this.letTeamsIn(app);
    const { host } = await this.webApp(group, {
      name: "contoso-teams-sso",
      location: "westus2",
      sku: "S1",
      settings: { ...botSettings(app, this.azure.tenant), WEBSITE_NODE_DEFAULT_VERSION: "~24" },
    });
    const bot = await this.bot(group, {
      name: "teams_sso_bot",
      displayName: "Teams SSO bot",
      appId: app.appId,
      sku: "S1",
      endpoint: `https://${host}/api/messages`,
    });
    await this.teams(bot);
    await this.connection(bot, "oauthbotsetting", {
      clientId: app.appId,
      clientSecret: app.password,
      scopes: "User.Read",
      parameters: { tenantID: this.azure.tenant.tenantId, tokenExchangeUrl },
    });
    return bot;
  }

  /** Two connections: Entra through an application of its own, and GitHub. */
  async twoConnections(): Promise<string> {
    const group = await this.group("devtools", "uksouth", { owner: "devtools@contoso.com" });
    const [bot, signIn] = [await this.application("Devtools bot"), await this.application("Devtools sign-in", true)];
    const { host } = await this.webApp(group, {
      name: "contoso-devtools",
      location: "uksouth",
      sku: "P0v3",
      settings: { ...botSettings(bot, this.azure.tenant), githubConnectionName: "GitHub" },
    });
    const id = await this.bot(group, {
      name: "contoso-devtools-bot",
      displayName: "Devtools",
      appId: bot.appId,
      sku: "S1",
      endpoint: `https://${host}/bot/messages`,
    });
    await this.connection(id, "Mail", {
      clientId: signIn.appId,
      clientSecret: signIn.password,
      scopes: "openid offline_access User.Read",
      parameters: { tenantId: this.azure.tenant.tenantId },
    });
    await this.connection(id, "GitHub", {
      provider: "d05eaacf-1593-4603-9c6c-d4d8fffa46cb",
      clientId: "Ov23liHandMade",
      clientSecret: randomUUID(),
      scopes: "read:user repo",
    });
    return id;
  }

  /** The secrets lie in a platform team's vault, in another group and region, and the web app reads them by its own identity. */
  async vaultElsewhere(): Promise<string> {
    const platform = await this.group("platform", "westeurope", { owner: "platform team" });
    const group = await this.group("orders-bot", "francecentral");
    const vault = await this.vault(platform, "contoso-platform", "westeurope");
    await this.letDeployerIn(vault);
    const app = await this.application("Orders bot", true);
    await this.#portal.arm("PUT", `${vault}/secrets/orders-bot-password`, { properties: { value: app.password } });
    const reference =
      "@Microsoft.KeyVault(SecretUri=https://contoso-platform.vault.azure.net/secrets/orders-bot-password)";
    const { host } = await this.webApp(group, {
      name: "contoso-orders",
      location: "francecentral",
      sku: "B2",
      settings: {
        ...botSettings(app, this.azure.tenant),
        MicrosoftAppPassword: reference,
        OrdersApi: "https://orders.contoso.com",
      },
    });
    const bot = await this.bot(group, {
      name: "orders-bot",
      displayName: "Orders",
      appId: app.appId,
      endpoint: `https://${host}/api/messages`,
    });
    await this.connection(bot, "Orders", {
      clientId: app.appId,
      clientSecret: app.password,
      scopes: "openid User.Read",
      parameters: { TenantId: this.azure.tenant.tenantId },
    });
    return bot;
  }

  /** A web app whose code whoever adopts it has at hand; the bot has one connection, under a name that any code takes. */
  async withCode(): Promise<string> {
    const group = await this.group("code-bots", "swedencentral");
    const app = await this.application("Code bot", true);
    const { host } = await this.webApp(group, {
      name: "contoso-code",
      location: "swedencentral",
      sku: "B1",
      settings: { ...botSettings(app, this.azure.tenant), WEBSITE_NODE_DEFAULT_VERSION: "~24", GREETING: "Hello" },
    });
    const bot = await this.bot(group, {
      name: "contoso-code-bot",
      displayName: "Code bot",
      appId: app.appId,
      endpoint: `https://${host}/api/messages`,
    });
    await this.connection(bot, "Graph", {
      clientId: app.appId,
      clientSecret: app.password,
      scopes: "openid profile User.Read",
      parameters: { tenantId: this.azure.tenant.tenantId },
    });
    return bot;
  }

  /** No web app: the bot runs in a cluster of its owner. */
  async hostedElsewhere(): Promise<string> {
    const group = await this.group("bots", "eastus", { env: "production" });
    const app = await this.application("Cluster bot", true);
    const bot = await this.bot(group, {
      name: "cluster-bot",
      displayName: "Cluster bot",
      appId: app.appId,
      tags: { env: "production" },
      endpoint: "https://bots.contoso.example/cluster/api/messages",
    });
    await this.connection(bot, "graph", {
      clientId: app.appId,
      clientSecret: app.password,
      scopes: "openid profile User.Read offline_access",
      parameters: { tenantId: this.azure.tenant.tenantId },
    });
    return bot;
  }
}

const aadv2 = "30dd229c-58e3-4a48-bdfd-91ec48eb906c";

/** openid, profile, offline_access and User.Read of Microsoft Graph. */
const delegated = [
  "37f7f235-527c-4136-accd-4a02d197296e",
  "14dad69e-099b-42c9-810b-d002981feec1",
  "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
];

const teamsClients = ["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"];

/** The shapes of set-ups, as a test names them. */
export const shapes = {
  "web chat only": (made: HandMade) => made.webChatOnly(),
  "Teams with single sign-on": (made: HandMade) => made.teamsWithSingleSignOn(),
  "two connections": (made: HandMade) => made.twoConnections(),
  "a vault elsewhere": (made: HandMade) => made.vaultElsewhere(),
  "hosted elsewhere": (made: HandMade) => made.hostedElsewhere(),
} as const;

/** As the tutorials' bots are told who they are. */
function botSettings(
  { appId, password }: { appId: string; password: string },
  { tenantId }: { tenantId: string },
): Record<string, string> {
  return {
    MicrosoftAppId: appId,
    MicrosoftAppPassword: password,
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: tenantId,
  };
}
