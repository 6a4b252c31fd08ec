import { createHash } from "node:crypto";
import * as graphPermissions from "../../contract/graph-permissions.json";
import { plainType } from "../../infra/facts/azure-native";
import type { Answers, Json, Properties } from "./recorder";

export const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
export const subscriptionId = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
export const deployerId = "3c1f0a4e-2a0e-4d0d-9d53-0f0f9c1c7a11";
export const startedAt = "2026-11-22T03:04:05Z";

/** Secrets that the providers hand to the program. None may show where a secret must not be. */
export const secretValues = {
  botPassword: "bot-password-value",
  signInPassword: "sign-in-password-value",
  sessionKey: "session-key-value",
  directLineKey: "direct-line-key-value",
  otherSiteKey: "key-of-the-default-site",
} as const;

/** openid, User.Read, Mail.Read, Mail.Send of Microsoft Graph. */
const signInPermissions = [
  "37f7f235-527c-4136-accd-4a02d197296e",
  "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
  "570282fd-fa5c-430d-a7fd-fc8dc98a9dca",
  "e383f46e-2787-4529-855e-0e479a3ffac0",
];

/** Azure's, Entra's and random's answers, as like the real ones as the program can tell. */
export const azureAnswers: Answers = {
  resource(type, resourceName, inputs) {
    const name = resourceName.replace(/^bot-sign-in-/, "");
    if (type.startsWith("pulumi:providers:")) return {};
    const answer = answersByType[plainType(type)];
    if (!answer) throw new Error(`No answer is prepared for ${type}`);
    return answer(name, inputs);
  },
  invoke(token, args) {
    if (token === "azuread:index/getClientConfig:getClientConfig")
      return { objectId: deployerId, tenantId, clientId: guid("deployer") };
    if (token === "azuread:index/getApplication:getApplication") {
      const resourceAccesses = signInPermissions.map((id) => ({ id, type: "Scope" }));
      return {
        id: "/applications/5a7e0000-0000-4000-8000-00000000000a",
        clientId: args["clientId"],
        displayName: "Shared",
        webs: [{ redirectUris: ["https://token.botframework.com/.auth/web/redirect"] }],
        requiredResourceAccesses: [{ resourceAppId: "00000003-0000-0000-c000-000000000000", resourceAccesses }],
      };
    }
    if (token === "azuread:index/getServicePrincipal:getServicePrincipal") return servicePrincipal(args);
    if (token === "azure-native:managedidentity:getUserAssignedIdentity")
      return { clientId: guid(`identity ${String(args["resourceName"])}`) };
    if (token === "azure-native:authorization:getClientConfig")
      return { objectId: deployerId, tenantId, subscriptionId };
    if (token === "azure-native:botservice:listChannelWithKeys") {
      return {
        name: `${String(args["resourceName"])}/DirectLineChannel`,
        setting: {
          sites: [
            { siteName: "Default Site", key: secretValues.otherSiteKey },
            { siteName: "chat", key: secretValues.directLineKey },
          ],
        },
      };
    }
    throw new Error(`No answer is prepared for ${token}`);
  },
};

/** The APIs of the tenant: Microsoft Graph, and a company's own. */
const apis: readonly {
  clientId: string;
  displayName: string;
  scopes: readonly (readonly [string, string, string])[];
}[] = [
  {
    clientId: "00000003-0000-0000-c000-000000000000",
    displayName: "Microsoft Graph",
    scopes: Object.entries(graphPermissions.delegated).map(([value, [id, type]]) => [value, id!, type!] as const),
  },
  {
    clientId: "0de45000-0000-4000-8000-000000000001",
    displayName: "Contoso Orders",
    scopes: [
      ["Orders.Read", "0de45000-0000-4000-8000-0000000000aa", "User"],
      ["Orders.Approve", "0de45000-0000-4000-8000-0000000000bb", "Admin"],
    ],
  },
];

function servicePrincipal({ clientId, displayName }: Properties): Properties {
  const api = apis.find(
    (one) => one.clientId === clientId || one.displayName.toLowerCase() === String(displayName).toLowerCase(),
  );
  if (!api) throw new Error("No service principal found: no service principal found");
  return {
    clientId: api.clientId,
    displayName: api.displayName,
    objectId: guid(`${api.displayName} principal`),
    oauth2PermissionScopes: api.scopes.map(([value, id, type]) => ({ value, id, type, enabled: true })),
  };
}

