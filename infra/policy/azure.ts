import { turnState } from "../../contract/turn-state";
import { healthRoute, messagesRoute } from "../../contract/app-settings";
import { environmentDefaults } from "../settings/environment";
import { hostingSizes } from "../facts/hosting-size";
import { type BuiltInRole, builtInRoles } from "../facts/roles";
import { addressesOf, residencies, type ResidencyAddresses } from "../facts/residency";
import { botAppId } from "./app-settings";
import {
  certificateNamesIn,
  guid,
  handedInEndpointOr,
  is,
  listOf,
  matching,
  number,
  objectOf,
  ofAdopted,
  optional,
  ownId,
  ownIdOr,
  ownIdOrHandedIn,
  ownNameOf,
  ownTenant,
  passes,
  type Predicate,
  secretNameIn,
  text,
} from "./predicates";
import { at, unknown } from "./resource";
import { azureTags, by, name, type Rows, value } from "./rows";
import { secretEnd } from "./secret-end";
import { healthCheckPath, messagesAddress, runtime, startCommand } from "./code";
import { types } from "./types";

const tls = by("https-and-tls");
const basic = by("no-basic-auth");
const tenant = by("single-tenant");
const addresses = by("own-addresses");
const code = by("own-code");
const vault = by("vault-roles-and-soft-delete");
const logs = by("logs-kept");
const rights = by("least-rights");

/** Everything in a resource group, and most of it somewhere. */
const inGroup: Rows = { resourceGroupName: name };
const located: Rows = { ...inGroup, location: name, tags: azureTags };

const isOf = ({ redirectAddress }: ResidencyAddresses, given: unknown): boolean =>
  given === unknown || given === redirectAddress;

/** Another residency's redirect address is a sign-in that ends in AADSTS50011 (known mistake 4). */
const botLocation: Predicate = {
  wants: "the location of the residency whose redirect address the applications have (the setting residency sets both)",
  test(location, { setUp }) {
    const addresses = residencies
      .map((residency) => addressesOf(residency))
      .find((one) => one.botLocation === location);
    const redirects = setUp.members
      .filter(({ type }) => type === types.application)
      .flatMap(({ inputs }) => at(inputs, "web.redirectUris") ?? []);
    return addresses !== undefined && (redirects.length === 0 || redirects.some((one) => isOf(addresses, one)));
  },
};
const absent = (why: string): Predicate => ({ wants: why, test: (given) => given === undefined });

/** What the rule about what is left of unfinished sign-ins says; another rule beside it would delete what it should not. */
/** The deletion of what was not written in some folders for some days. */
function deletion(folders: readonly string[], days: number): Predicate {
  return objectOf({
    name: text(),
    type: is("Lifecycle"),
    enabled: is(true),
    definition: objectOf({
      filters: objectOf({
        blobTypes: is(["blockBlob"]),
        prefixMatch: is(folders.map((folder) => `${turnState.container}/${folder}`)),
      }),
      actions: is({ baseBlob: { delete: { daysAfterModificationGreaterThan: days } } }),
    }),
  });
}

const deletions = [
  deletion(Object.values(turnState.folders), turnState.days),
  deletion([turnState.sessions.folder], turnState.sessions.days),
];

/** Each deletion once, in this order: one sooner would bring sessions back that were signed out. */
const lifecycleRules: Predicate = {
  wants: `a list of ${deletions.map(({ wants }) => wants).join("; and of ")}`,
  test: (value, context) =>
    Array.isArray(value) &&
    value.length === deletions.length &&
    deletions.every((rule, index) => passes(rule, value[index], context)),
};

const loggedCategories = ["BotRequest", "AppServiceConsoleLogs", "AuditEvent"];

const roles: Predicate = matching(
  new RegExp(`/providers/Microsoft\\.Authorization/roleDefinitions/(${Object.values(builtInRoles).join("|")})$`, "i"),
  "one of the roles of infra/facts/roles.ts",
);
/** The key of one of the bot's certificates: whoever used another key of a vault could decrypt what is not the bot's. */
const certificateKey: Predicate = {
  wants: "the key of bot-certificate or bot-certificate-2",
  test(scope, context) {
    const [, vault = "", key = ""] = /^(.*)\/keys\/([^/]+)$/i.exec(String(scope)) ?? [];
    return certificateNamesIn(context, "identity-signs").includes(key) && ownIdOr("vault").test(vault, context);
  },
};
/** A role belongs to one thing alone: the secrets' reader to the vault, the state's writer to its container, a signer to its key. */
const scopes: Readonly<Record<BuiltInRole, Predicate>> = {
  keyVaultSecretsUser: ownIdOr("vault"),
  storageBlobDataContributor: ownId("Microsoft.Storage/storageAccounts/blobServices/containers"),
  keyVaultCryptoUser: certificateKey,
};
const roleScope: Predicate = {
  wants:
    "the set-up's own vault for Key Vault Secrets User, its state container for Storage Blob Data Contributor, the key of " +
    "the bot's certificate for Key Vault Crypto User",
  test(scope, context) {
    const role = String(context.resource.inputs["roleDefinitionId"]).toLowerCase();
    const [name] = Object.entries(builtInRoles).find(([, id]) => role.endsWith(id)) ?? [];
    return name !== undefined && scopes[name as BuiltInRole].test(scope, context);
  },
};

