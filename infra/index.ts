import * as authorization from "@pulumi/azure-native/authorization";
import * as resources from "@pulumi/azure-native/resources";
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as path from "node:path";
import { AdminConsent, warnOfMissingConsent } from "./components/admin-consent";
import { BotCode } from "./components/bot-code";
import { BotIdentity } from "./components/bot-identity";
import { BotRegistration } from "./components/bot-registration";
import { Channels } from "./components/channels";
import { Connections } from "./components/connections";
import { deletedWithGroup } from "./components/deleted-with-group";
import { Hosting } from "./components/hosting";
import { Logs } from "./components/logs";
import { ManagedIdentity } from "./components/managed-identity";
import { SignInApp } from "./components/sign-in-app";
import { SingleSignOn } from "./components/single-sign-on";
import { TurnState } from "./components/turn-state";
import { Vault } from "./components/vault";
import { readSettings } from "./configuration";
import { keyVaultReference } from "./decisions/app-settings";
import { chatPageSettings } from "./decisions/chat-page";
import { lastingMarks, marksOf } from "./decisions/marks";
import { type GlobalKind, globalName, ownName, signInName, suffixLength } from "./decisions/names";
import { scopesOf } from "./decisions/permissions";
import { addressesOf } from "./decisions/residency";
import { endOfLife, renewalWarning } from "./decisions/secret-life";
import { waitOutOrCure } from "./on-refusal";
import { BotHealth } from "./resources/bot-health";
import { FixedSettingsCheck } from "./resources/fixed-settings";
import { RotationDate } from "./resources/rotation-date";

// Settings, and what follows from them alone
const settings = readSettings();
const { location, tenantId, protect, serviceManagementReference } = settings;
const addresses = addressesOf(settings.residency);
const scopes = scopesOf(settings.connections);

// What Azure refuses for a while is waited out; below any other refusal stands what cures it
waitOutOrCure();

// Names
const project = pulumi.getProject();
const stack = pulumi.getStack();
const name = ownName(project, stack);
const { owner, commit, expires } = settings;
const whose = { project, stack, owner, commit, expires };
const marks = marksOf(whose);
const letters = { length: suffixLength, special: false, upper: false };
const suffix = new random.RandomString("suffix", letters, { protect });
// Another location makes all that lives in one anew, under new names, so that the old ones serve until the new ones do.
// The bot itself lives in none and keeps its name, and with it its users.
const suffixHere = new random.RandomString("suffix-here", { ...letters, keepers: { location } }, { protect });
const worldwide = (kind: GlobalKind): pulumi.Output<string> =>
  (kind === "bot" ? suffix : suffixHere).result.apply((tail) => globalName(kind, project, stack, tail));
const nameHere = worldwide("webApp");
const botHandle = settings.botHandle ?? worldwide("bot");
const fixed = { location, residency: settings.residency, botHandle, tenant: tenantId };
if (protect) new FixedSettingsCheck("fixed-settings", fixed);

// Who deploys, and where to
const deployer = azuread.getClientConfigOutput().objectId;
const subscriptionId = settings.subscriptionId
  ? pulumi.output(settings.subscriptionId)
  : authorization.getClientConfigOutput().subscriptionId;
const group = new resources.ResourceGroup(
  "group",
  { resourceGroupName: name, location, tags: marks },
  // A group's location says only where its own record is kept; a replacement would delete everything in it.
  { ignoreChanges: ["location"] },
);
const resourceGroupName = group.name;
if (settings.environment === "preview") deletedWithGroup(group);

// How long secrets live
const rotation = new RotationDate("secrets-renewed", { renewed: settings.secretsRenewed });
const secretsEnd = rotation.startedAt.apply((date) => endOfLife(date, settings.secretLifetimeDays));
secretsEnd.apply((end) => {
  const warning = renewalWarning(end, settings.secretLifetimeDays, new Date());
  return warning ? pulumi.log.warn(warning, rotation) : undefined;
});

// Identities: the bot's, and the one through which users sign in
const identity = { deployer, serviceManagementReference, passwordEnds: secretsEnd, protect, marks };
const botIdentity = new BotIdentity("bot", { ...identity, displayName: name });
const signInApp = new SignInApp("sign-in", {
  ...identity,
  displayName: signInName(settings.displayName, stack),
  redirectAddress: addresses.redirectAddress,
  scopes,
});
const singleSignOn = settings.singleSignOn
  ? new SingleSignOn("single-sign-on", { signInApp, botAppId: botIdentity.clientId })
  : undefined;
if (settings.adminConsent) new AdminConsent("admin-consent", { signInApp, scopes });
else warnOfMissingConsent(signInApp, scopes, tenantId);

