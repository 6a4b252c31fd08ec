import { identityProviders } from "../../../contract/identity-providers";
import { addressesOf } from "../../../infra/facts/residency";
import { teamsClients } from "../../../infra/facts/teams-clients";
import type { Api, App, Application } from "../../../ops/doctor/set-up/entra";
import type { Connection, SetUp } from "../../../ops/doctor/set-up";
import type { WebApp } from "../../../ops/doctor/set-up/web-app";

const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const botAppId = "11111111-1111-4111-8111-111111111111";
const signInAppId = "22222222-2222-4222-8222-222222222222";
const scopeId = "33333333-3333-4333-8333-333333333333";
const group = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/chat";
const vaultId = `${group}/providers/Microsoft.KeyVault/vaults/chat-vault`;

/** Ids that the tests name. */
export const ids = { tenantId, botAppId, signInAppId, group, vaultId } as const;

const graph: Api = {
  id: "graph-principal",
  appId: "00000003-0000-0000-c000-000000000000",
  displayName: "Microsoft Graph",
  accountEnabled: true,
  oauth2PermissionScopes: ["openid", "User.Read", "Mail.Read"].map((value) => ({
    id: `id-of-${value}`,
    value,
    isEnabled: true,
    type: "User",
  })),
};

const password = {
  keyId: "key",
  displayName: "bot",
  startDateTime: "2026-11-01T00:00:00Z",
  endDateTime: "2027-05-01T00:00:00Z",
  hint: "abc",
};

const application = (appId: string, change: Partial<Application> = {}): Application => ({
  id: `object-of-${appId}`,
  appId,
  displayName: "Mail bot",
  signInAudience: "AzureADMyOrg",
  identifierUris: [],
  isFallbackPublicClient: null,
  web: { redirectUris: [] },
  spa: { redirectUris: [] },
  publicClient: { redirectUris: [] },
  api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [], preAuthorizedApplications: [] },
  requiredResourceAccess: [],
  passwordCredentials: [password],
  keyCredentials: [],
  ...change,
});

const app = (clientId: string, change: Partial<Application> = {}): App => ({
  clientId,
  application: { value: application(clientId, change) },
  principal: {
    value: {
      id: `principal-of-${clientId}`,
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      appOwnerOrganizationId: tenantId,
      servicePrincipalType: "Application",
    },
  },
  deleted: { value: undefined },
  federated: { value: [] },
});