type Answer = (name: string, inputs: Properties) => { id?: string; outputs?: Properties };

/** A GUID that always belongs to the same text. */
export function guid(text: string): string {
  return createHash("sha256")
    .update(text)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

const arm =
  (path: (inputs: Properties) => string, outputs: (inputs: Properties) => Properties = () => ({})): Answer =>
  (_name, inputs) => {
    const id = `/subscriptions/${subscriptionId}/resourceGroups/${String(inputs["resourceGroupName"])}${path(inputs)}`;
    return { id, outputs: { name: id.split("/").at(-1)!, ...outputs(inputs) } };
  };

const answersByType: Readonly<Record<string, Answer>> = {
  "random:index/randomString:RandomString": () => ({ outputs: { result: "k3x9q2ab" } }),
  "random:index/randomUuid:RandomUuid": (name) => ({ outputs: { result: guid(name) } }),
  "random:index/randomPassword:RandomPassword": () => ({ outputs: { result: secretValues.sessionKey } }),
  "azuread:index/application:Application": (name) => ({
    id: `/applications/${guid(`${name} object`)}`,
    outputs: { clientId: guid(`${name} client`), objectId: guid(`${name} object`) },
  }),
  "azuread:index/servicePrincipal:ServicePrincipal": (name) => ({
    id: `/servicePrincipals/${guid(`${name} principal`)}`,
    outputs: { objectId: guid(`${name} principal`) },
  }),
  "azuread:index/applicationPassword:ApplicationPassword": (name) => ({
    outputs: {
      value: /^bot(-2)?$/.test(name) ? secretValues.botPassword : secretValues.signInPassword,
      keyId: guid(name),
    },
  }),
  "azuread:index/applicationCertificate:ApplicationCertificate": (name) => ({ outputs: { keyId: guid(name) } }),
  "bot-sign-in:index:VaultCertificate": (_name, inputs) => ({
    outputs: {
      keyUri: `${String(inputs["vaultUri"])}keys/${String(inputs["certificateName"])}/0123456789abcdef0123456789abcdef`,
      certificate: Buffer.from(`certificate ${String(inputs["certificateName"])}`).toString("base64"),
      thumbprint: "x5tS256-x5tS256-x5tS256-x5tS256-x5tS256-x5t",
      madeAt: startedAt,
    },
  }),
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": (name) => ({
    outputs: { credentialId: guid(`${name} credential`) },
  }),
  "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri": () => ({}),
  "azuread:index/applicationPreAuthorized:ApplicationPreAuthorized": () => ({}),
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant": () => ({}),
  "azure-native:resources:ResourceGroup": arm(
    () => "",
    ({ resourceGroupName }) => ({ name: resourceGroupName }),
  ),
  "azure-native:keyvault:Vault": arm(
    ({ vaultName }) => `/providers/Microsoft.KeyVault/vaults/${String(vaultName)}`,
    ({ vaultName, properties }) => ({
      properties: { ...(properties as Properties), vaultUri: `https://${String(vaultName)}.vault.azure.net/` },
    }),
  ),
  "azure-native:keyvault:Secret": arm(
    ({ vaultName, secretName }) =>
      `/providers/Microsoft.KeyVault/vaults/${String(vaultName)}/secrets/${String(secretName)}`,
    ({ vaultName, secretName }) => {
      const uri = `https://${String(vaultName)}.vault.azure.net/secrets/${String(secretName)}`;
      return {
        properties: { secretUri: uri, secretUriWithVersion: `${uri}/${guid(String(secretName)).replaceAll("-", "")}` },
      };
    },
  ),
  "azure-native:storage:StorageAccount": arm(
    ({ accountName }) => `/providers/Microsoft.Storage/storageAccounts/${String(accountName)}`,
    ({ accountName }) => ({ primaryEndpoints: { blob: `https://${String(accountName)}.blob.core.windows.net/` } }),
  ),
  "azure-native:storage:BlobContainer": arm(
    ({ accountName, containerName }) =>
      `/providers/Microsoft.Storage/storageAccounts/${String(accountName)}/blobServices/default/containers/${String(containerName)}`,
  ),
  "azure-native:storage:ManagementPolicy": arm(
    ({ accountName }) =>
      `/providers/Microsoft.Storage/storageAccounts/${String(accountName)}/managementPolicies/default`,
  ),
  "azure-native:managedidentity:UserAssignedIdentity": arm(
    ({ resourceName }) => `/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${String(resourceName)}`,
    () => ({ principalId: guid("identity principal"), clientId: guid("identity client"), tenantId }),
  ),
  "azure-native:authorization:RoleAssignment": (name, { scope }) => ({
    id: `${String(scope)}/providers/Microsoft.Authorization/roleAssignments/${guid(name)}`,
  }),
  "azure-native:web:AppServicePlan": arm(({ name }) => `/providers/Microsoft.Web/serverfarms/${String(name)}`),
  "azure-native:web:WebApp": arm(
    ({ name }) => `/providers/Microsoft.Web/sites/${String(name)}`,
    // Not `<name>.azurewebsites.net`: App Service may add letters of its own.
    ({ name }) => ({ defaultHostName: `${String(name)}-f3b7.westeurope-01.azurewebsites.net` }),
  ),
  "azure-native:web:WebAppScmAllowed": arm(
    ({ name }) => `/providers/Microsoft.Web/sites/${String(name)}/basicPublishingCredentialsPolicies/scm`,
  ),
  "azure-native:web:WebAppFtpAllowed": arm(
    ({ name }) => `/providers/Microsoft.Web/sites/${String(name)}/basicPublishingCredentialsPolicies/ftp`,
  ),
  "azure-native:operationalinsights:Workspace": arm(
    ({ workspaceName }) => `/providers/Microsoft.OperationalInsights/workspaces/${String(workspaceName)}`,
  ),
  "azure-native:monitor:DiagnosticSetting": (_name, { resourceUri, name }) => ({
    id: `${String(resourceUri)}/providers/Microsoft.Insights/diagnosticSettings/${String(name)}`,
  }),
  "azure-native:botservice:Bot": arm(
    ({ resourceName }) => `/providers/Microsoft.BotService/botServices/${String(resourceName)}`,
  ),
  "azure-native:botservice:BotConnection": arm(
    ({ resourceName, connectionName }) =>
      `/providers/Microsoft.BotService/botServices/${String(resourceName)}/connections/${String(connectionName)}`,
    ({ resourceName, connectionName, properties }) => ({
      // As recorded: azure-cli test_auth_setting.
      name: `${String(resourceName)}/${String(connectionName)}`,
      // What a PUT answers: the client secret in clear, twice.
      properties: {
        ...(properties as Properties),
        clientSecret: secretValues.signInPassword,
        parameters: [
          ...((properties as { parameters: Json[] }).parameters ?? []),
          { key: "clientSecret", value: secretValues.signInPassword },
        ],
        settingId: guid(String(connectionName)),
      },
    }),
  ),
  "azure-native:botservice:Channel": arm(
    ({ resourceName, channelName }) =>
      `/providers/Microsoft.BotService/botServices/${String(resourceName)}/channels/${String(channelName)}`,
    ({ resourceName, channelName }) => ({ name: `${String(resourceName)}/${String(channelName)}` }),
  ),
  "bot-sign-in:index:BotHealth": () => ({}),
  "bot-sign-in:index:BroughtCode": () => ({}),
  "bot-sign-in:index:TeamsAgreement": () => ({ outputs: { disagreements: [] } }),
  "bot-sign-in:index:ConnectionCheck": () => ({ outputs: { differences: [] } }),
  "bot-sign-in:index:DeployedCode": () => ({}),
  "bot-sign-in:index:DirectLineKey": () => ({}),
  "bot-sign-in:index:DirectLineSite": () => ({
    outputs: { siteId: "siteId12345", enhancedAuthentication: true, defaultSiteDisabled: true },
  }),
  "bot-sign-in:index:FixedSettingsCheck": () => ({}),
  "bot-sign-in:index:PasswordProof": () => ({ outputs: { provenAt: startedAt } }),
  "bot-sign-in:index:Preconditions": () => ({}),
  "bot-sign-in:index:Protection": () => ({}),
  "bot-sign-in:index:RotationDate": () => ({
    id: startedAt,
    outputs: { startedAt, otherStartedAt: startedAt, rotation: 0, connections: 0 },
  }),
  "bot-sign-in:index:WebChatDefaultSite": () => ({ outputs: { disabled: true, reason: "", reopened: false } }),
};
