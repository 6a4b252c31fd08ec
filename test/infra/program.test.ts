import { parseConnections } from "../../contract/app-settings";
import { Channels } from "../../infra/components/channels";
import {
  azureAnswers,
  deployerId,
  guid,
  secretValues,
  startedAt,
  subscriptionId,
  tenantId,
} from "../support/azure-answers";
import { type Properties, type Recorded, type Recording, record } from "../support/recorder";
import { deploy, packaged, project } from "./program";

const group = `/subscriptions/${subscriptionId}/resourceGroups/bot-sign-in-dev-721f88`;
const worldwide = "bot-sign-in-dev-k3x9q2ab";
const host = `${worldwide}-f3b7.westeurope-01.azurewebsites.net`;
const botAppId = guid("bot client");
const signInAppId = guid("sign-in client");
/** The tags of the stack "dev", as Entra keeps them. */
const tags = ["project:bot-sign-in", "stack:dev"];
const secretsEnd = "2027-05-21T03:04:05Z";

let dev: Recording;
let prod: Recording;
let everything: Recording;

beforeAll(async () => {
  dev = await deploy();
  prod = await deploy({}, { stack: "prod" });
  everything = await deploy({
    residency: "europe",
    singleSignOn: true,
    adminConsent: true,
    botHandle: "contoso-post",
    botSku: "S1",
    hostingSize: "F1",
    secretLifetimeDays: 30,
    chatPage: { enabled: false, framedBy: ["https://intranet.contoso.com"] },
    serviceManagementReference: "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11",
    logRetentionDays: 90,
    "azure-native:subscriptionId": subscriptionId,
  });
});

const properties = (resource: Recorded): Properties => resource.inputs["properties"] as Properties;
const siteConfig = (recording: Recording): Properties =>
  recording.one("azure-native:web:WebApp").inputs["siteConfig"] as Properties;