/** A set-up with which nothing is wrong, as a stack makes one with single sign-on; each call gives one of its own. */
export function healthy(): SetUp {
  const bot = `${group}/providers/Microsoft.BotService/botServices/mail-bot`;
  const host = "mail-bot.azurewebsites.net";
  const identityId = `${group}/providers/microsoft.managedidentity/userassignedidentities/mail-bot`.toLowerCase();
  const entra = identityProviders.find(({ name }) => name === "Aadv2")!;
  const webApp: WebApp = {
    id: `${group}/providers/Microsoft.Web/sites/mail-bot`,
    name: "mail-bot",
    host,
    hosts: [host],
    state: "Running",
    httpsOnly: true,
    publicNetwork: true,
    openWithoutCertificate: undefined,
    referenceIdentity: identityId,
    identities: [{ id: identityId, clientId: "identity-client", principalId: "identity-principal" }],
    inNetwork: false,
    ownIdentity: undefined,
    runtime: "NODE|24-lts",
    startCommand: "exec node index.js",
    alwaysOn: true,
    healthCheckPath: "/healthz",
    minTlsVersion: "1.2",
    size: { value: "B1" },
    restrictions: [],
    loginRequired: { value: undefined },
    settings: {
      value: {
        MicrosoftAppId: botAppId,
        MicrosoftAppType: "SingleTenant",
        MicrosoftAppTenantId: tenantId,
        MicrosoftAppPassword:
          "@Microsoft.KeyVault(SecretUri=https://chat-vault.vault.azure.net/secrets/bot-app-password)",
        OAUTH_CONNECTIONS: JSON.stringify([{ name: "Graph", provider: "entra", scopes: ["User.Read", "Mail.Read"] }]),
        TOKEN_SERVICE_ENDPOINT: addressesOf("global").tokenServiceApi,
        DIRECT_LINE_ENDPOINT: addressesOf("global").directLine,
        MANAGED_IDENTITY_CLIENT_ID: "identity-client",
        CHAT_PAGE: "on",
        DIRECT_LINE_SECRET_URI: "https://chat-vault.vault.azure.net/secrets/direct-line-secret",
      },
    },
    references: {
      value: [
        {
          setting: "MicrosoftAppPassword",
          status: "Resolved",
          details: "",
          vaultName: "chat-vault",
          secretName: "bot-app-password",
        },
      ],
    },
    deployedHash: { value: "hash-of-the-code" },
  };
  const vault = {
    value: {
      id: vaultId,
      name: "chat-vault",
      tenantId,
      deleted: undefined,
      byRoles: true,
      openToAll: true,
      readers: [],
      letsAddressesIn: false,
      signers: [],
      roleHolders: { value: { ids: ["identity-principal"], byGroups: false } },
    },
  };
  const connection: Connection = {
    id: `${bot}/connections/Graph`,
    name: "Graph",
    provider: entra,
    providerId: entra.id,
    proof: "secret",
    clientId: signInAppId,
    scopes: "openid User.Read Mail.Read",
    hasSecret: true,
    secretHint: "abc",
    parameters: new Map([
      ["tenantid", tenantId],
      ["tokenexchangeurl", `api://botid-${botAppId}`],
    ]),
    app: app(signInAppId, {
      identifierUris: [`api://botid-${botAppId}`],
      web: { redirectUris: [addressesOf("global").redirectAddress] },
      api: {
        requestedAccessTokenVersion: 2,
        oauth2PermissionScopes: [{ id: scopeId, value: "access_as_user", isEnabled: true }],
        preAuthorizedApplications: Object.values(teamsClients).map((appId) => ({
          appId,
          delegatedPermissionIds: [scopeId],
        })),
      },
      requiredResourceAccess: [
        {
          resourceAppId: graph.appId,
          resourceAccess: graph.oauth2PermissionScopes.map(({ id }) => ({ id, type: "Scope" })),
        },
      ],
    }),
    apis: new Map([[graph.appId, { value: graph }]]),
    grants: {
      value: [{ consentType: "AllPrincipals", principalId: null, resourceId: graph.id, scope: "User.Read Mail.Read" }],
    },
    token: { ended: "good" },
    authorize: { ended: "good" },
  };
  return {
    stack: undefined,
    now: new Date("2026-11-29T12:00:00Z"),
    clockAhead: 0,
    tenantId,
    wanted: undefined,
    bot: {
      id: bot,
      name: "mail-bot",
      location: "global",
      residency: "global",
      endpoint: `https://${host}/api/messages`,
      appId: botAppId,
      appType: "SingleTenant",
      appTenantId: tenantId,
      identityId: undefined,
      localAuthOff: false,
      publicNetwork: true,
    },
    identity: {
      ...app(botAppId),
      managed: undefined,
      secretSetting: "MicrosoftAppPassword",
      secretHint: "abc",
      certificates: [],
      knownCertificates: undefined,
      token: { ended: "good" },
    },
    connections: [connection],
    connectionsRead: true,
    channels: {
      read: true,
      names: ["DirectLineChannel", "WebChatChannel", "MsTeamsChannel"],
      directLine: [
        { siteName: "chat", isEnabled: true, isSecureSiteEnabled: true, trustedOrigins: [`https://${host}`] },
        { siteName: "Default Site", isEnabled: false, isSecureSiteEnabled: false, trustedOrigins: [] },
      ],
      webChat: [{ siteName: "Default Site", isEnabled: false, isSecureSiteEnabled: false, trustedOrigins: [] }],
      teams: { isEnabled: true, acceptedTerms: true },
      keys: { value: ["digest-of-the-key"] },
    },
    signIn: undefined,
    endpoint: { ended: "answered", status: 401, by: "" },
    webApp: { value: webApp },
    health: {
      found: "health",
      date: new Date("2026-11-29T12:00:01Z"),
      health: { status: "well", build: { version: "1", hash: "hash-of-the-code" }, checks: [], connections: ["Graph"] },
    },
    secrets: ["MicrosoftAppPassword", "DIRECT_LINE_SECRET_URI"].map((setting) => ({
      setting,
      vaultName: "chat-vault",
      secretName: setting,
      version: undefined,
      vault,
      attributes: { value: { enabled: true, expires: "2027-05-01T00:00:00Z" } },
      digest: { value: "digest-of-the-key" },
    })),
    state: {
      url: "https://chat.blob.core.windows.net/turns",
      account: {
        value: { id: `${group}/storage`, name: "chat", openToAll: true, container: { value: true } },
      },
      writers: { value: { ids: ["identity-principal"], byGroups: false } },
    },
  };
}

/** The same with some of it changed, at a path such as `bot.endpoint` or `connections.0.app.application.value.web`. */
export function changed(changes: Readonly<Record<string, unknown>>): SetUp {
  const setUp = healthy();
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split(".");
    const last = names.pop()!;
    const holder = names.reduce<Record<string, unknown>>(
      (at, name) => at[name] as Record<string, unknown>,
      setUp as unknown as Record<string, unknown>,
    );
    if (!(last in holder)) throw new Error(`a set-up has no ${path}`);
    holder[last] = value;
  }
  return setUp;
}