const secrets = [
  "bot-app-password",
  "bot-app-password-2",
  "chat-session-key",
  "chat-session-key-2",
  "direct-line-secret",
];
/** The bot's own, and those of the app settings that the stack's file has; in a vault of others under names of the stack's own. */
const secretName: Predicate = {
  wants: `${secrets.join(", ")}, or app-setting-<name> of the setting appSettings; in a vault of others behind the stack's own name`,
  test(given, context) {
    const isSetting = (name: string): boolean => {
      const setting = name.replace("app-setting-", "").replaceAll("-", "_");
      return name.startsWith("app-setting-") && context.setUp.saysAppSetting(setting);
    };
    const prefix = secretNameIn(context, "");
    const name = String(given);
    return (
      name.startsWith(prefix) && (secrets.includes(name.slice(prefix.length)) || isSetting(name.slice(prefix.length)))
    );
  },
};

export const azureRows: Readonly<Record<string, Rows>> = {
  [types.group]: { resourceGroupName: name, location: name, tags: azureTags },
  [types.identity]: { ...located, resourceName: name },
  [types.roleAssignment]: {
    principalId: rights(guid),
    principalType: rights(is("ServicePrincipal")),
    roleAssignmentName: name,
    roleDefinitionId: rights(roles),
    scope: rights(roleScope),
  },
  [types.workspace]: {
    ...located,
    workspaceName: name,
    "sku.name": value(is("PerGB2018")),
    retentionInDays: logs(
      number(({ resource }) => environmentDefaults[resource.environment].logRetentionDays, 730, " days"),
    ),
  },
  [types.diagnosticSetting]: {
    name,
    resourceUri: name,
    workspaceId: addresses(ownIdOr("workspace")),
    logs: logs(listOf(objectOf({ category: is(...loggedCategories), enabled: is(true) }), 1)),
  },
  [types.vault]: {
    ...located,
    vaultName: name,
    "properties.tenantId": tenant(ownTenant),
    "properties.sku.family": name,
    "properties.sku.name": value(is("standard", "premium")),
    "properties.enableRbacAuthorization": vault(is(true)),
    "properties.enableSoftDelete": vault(is(true)),
    "properties.softDeleteRetentionInDays": vault(
      number(({ resource }) => environmentDefaults[resource.environment].vaultRetentionDays, 90, " days"),
    ),
    // Azure refuses an outright false, and never takes the protection off again.
    "properties.enablePurgeProtection": {
      rule: "vault-roles-and-soft-delete",
      wants: "true, which only environments without prod's defaults may leave out",
      test: (given, { resource }) =>
        given === true || (given === undefined && !environmentDefaults[resource.environment].purgeProtection),
    },
    "properties.accessPolicies": vault(optional(is([]))),
    // Each lets a service of Azure read secrets that it was not given.
    "properties.enabledForDeployment": vault(optional(is(false))),
    "properties.enabledForDiskEncryption": vault(optional(is(false))),
    "properties.enabledForTemplateDeployment": vault(optional(is(false))),
    "properties.publicNetworkAccess": value(is("enabled", "disabled")),
    "properties.networkAcls.bypass": value(is("AzureServices", "None")),
    "properties.networkAcls.defaultAction": value(is("Allow", "Deny")),
  },
  [types.secret]: {
    ...inGroup,
    vaultName: addresses(ownNameOf(types.vault, "vault")),
    secretName: value(secretName),
    tags: azureTags,
    "properties.value": by("listed-values")(text(4096), { secret: true }),
    "properties.contentType": value(is("text/plain")),
    "properties.attributes.enabled": value(is(true)),
    "properties.attributes.expires": secretEnd((given) => (typeof given === "number" ? given * 1000 : Number.NaN)),
  },
  [types.storage]: {
    ...located,
    accountName: name,
    kind: value(is("StorageV2")),
    "sku.name": value(is("Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS")),
    allowBlobPublicAccess: basic(is(false)),
    allowSharedKeyAccess: basic(is(false)),
    enableHttpsTrafficOnly: tls(is(true)),
    minimumTlsVersion: tls(is("TLS1_2", "TLS1_3")),
  },
  [types.container]: {
    ...inGroup,
    accountName: name,
    containerName: value(is(turnState.container)),
    publicAccess: basic(is("None")),
  },
  [types.lifecycle]: {
    ...inGroup,
    accountName: name,
    managementPolicyName: value(is("default")),
    "policy.rules": logs(lifecycleRules),
  },
  [types.plan]: {
    ...located,
    name,
    kind: value(is("linux")),
    reserved: value(is(true)),
    "sku.name": value(is(...hostingSizes)),
    "sku.tier": name,
    "sku.capacity": value(number(1, 30)),
  },
  [types.webApp]: {
    ...located,
    name,
    kind: value(is("app,linux")),
    reserved: value(is(true)),
    serverFarmId: addresses(ownIdOr("plan")),
    httpsOnly: tls(is(true)),
    clientAffinityEnabled: value(is(false)),
    publicNetworkAccess: value(is("Enabled", "Disabled")),
    "identity.type": rights(is("UserAssigned")),
    "identity.userAssignedIdentities": rights(listOf(ownIdOrHandedIn("botIdentity"), 1, 2)),
    keyVaultReferenceIdentity: rights(ownId("Microsoft.ManagedIdentity/userAssignedIdentities")),
    "siteConfig.linuxFxVersion": code(runtime),
    "siteConfig.appCommandLine": code(startCommand),
    "siteConfig.alwaysOn": value(is(true, false)),
    "siteConfig.healthCheckPath": value(healthCheckPath(healthRoute)),
    "siteConfig.http20Enabled": value(is(true)),
    "siteConfig.minTlsVersion": tls(is("1.2", "1.3")),
    "siteConfig.scmMinTlsVersion": tls(is("1.2", "1.3")),
    "siteConfig.ftpsState": tls(is("Disabled")),
    "siteConfig.webSocketsEnabled": value(is(false)),
    // Each has a row of its own in app-settings.ts.
    "siteConfig.appSettings": code(listOf(objectOf({ name: text(), value: text(8192) }), 1), { secret: true }),
    // What azure-native's SDK sends unasked.
    hyperV: value(optional(is(false))),
    isXenon: value(optional(is(false))),
    scmSiteAlsoStopped: value(optional(is(false))),
    "siteConfig.localMySqlEnabled": value(optional(is(false))),
    "siteConfig.netFrameworkVersion": name,
  },
  [types.scmLogin]: { ...inGroup, name: addresses(ownNameOf(types.webApp, "web app")), allow: basic(is(false)) },
  [types.ftpLogin]: { ...inGroup, name: addresses(ownNameOf(types.webApp, "web app")), allow: basic(is(false)) },
  [types.bot]: {
    ...located,
    location: by("redirect-addresses")(botLocation),
    resourceName: name,
    kind: value(is("azurebot")),
    "sku.name": value(is("F0", "S1")),
    "properties.displayName": name,
    // The program gives a bot none of these; one that was made by hand keeps its own.
    "properties.description": value(ofAdopted(text(512))),
    "properties.iconUrl": value(ofAdopted(matching(/^(https:\/\/\S*)?$/, "an https address"), optional(is("")))),
    "properties.luisAppIds": value(ofAdopted(is([]))),
    "properties.tenantId": tenant(ofAdopted(ownTenant)),
    "properties.endpoint": addresses(handedInEndpointOr(messagesAddress(messagesRoute))),
    "properties.msaAppId": tenant(botAppId),
    "properties.msaAppMSIResourceId": rights(optional(ownIdOr("botIdentity"))),
    // Azure has refused new multi-tenant bots since 31 July 2025.
    "properties.msaAppType": tenant(is("SingleTenant", "UserAssignedMSI")),
    "properties.msaAppTenantId": tenant(ownTenant),
    "properties.schemaTransformationVersion": value(is("1.3")),
    "properties.isCmekEnabled": value(is(false)),
    "properties.isStreamingSupported": value(is(false)),
    "properties.publicNetworkAccess": value(is("Enabled", "Disabled")),
    "properties.disableLocalAuth": value(is(true, false)),
  },
  [types.channel]: {
    ...inGroup,
    location: name,
    resourceName: addresses(ownNameOf(types.bot, "bot")),
    // Direct Line and Web Chat exist with the bot, and are closed or set by resources of this program's own.
    channelName: value(is("MsTeamsChannel")),
    tags: by("marks")(absent("nothing: tags of a channel overwrite the bot's")),
    "properties.channelName": value(is("MsTeamsChannel")),
    "properties.etag": value(ofAdopted(text())),
    "properties.location": value(ofAdopted(text())),
    "properties.properties.isEnabled": value(is(true)),
    "properties.properties.acceptedTerms": value(ofAdopted(is(false, undefined), is(true))),
    "properties.properties.enableCalling": value(is(false)),
    // What Azure says of a channel that somebody made without a word of it.
    "properties.properties.deploymentEnvironment": value(
      ofAdopted(is("FallbackDeploymentEnvironment"), is("CommercialDeployment")),
    ),
  },
};