const appSettings = (recording: Recording): Record<string, string> =>
  Object.fromEntries(
    (siteConfig(recording)["appSettings"] as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  );

describe("a destroy", () => {
  test("of a preview deletes the group and the applications, and with them everything else", async () => {
    const preview = await deploy({ adminConsent: true }, { stack: "pr-42" });
    const deleted = preview.resources.filter(
      ({ type, deletedWith }) => /^(azure|bot-sign-in:index:(?!BotSignIn$))/.test(type) && deletedWith === "",
    );
    expect(deleted.map(({ name }) => name).sort()).toEqual(["bot", "group", "preconditions", "sign-in"]);
    const withGroup = preview.resources.filter(({ deletedWith }) => deletedWith === "ResourceGroup group");
    expect(withGroup.filter(({ type }) => !/^(azure-native(_\w+)?:|bot-sign-in:index:)/.test(type))).toEqual([]);
  });

  test("of any other environment deletes each resource of Azure's by itself, so that nothing foreign goes along", () => {
    for (const recording of [dev, prod, everything]) {
      const along = recording.resources.filter(({ deletedWith }) => deletedWith !== "");
      expect(along.filter(({ type }) => !type.startsWith("azuread:"))).toEqual([]);
    }
  });

  test("deletes what belongs to an application with it", () => {
    for (const { type, name, deletedWith } of everything.resources) {
      if (!type.startsWith("azuread:") || type.endsWith(":Application")) continue;
      const owner = type.endsWith("Grant") ? "ServicePrincipal" : "Application";
      expect([name, deletedWith]).toEqual([name, expect.stringMatching(`^${owner} (bot|sign-in)$`)]);
    }
  });
});

describe("bot identity", () => {
  test("is an application of one tenant with v2 tokens that its deployer owns", () => {
    expect(dev.one("azuread:index/application:Application", "bot").inputs).toEqual({
      displayName: "bot-sign-in-dev-721f88",
      signInAudience: "AzureADMyOrg",
      owners: [deployerId],
      tags,
      api: { requestedAccessTokenVersion: 2 },
    });
  });

  test("has a service principal, without which the bot gets no token, and the registration waits for it", () => {
    expect(dev.one("azuread:index/servicePrincipal:ServicePrincipal", "bot").inputs).toEqual({
      clientId: botAppId,
      owners: [deployerId],
      tags,
    });
    expect(dev.one("azure-native:botservice:Bot").waitsFor).toContain("ServicePrincipal bot");
  });

  test("has a password whose end counts from a date in the state", () => {
    const password = dev.one("azuread:index/applicationPassword:ApplicationPassword", "bot");
    expect(password.inputs).toEqual({
      applicationId: `/applications/${guid("bot object")}`,
      displayName: "bot",
      endDate: secretsEnd,
    });
    expect(password.waitsFor).toContain("RotationDate secrets-renewed");
  });

  test("carries the service management reference where a tenant's policy asks for it", () => {
    for (const name of ["bot", "sign-in"]) {
      expect(everything.one("azuread:index/application:Application", name).inputs["serviceManagementReference"]).toBe(
        "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11",
      );
    }
  });

  test("stays with its first owner when somebody else deploys", () => {
    expect(dev.one("azuread:index/application:Application", "bot").ignoreChanges).toEqual(["owners"]);
  });
});

describe("sign-in app", () => {
  const application = (recording: Recording): Recorded =>
    recording.one("azuread:index/application:Application", "sign-in");

  test("asks for the connection's permissions, comes back to the residency's address and exposes its scope", () => {
    expect(application(dev).inputs).toEqual({
      displayName: "Mail bot (dev)",
      signInAudience: "AzureADMyOrg",
      owners: [deployerId],
      tags,
      api: {
        requestedAccessTokenVersion: 2,
        oauth2PermissionScopes: [
          {
            id: guid("sign-in-scope"),
            value: "access_as_user",
            type: "User",
            enabled: true,
            adminConsentDisplayName: "Use the bot as the signed-in user",
            adminConsentDescription: "Lets Teams call the bot on behalf of the signed-in user.",
            userConsentDisplayName: "Use the bot as you",
            userConsentDescription: "Lets Teams call the bot on your behalf.",
          },
        ],
      },
      web: {
        redirectUris: ["https://token.botframework.com/.auth/web/redirect"],
        implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
      },
      requiredResourceAccesses: [
        {
          resourceAppId: "00000003-0000-0000-c000-000000000000",
          resourceAccesses: [
            { id: "37f7f235-527c-4136-accd-4a02d197296e", type: "Scope" },
            { id: "14dad69e-099b-42c9-810b-d002981feec1", type: "Scope" },
            { id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", type: "Scope" },
            { id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" },
            { id: "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", type: "Scope" },
            { id: "e383f46e-2787-4529-855e-0e479a3ffac0", type: "Scope" },
          ],
        },
      ],
    });
  });

  test("does not take the identifier URI away that single sign-on adds", () => {
    expect(application(dev).ignoreChanges).toEqual(["owners", "identifierUris"]);
  });

  test("has a service principal and a password of its own", () => {
    expect(dev.one("azuread:index/servicePrincipal:ServicePrincipal", "sign-in").inputs["clientId"]).toBe(signInAppId);
    expect(dev.one("azuread:index/applicationPassword:ApplicationPassword", "sign-in").inputs["endDate"]).toBe(
      secretsEnd,
    );
  });

  test("has no identifier URI and no pre-authorised client unless single sign-on is on", () => {
    expect(dev.all("azuread:index/applicationIdentifierUri:ApplicationIdentifierUri")).toEqual([]);
    expect(dev.all("azuread:index/applicationPreAuthorized:ApplicationPreAuthorized")).toEqual([]);
  });

  test("under single sign-on gets URI and Teams clients in the order that Entra demands", () => {
    const uri = everything.one("azuread:index/applicationIdentifierUri:ApplicationIdentifierUri");
    expect(uri.inputs).toEqual({
      applicationId: `/applications/${guid("sign-in object")}`,
      identifierUri: `api://botid-${botAppId}`,
    });
    const clients = everything.all("azuread:index/applicationPreAuthorized:ApplicationPreAuthorized");
    expect(clients.map(({ inputs }) => inputs["authorizedClientId"]).sort()).toEqual([
      "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
      "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
    ]);
    for (const client of clients) {
      expect(client.inputs["permissionIds"]).toEqual([guid("sign-in-scope")]);
      expect(client.waitsFor).toEqual(
        expect.arrayContaining([
          "ApplicationIdentifierUri single-sign-on",
          "Application sign-in",
          "RandomUuid sign-in-scope",
        ]),
      );
    }
    expect(everything.one("azure-native:botservice:BotConnection").waitsFor).toEqual(
      expect.arrayContaining(clients.map(({ name }) => `ApplicationPreAuthorized ${name}`)),
    );
  });
});

describe("an administrator's consent", () => {
  const grants = "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";

  test("is not asked of a deployer who may not give it, but its lack is said before the first sign-in, with the fix", () => {
    expect(dev.all(grants)).toEqual([]);
    expect(dev.warnings).toEqual([
      'Under Microsoft\'s default policy users cannot consent to Mail.Read and would meet "Need admin approval". ' +
        "Before the first sign-in an administrator consents at " +
        `https://login.microsoftonline.com/${tenantId}/adminconsent?client_id=${signInAppId}, or set it here: ` +
        "pulumi config set adminConsent true (the deployer then needs the right to grant it).",
    ]);
  });

  test("is granted for everyone where the settings ask for it, and then nothing is warned of", () => {
    expect(everything.one(grants).inputs).toEqual({
      servicePrincipalObjectId: guid("sign-in principal"),
      resourceServicePrincipalObjectId: guid("Microsoft Graph principal"),
      claimValues: ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"],
    });
    expect(everything.warnings).toEqual([]);
  });
});

describe("vault", () => {
  test("asks for roles, soft delete and no purge protection that would block the name of a short-lived stack", () => {
    expect(dev.one("azure-native:keyvault:Vault").inputs).toMatchObject({
      vaultName: worldwide,
      location: "westeurope",
    });
    expect(properties(dev.one("azure-native:keyvault:Vault"))).toMatchObject({
      tenantId,
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 7,
      networkAcls: { defaultAction: "Allow", bypass: "AzureServices" },
    });
    expect(properties(dev.one("azure-native:keyvault:Vault"))).not.toHaveProperty("enablePurgeProtection");
    expect(properties(prod.one("azure-native:keyvault:Vault"))).toMatchObject({
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
    });
  });

  test.each([
    ["bot-app-password", secretValues.botPassword],
    ["chat-session-key", secretValues.sessionKey],
    ["direct-line-secret", secretValues.directLineKey],
  ])("keeps %s as a secret that ends on record", (secretName, value) => {
    const secret = dev.one("azure-native:keyvault:Secret", `vault-${secretName}`);
    expect(secret.inputs).toMatchObject({ vaultName: worldwide, secretName });
    expect(properties(secret)).toEqual({
      value,
      contentType: "text/plain",
      attributes: { enabled: true, expires: 1810868645 },
    });
    expect(secret.secretInputs).toContain("properties.value");
  });

  test("keeps nothing else: no secret that nobody reads", () => {
    expect(
      dev
        .all("azure-native:keyvault:Secret")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      "vault-bot-app-password",
      "vault-bot-app-password-2",
      "vault-chat-session-key",
      "vault-chat-session-key-2",
      "vault-direct-line-secret",
    ]);
  });

  test("lets a destroy end well where the deployer has no role in the vault", () => {
    for (const secret of dev.all("azure-native:keyvault:Secret")) expect(secret.retainOnDelete).toBe(true);
  });
});

describe("managed identity", () => {
  test("is granted both roles by their ids, as a service principal, on vault and container alone", () => {
    const role = (id: string): string =>
      `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
    const principal = { principalId: guid("identity principal"), principalType: "ServicePrincipal" };
    expect(dev.one("azure-native:authorization:RoleAssignment", "identity-reads-secrets").inputs).toEqual({
      ...principal,
      scope: `${group}/providers/Microsoft.KeyVault/vaults/${worldwide}`,
      roleDefinitionId: role("4633458b-17de-408a-b874-0445c86b69e6"),
    });
    expect(dev.one("azure-native:authorization:RoleAssignment", "identity-writes-state").inputs).toEqual({
      ...principal,
      scope: `${group}/providers/Microsoft.Storage/storageAccounts/botsignindevk3x9q2ab/blobServices/default/containers/turn-state`,
      roleDefinitionId: role("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
    });
  });

  test("what is left of people who never finish a sign-in goes after a day, sessions when none could be good any more, and nothing else goes", () => {
    expect(dev.one("azure-native:storage:ManagementPolicy").inputs).toEqual({
      resourceGroupName: group.split("/").at(-1),
      accountName: "botsignindevk3x9q2ab",
      managementPolicyName: "default",
      policy: {
        rules: [
          {
            name: "forgottenTurns",
            type: "Lifecycle",
            enabled: true,
            definition: {
              filters: { blobTypes: ["blockBlob"], prefixMatch: ["turn-state/sign-in/", "turn-state/codes/"] },
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 1 } } },
            },
          },
          {
            name: "endedSessions",
            type: "Lifecycle",
            enabled: true,
            definition: {
              filters: { blobTypes: ["blockBlob"], prefixMatch: ["turn-state/chat-session/"] },
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } } },
            },
          },
        ],
      },
    });
  });

  test("may read secrets before the web app exists: a reference that fails at first stays failed", () => {
    expect(dev.one("azure-native:web:WebApp").waitsFor).toContain("RoleAssignment identity-reads-secrets");
  });

  test("may write the state before users are sent to the bot; the web app itself does not wait for that", () => {
    const role = "RoleAssignment identity-writes-state";
    expect(dev.one("azure-native:botservice:Bot").waitsFor).toContain(role);
    expect(dev.one("azure-native:web:WebApp").waitsFor).not.toContain(role);
  });
});

describe("state", () => {
  test("is a private container in an account without keys", () => {
    expect(dev.one("azure-native:storage:StorageAccount").inputs).toEqual({
      resourceGroupName: "bot-sign-in-dev-721f88",
      location: "westeurope",
      accountName: "botsignindevk3x9q2ab",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      tags: { project, stack: "dev" },
    });
    expect(dev.one("azure-native:storage:BlobContainer").inputs).toMatchObject({
      containerName: "turn-state",
      publicAccess: "None",
    });
  });
});

describe("hosting", () => {
  test("is a Linux plan of the size that was asked for", () => {
    expect(dev.one("azure-native:web:AppServicePlan").inputs).toMatchObject({
      kind: "linux",
      reserved: true,
      sku: { name: "B1", tier: "Basic", capacity: 1 },
    });
    expect(everything.one("azure-native:web:AppServicePlan").inputs["sku"]).toEqual({
      name: "F1",
      tier: "Free",
      capacity: 1,
    });
  });

  test("runs the bundle on Node 24 over https only, with the identity that resolves its references", () => {
    const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/bot-sign-in-dev-k3x9q2ab`;
    expect(dev.one("azure-native:web:WebApp").inputs).toMatchObject({
      name: worldwide,
      kind: "app,linux",
      reserved: true,
      httpsOnly: true,
      clientAffinityEnabled: false,
      identity: { type: "UserAssigned", userAssignedIdentities: [identity] },
      keyVaultReferenceIdentity: identity,
      serverFarmId: `${group}/providers/Microsoft.Web/serverfarms/bot-sign-in-dev-k3x9q2ab`,
    });
    const { appSettings: _settings, ...rest } = siteConfig(dev);
    expect(rest).toMatchObject({
      linuxFxVersion: "NODE|24-lts",
      appCommandLine: "exec node index.js",
      alwaysOn: true,
      healthCheckPath: "/healthz",
      minTlsVersion: "1.2",
      scmMinTlsVersion: "1.2",
      ftpsState: "Disabled",
    });
    expect(siteConfig(everything)["alwaysOn"]).toBe(false);
  });

  test("gets every app setting in the one write that creates it, all derived", () => {
    const version = (name: string): string => guid(name).replaceAll("-", "");
    const secret = (name: string): string =>
      `@Microsoft.KeyVault(SecretUri=https://${worldwide}.vault.azure.net/secrets/${name}/${version(name)})`;
    const { OAUTH_CONNECTIONS, ...others } = appSettings(dev);
    expect(others).toEqual({
      MicrosoftAppId: botAppId,
      MicrosoftAppType: "SingleTenant",
      MicrosoftAppTenantId: tenantId,
      MicrosoftAppPassword: secret("bot-app-password"),
      MicrosoftAppPasswordBefore: secret("bot-app-password-2"),
      TOKEN_SERVICE_ENDPOINT: "https://api.botframework.com",
      DIRECT_LINE_ENDPOINT: "https://directline.botframework.com",
      DIRECT_LINE_SECRET_URI: `https://${worldwide}.vault.azure.net/secrets/direct-line-secret`,
      STATE_CONTAINER_URL: "https://botsignindevk3x9q2ab.blob.core.windows.net/turn-state",
      MANAGED_IDENTITY_CLIENT_ID: guid("identity client"),
      CHAT_SESSION_KEY: secret("chat-session-key"),
      CHAT_SESSION_KEY_BEFORE: secret("chat-session-key-2"),
      SECRETS_ROTATION: "0",
      SECRETS_END: `2027-04-21T03:04:05Z/${secretsEnd}`,
      CHAT_TITLE: "Mail bot",
      CHAT_FRAME_ANCESTORS: "'self'",
      CHAT_PAGE: "on",
      CHAT_ACCESS: "everyone",
      CHAT_ALLOWED_NETWORKS: "everywhere",
      TEAMS_GROUPS: "off",
      ENABLE_ORYX_BUILD: "false",
      SCM_DO_BUILD_DURING_DEPLOYMENT: "false",
      WEBSITES_CONTAINER_STOP_TIME_LIMIT: "30",
    });
    expect(parseConnections(OAUTH_CONNECTIONS!)).toEqual([
      {
        name: "GraphConnection",
        provider: "entra",
        scopes: ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"],
        skill: "mail",
      },
    ]);
    expect(dev.all("azure-native:web:WebAppApplicationSettings")).toEqual([]);
    expect(appSettings(everything)).toMatchObject({
      CHAT_PAGE: "off",
      CHAT_FRAME_ANCESTORS: "'self' https://intranet.contoso.com",
    });
  });

  test.each(["WebAppScmAllowed", "WebAppFtpAllowed"])(
    "%s is off before the code is pushed, and stays off after a destroy",
    (type) => {
      const policy = dev.one(`azure-native:web:${type}`);
      expect(policy.inputs).toMatchObject({ name: worldwide, allow: false });
      expect(policy.retainOnDelete).toBe(true);
      expect(dev.one("bot-sign-in:index:DeployedCode").waitsFor).toContain(`${type} ${policy.name}`);
    },
  );
});

describe("logs", () => {
  test("of bot, web app and vault go to one workspace, kept as long as the settings say", () => {
    expect(dev.one("azure-native:operationalinsights:Workspace").inputs).toMatchObject({
      sku: { name: "PerGB2018" },
      retentionInDays: 30,
    });
    expect(everything.one("azure-native:operationalinsights:Workspace").inputs["retentionInDays"]).toBe(90);
    const workspaceId = `${group}/providers/Microsoft.OperationalInsights/workspaces/bot-sign-in-dev-k3x9q2ab`;
    expect(dev.one("azure-native:monitor:DiagnosticSetting", "logs-bot").inputs).toEqual({
      name: "logs",
      resourceUri: `${group}/providers/Microsoft.BotService/botServices/${worldwide}`,
      workspaceId,
      logs: [{ category: "BotRequest", enabled: true }],
    });
    expect(dev.one("azure-native:monitor:DiagnosticSetting", "logs-host").inputs).toEqual({
      name: "logs",
      resourceUri: `${group}/providers/Microsoft.Web/sites/${worldwide}`,
      workspaceId,
      logs: [{ category: "AppServiceConsoleLogs", enabled: true }],
    });
    expect(dev.one("azure-native:monitor:DiagnosticSetting", "logs-vault").inputs).toEqual({
      name: "logs",
      resourceUri: `${group}/providers/Microsoft.KeyVault/vaults/bot-sign-in-dev-k3x9q2ab`,
      workspaceId,
      logs: [{ category: "AuditEvent", enabled: true }],
    });
  });

  test("hold no cookie of a user and no address: the web server's own are not collected", () => {
    const settings = dev.resources.filter(({ type }) => type === "azure-native:monitor:DiagnosticSetting");
    const collected = settings.flatMap(({ inputs }) => inputs["logs"] as { category?: string }[]);
    expect(collected.map(({ category }) => category).sort()).toEqual([
      "AppServiceConsoleLogs",
      "AuditEvent",
      "BotRequest",
    ]);
  });

  test("do without Application Insights, which leaves things behind", () => {
    expect(dev.resources.filter(({ type }) => /applicationinsights/i.test(type))).toEqual([]);
  });
});

describe("bot registration", () => {
  test("is a single-tenant bot whose endpoint is the host that App Service gave, at the route the bot serves", () => {
    const bot = dev.one("azure-native:botservice:Bot");
    expect(bot.inputs).toMatchObject({
      resourceName: worldwide,
      location: "global",
      kind: "azurebot",
      sku: { name: "F0" },
    });
    expect(properties(bot)).toMatchObject({
      displayName: "Mail bot",
      endpoint: `https://${host}/api/messages`,
      msaAppId: botAppId,
      msaAppType: "SingleTenant",
      msaAppTenantId: tenantId,
      disableLocalAuth: false,
    });
  });

  test("is made anew, never patched, when something changes that Bot Service cannot change", () => {
    const bot = dev.one("azure-native:botservice:Bot");
    expect(bot.replaceOnChanges).toEqual(["properties.msaAppId", "properties.msaAppType", "properties.msaAppTenantId"]);
    expect(bot.deleteBeforeReplace).toBe(true);
  });

  test("takes the handle of the settings, and its own place in a regional residency", () => {
    expect(everything.one("azure-native:botservice:Bot").inputs).toMatchObject({
      resourceName: "contoso-post",
      location: "westeurope",
      sku: { name: "S1" },
    });
  });
});

describe("connections", () => {
  test("carry the sign-in app, its secret, the provider and the scopes under the very name that the bot reads", () => {
    const connection = dev.one("azure-native:botservice:BotConnection");
    expect(connection.inputs).toMatchObject({
      resourceName: worldwide,
      connectionName: parseConnections(appSettings(dev)["OAUTH_CONNECTIONS"]!)[0]!.name,
      location: "global",
    });
    expect(properties(connection)).toEqual({
      serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
      serviceProviderDisplayName: "Azure Active Directory v2",
      clientId: signInAppId,
      clientSecret: secretValues.signInPassword,
      scopes: "openid profile offline_access User.Read Mail.Read Mail.Send",
      parameters: [{ key: "tenantId", value: tenantId }],
    });
    expect(connection.secretInputs).toEqual(["properties"]);
  });

  test("have no tags, which would overwrite the bot's", () => {
    expect(dev.one("azure-native:botservice:BotConnection").inputs).not.toHaveProperty("tags");
  });

  test("are made anew, the old one gone first, when a parameter differs: a write would keep the old ones", () => {
    const connection = dev.one("azure-native:botservice:BotConnection");
    expect(connection.replaceOnChanges).toEqual(["properties"]);
    expect(connection.deleteBeforeReplace).toBe(true);
  });

  test("are read back by key after they were made", () => {
    expect(dev.one("bot-sign-in:index:ConnectionCheck").inputs).toMatchObject({
      subscriptionId,
      resourceGroupName: "bot-sign-in-dev-721f88",
      botName: worldwide,
      connectionName: "GraphConnection",
      clientId: signInAppId,
      serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
      scopes: "openid profile offline_access User.Read Mail.Read Mail.Send",
      parameters: { tenantId },
      settingId: guid("GraphConnection"),
    });
  });

  test("under single sign-on exchange tokens at the very URI of the sign-in app", () => {
    expect(properties(everything.one("azure-native:botservice:BotConnection"))["parameters"]).toEqual([
      { key: "tenantId", value: tenantId },
      { key: "tokenExchangeUrl", value: `api://botid-${botAppId}` },
    ]);
    expect(everything.one("bot-sign-in:index:ConnectionCheck").inputs["parameters"]).toEqual({
      tenantId,
      tokenExchangeUrl: `api://botid-${botAppId}`,
    });
  });
});

describe("channels", () => {
  test("Teams is on with its terms accepted", () => {
    expect(dev.one("azure-native:botservice:Channel").inputs).toMatchObject({
      resourceName: worldwide,
      channelName: "MsTeamsChannel",
      properties: {
        channelName: "MsTeamsChannel",
        properties: { isEnabled: true, acceptedTerms: true, deploymentEnvironment: "CommercialDeployment" },
      },
    });
  });

  test("Teams is not replaced while the bot stays, because every stored user id would change", () => {
    expect(dev.one("azure-native:botservice:Channel").ignoreChanges).toEqual(["location"]);
    expect(prod.one("azure-native:botservice:Channel").protect).toBe(true);
  });

  test("Direct Line gets a site of ours that trusts the chat page's origin alone", () => {
    expect(dev.one("bot-sign-in:index:DirectLineSite").inputs).toMatchObject({
      subscriptionId,
      botName: worldwide,
      siteName: "chat",
      trustedOrigins: [`https://${host}`],
    });
  });

  test("Direct Line and Web Chat, which every new bot already has, are never declared as new channels", () => {
    expect(dev.all("azure-native:botservice:Channel").map(({ inputs }) => inputs["channelName"])).toEqual([
      "MsTeamsChannel",
    ]);
    expect(dev.one("bot-sign-in:index:WebChatDefaultSite").inputs).toMatchObject({
      subscriptionId,
      botName: worldwide,
    });
  });

  test("the chat page's key is asked for once the site is confirmed, and put into the vault", () => {
    const calls = dev.invokes.filter(({ token }) => token.endsWith(":listChannelWithKeys"));
    expect(calls.map(({ args }) => args)).toEqual([
      {
        resourceGroupName: "bot-sign-in-dev-721f88",
        resourceName: worldwide,
        channelName: "DirectLineChannel",
      },
    ]);
    expect(calls[0]!.after).toContain("DirectLineSite channels-direct-line");
    expect(dev.one("azure-native:keyvault:Secret", "vault-direct-line-secret").waitsFor).toContain(
      "DirectLineSite channels-direct-line",
    );
  });
});

test("whoever uses the channels gets the chat page's key as a secret, wherever it is put", async () => {
  const args = {
    subscriptionId,
    resourceGroupName: "group",
    botHandle: "bot",
    location: "global",
    protect: false,
    rotation: 0,
  };
  const recording = await record({ project, stack: "dev", config: {} }, azureAnswers, () => ({
    key: new Channels("channels", { ...args, chatOrigin: "https://bot.example" }).directLineSecret,
  }));
  expect(recording.outputs).toEqual({ key: secretValues.directLineKey });
  expect(recording.secretOutputs).toEqual(["key"]);
});

describe("code", () => {
  test("is pushed by its hash before users are sent to it, and judged when all that the bot needs is there", () => {
    const code = dev.one("bot-sign-in:index:DeployedCode");
    expect(code.inputs).toMatchObject({
      subscriptionId,
      resourceGroupName: "bot-sign-in-dev-721f88",
      webAppName: worldwide,
      ...packaged,
      healthUrl: `https://${host}/healthz`,
    });
    expect(code.waitsFor).toContain("WebApp host");
    expect(dev.one("azure-native:botservice:Bot").waitsFor).toContain("DeployedCode code");
    const health = dev.one("bot-sign-in:index:BotHealth");
    expect(health.inputs).toMatchObject({ healthUrl: `https://${host}/healthz`, hash: packaged.hash });
    expect(health.waitsFor).toEqual(
      expect.arrayContaining([
        "DeployedCode code",
        "ServicePrincipal bot",
        "BotConnection connections-GraphConnection",
        "ConnectionCheck connections-GraphConnection",
        "DirectLineSite channels-direct-line",
        "Secret vault-direct-line-secret",
      ]),
    );
  });
});

describe("residency", () => {
  test("one setting moves redirect address, Token Service, Direct Line and bot together, and the Azure region not at all", () => {
    const web = everything.one("azuread:index/application:Application", "sign-in").inputs["web"] as Properties;
    expect(web["redirectUris"]).toEqual(["https://europe.token.botframework.com/.auth/web/redirect"]);
    expect(appSettings(everything)).toMatchObject({
      TOKEN_SERVICE_ENDPOINT: "https://europe.api.botframework.com",
      DIRECT_LINE_ENDPOINT: "https://europe.directline.botframework.com",
    });
    for (const type of ["Bot", "BotConnection", "Channel"]) {
      expect(everything.one(`azure-native:botservice:${type}`).inputs["location"]).toBe("westeurope");
    }
    expect(everything.one("azure-native:resources:ResourceGroup").inputs["location"]).toBe("westeurope");
  });
});

describe("outputs", () => {
  test("tell a person where the bot is, what it is called and when its secrets end", () => {
    expect(dev.outputs).toEqual({
      endpoint: `https://${host}/api/messages`,
      chatAddress: `https://${host}/`,
      botAppId,
      signInAppId,
      redirectAddress: "https://token.botframework.com/.auth/web/redirect",
      connections: ["GraphConnection"],
      secretsExpire: {
        "bot-app-password": secretsEnd,
        "sign-in-app-password": secretsEnd,
        "chat-session-key": secretsEnd,
        "direct-line-secret": secretsEnd,
      },
      resourceGroup: "bot-sign-in-dev-721f88",
      bot: worldwide,
      webApp: worldwide,
      codeHash: packaged.hash,
      teamsPackage: "npm run teams:package -- dev",
    });
    expect(dev.secretOutputs).toEqual([]);
    expect((everything.outputs["secretsExpire"] as Properties)["bot-app-password"]).toBe("2026-12-22T03:04:05Z");
  });
});

test("what users would lose for good is protected in prod, and nothing is in dev", () => {
  expect(
    prod.resources
      .filter(({ protect }) => protect)
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
      .sort(),
  ).toEqual([
    "Application bot",
    "Application sign-in",
    "Bot bot",
    "Channel channels-teams",
    "RandomString suffix",
    "RandomString suffix-here",
    "RandomUuid sign-in-scope",
    "ServicePrincipal bot",
    "ServicePrincipal sign-in",
    "StorageAccount state",
    "Vault vault",
  ]);
  expect(dev.resources.filter(({ protect }) => protect)).toEqual([]);
});

test("everything that can carry tags says whose it is, but a connection, whose tags would overwrite the bot's", () => {
  const azureTags = { project, stack: "dev" };
  const tagged = dev.resources.filter(({ inputs }) => inputs["tags"] !== undefined);
  for (const { type, inputs } of tagged) expect(inputs["tags"]).toEqual(type.startsWith("azuread") ? tags : azureTags);
  expect([...new Set(tagged.map(({ type }) => type.split(":").at(-1)))].sort()).toEqual([
    "AppServicePlan",
    "Application",
    "Bot",
    "ResourceGroup",
    "Secret",
    "ServicePrincipal",
    "StorageAccount",
    "UserAssignedIdentity",
    "Vault",
    "WebApp",
    "Workspace",
  ]);
});

test("owner and commit are tags where they are set, but not on secrets, which each write would give a new version", async () => {
  const preview = await deploy({ owner: "Ada", commit: "8412f4f" }, { stack: "pr-42" });
  const all = { project, stack: "pr-42", owner: "Ada", commit: "8412f4f" };
  expect(preview.one("azure-native:web:WebApp").inputs["tags"]).toEqual(all);
  expect(preview.one("azuread:index/application:Application", "bot").inputs["tags"]).toEqual([
    "commit:8412f4f",
    "owner:Ada",
    "project:bot-sign-in",
    "stack:pr-42",
  ]);
  for (const { inputs } of preview.all("azure-native:keyvault:Secret")) {
    expect(inputs["tags"]).toEqual({ project, stack: "pr-42" });
  }
});

test("the subscription is asked of the provider only where neither configuration nor environment names it", () => {
  const asked = (recording: Recording): number =>
    recording.invokes.filter(({ token }) => token === "azure-native:authorization:getClientConfig").length;
  expect([asked(dev), asked(everything)]).toEqual([1, 0]);
});

test("every secret hangs on one date in the state, which the setting secretsRenewed takes anew", () => {
  expect(dev.one("bot-sign-in:index:RotationDate").inputs).toEqual({ renewed: "never", asked: "" });
  expect(dev.one("random:index/randomPassword:RandomPassword", "chat-session-key").inputs["keepers"]).toEqual({
    startedAt,
  });
});