// What the bot keeps, and the identity that may reach it
const vault = new Vault("vault", {
  resourceGroupName,
  location,
  vaultName: worldwide("vault"),
  tenantId,
  protect,
  purgeProtection: settings.purgeProtection,
  retentionDays: settings.vaultRetentionDays,
  marks,
  lastingMarks: lastingMarks(whose),
});
const password = vault.keep("bot-app-password", botIdentity.password, secretsEnd);
const sessionKey = new random.RandomPassword("chat-session-key", {
  length: 48,
  special: false,
  keepers: { startedAt: rotation.startedAt },
});
const session = vault.keep("chat-session-key", sessionKey.result, secretsEnd);
const state = new TurnState("state", {
  resourceGroupName,
  location,
  accountName: worldwide("storageAccount"),
  protect,
  marks,
});
const managedIdentity = new ManagedIdentity("identity", {
  resourceGroupName,
  location,
  identityName: nameHere,
  subscriptionId,
  vaultId: vault.id,
  stateContainerId: state.containerId,
  marks,
});

// Hosting
const hosting = new Hosting("host", {
  resourceGroupName,
  location,
  planName: nameHere,
  webAppName: worldwide("webApp"),
  size: settings.hostingSize,
  identity: managedIdentity,
  marks,
  appSettings: {
    MicrosoftAppId: botIdentity.clientId,
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: tenantId,
    MicrosoftAppPassword: password.uriWithVersion.apply(keyVaultReference),
    OAUTH_CONNECTIONS: JSON.stringify(settings.connections),
    TOKEN_SERVICE_ENDPOINT: addresses.tokenServiceApi,
    DIRECT_LINE_ENDPOINT: addresses.directLine,
    DIRECT_LINE_SECRET_URI: vault.addressOf("direct-line-secret"),
    STATE_CONTAINER_URL: state.containerUrl,
    MANAGED_IDENTITY_CLIENT_ID: managedIdentity.clientId,
    CHAT_SESSION_KEY: session.uriWithVersion.apply(keyVaultReference),
    CHAT_TITLE: settings.displayName,
    ...chatPageSettings(settings.chatPage, settings.connections),
  },
});

// Code, before the bot's users are sent to it
const code = new BotCode("code", {
  subscriptionId,
  resourceGroupName,
  hosting,
  projectFolder: path.dirname(__dirname),
});

// The bot, its connections and channels
const bot = new BotRegistration("bot", {
  resourceGroupName,
  location: addresses.botLocation,
  handle: botHandle,
  displayName: settings.displayName,
  sku: settings.botSku,
  tenantId,
  identity: botIdentity,
  endpoint: hosting.endpoint,
  servedBy: [code.deployed, managedIdentity.writesState],
  protect,
  marks,
});
const ofBot = { subscriptionId, resourceGroupName, botHandle: bot.handle, location: addresses.botLocation };
const connected = new Connections("connections", {
  ...ofBot,
  tenantId,
  connections: settings.connections,
  signInApp,
  singleSignOn,
});
const channels = new Channels("channels", { ...ofBot, chatOrigin: hosting.origin, protect });
const directLine = vault.keep("direct-line-secret", channels.directLineSecret, secretsEnd);

// Logs
const logs = new Logs("logs", {
  resourceGroupName,
  location,
  workspaceName: nameHere,
  retentionDays: settings.logRetentionDays,
  marks,
});
logs.collect("bot-logs", bot.id, ["BotRequest"]);
// Not AppServiceHTTPLogs: they carry users' cookies and IP addresses.
logs.collect("host-logs", hosting.webAppId, ["AppServiceConsoleLogs"]);
logs.collect("vault-logs", vault.id, ["AuditEvent"]);

// The last judge: the bot itself, when all that it needs is there
new BotHealth(
  "health",
  { healthUrl: hosting.healthAddress, hash: code.hash },
  { dependsOn: [botIdentity, connected, channels, directLine.resource] },
);

// Outputs, nothing secret
export const endpoint = hosting.endpoint;
export const chatAddress = pulumi.interpolate`${hosting.origin}/`;
export const botAppId = botIdentity.clientId;
export const signInAppId = signInApp.clientId;
export const connections = settings.connections.map((connection) => connection.name);
export const secretsExpire = {
  "bot-app-password": secretsEnd,
  "sign-in-app-password": secretsEnd,
  "chat-session-key": secretsEnd,
  "direct-line-secret": secretsEnd,
};
export const resourceGroup = resourceGroupName;
export { handle as bot, webApp, codeHash };
const handle = bot.handle;
const webApp = hosting.webAppName;
const codeHash = code.hash;
