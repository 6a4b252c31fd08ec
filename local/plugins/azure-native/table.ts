import type { ArmRow, Importable } from "./arm-row";
import { deleteVaultSecret, recoverVaultSecret } from "./vault-secret";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const bot = `${group}/providers/Microsoft.BotService/botServices/{resourceName}`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/{vaultName}`;
const site = `${group}/providers/Microsoft.Web/sites/{name}`;
const network = `${group}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}`;
const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/{privateEndpointName}`;
const zone = `${group}/providers/Microsoft.Network/privateDnsZones/{privateZoneName}`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/{accountName}`;

const botService = "2023-09-15-preview";
const keyVault = "2024-11-01";
const web = "2025-05-01";
const storage = "2024-01-01";
const networks = "2024-05-01";

const names = (text: string): Importable => Object.fromEntries(text.split(" ").map((name) => [name, true]));
const inBotService = { ...names("kind location tags"), sku: names("name") };

const delegations = { topLevel: ["id", "name", "type"] };

/**
 * Every resource type of azure-native that the program and its examples use: one row each. The api-versions are those of azure-native
 * 3.28.0. A type that is missing here is refused before anything of it is created.
 */
export const rows: readonly ArmRow[] = [
  { token: "azure-native:resources:ResourceGroup", path: group, apiVersion: "2024-03-01", replaceOn: ["location"] },
  {
    token: "azure-native:managedidentity:UserAssignedIdentity",
    path: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
    apiVersion: "2023-01-31",
    topLevel: ["location", "tags"],
    located: true,
  },
  {
    token: "azure-native:operationalinsights:Workspace",
    path: `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    apiVersion: "2023-09-01",
    topLevel: ["location", "tags", "identity"],
    located: true,
  },
  { token: "azure-native:keyvault:Vault", path: vault, apiVersion: keyVault, located: true },
  {
    token: "azure-native:keyvault:Secret",
    path: `${vault}/secrets/{secretName}`,
    apiVersion: keyVault,
    renamed: { "properties.attributes.expires": "exp", "properties.attributes.notBefore": "nbf" },
    recover: recoverVaultSecret,
    delete: deleteVaultSecret,
  },
  {
    token: "azure-native:authorization:RoleAssignment",
    path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    apiVersion: "2022-04-01",
    topLevel: [],
    replaceOn: ["principalId", "principalType", "roleDefinitionId"],
  },
  {
    token: "azure-native:web:AppServicePlan",
    path: `${group}/providers/Microsoft.Web/serverfarms/{name}`,
    apiVersion: web,
    topLevel: ["extendedLocation", "identity", "kind", "location", "sku", "tags"],
    located: true,
  },
  {
    token: "azure-native:web:WebApp",
    path: site,
    apiVersion: web,
    topLevel: ["extendedLocation", "identity", "kind", "location", "tags"],
    located: true,
    alsoRead: { path: "/config/web", as: "siteConfig" },
    importable: {
      ...names("kind location tags serverFarmId httpsOnly clientAffinityEnabled reserved hyperV isXenon enabled"),
      ...names("keyVaultReferenceIdentity publicNetworkAccess virtualNetworkSubnetId siteConfig"),
      identity: names("type userAssignedIdentities"),
    },
    deleteQuery: { deleteEmptyServerFarm: "false" },
  },
  {
    token: "azure-native:web:WebAppScmAllowed",
    path: `${site}/basicPublishingCredentialsPolicies/scm`,
    apiVersion: web,
    topLevel: ["kind"],
    singleton: { deletedBody: { properties: { allow: true } } },
  },
  {
    token: "azure-native:web:WebAppFtpAllowed",
    path: `${site}/basicPublishingCredentialsPolicies/ftp`,
    apiVersion: web,
    topLevel: ["kind"],
    singleton: { deletedBody: { properties: { allow: true } } },
  },
  {
    token: "azure-native:storage:StorageAccount",
    path: account,
    apiVersion: storage,
    topLevel: ["extendedLocation", "identity", "kind", "location", "sku", "tags"],
    renamed: { enableHttpsTrafficOnly: "supportsHttpsTrafficOnly", networkRuleSet: "networkAcls" },
    located: true,
    replaceOn: ["isHnsEnabled"],
  },
  {
    token: "azure-native:storage:BlobContainer",
    path: `${account}/blobServices/default/containers/{containerName}`,
    apiVersion: storage,
    topLevel: [],
  },
  {
    token: "azure-native:storage:ManagementPolicy",
    path: `${account}/managementPolicies/{managementPolicyName}`,
    apiVersion: storage,
    topLevel: [],
  },
  {
    token: "azure-native:monitor:DiagnosticSetting",
    path: "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    apiVersion: "2021-05-01-preview",
    topLevel: [],
  },
  {
    token: "azure-native:botservice:Bot",
    path: bot,
    apiVersion: botService,
    located: true,
    importable: {
      ...inBotService,
      properties: names(
        "allSettings appPasswordHint cmekKeyVaultUrl description developerAppInsightKey developerAppInsightsApiKey " +
          "developerAppInsightsApplicationId disableLocalAuth displayName endpoint iconUrl isCmekEnabled " +
          "isStreamingSupported luisAppIds luisKey manifestUrl msaAppId msaAppMSIResourceId msaAppTenantId msaAppType " +
          "openWithHint parameters publicNetworkAccess publishingCredentials schemaTransformationVersion " +
          "storageResourceId tenantId",
      ),
    },
  },
  {
    token: "azure-native:botservice:BotConnection",
    path: `${bot}/connections/{connectionName}`,
    apiVersion: botService,
    located: true,
    importable: {
      ...inBotService,
      properties: names(
        "clientId clientSecret id name parameters provisioningState scopes serviceProviderDisplayName serviceProviderId",
      ),
    },
  },
  {
    token: "azure-native:botservice:Channel",
    path: `${bot}/channels/{channelName}`,
    apiVersion: botService,
    located: true,
    importable: { ...inBotService, properties: names("channelName etag location properties") },
  },
  {
    token: "azure-native:network:VirtualNetwork",
    path: network,
    apiVersion: networks,
    topLevel: ["extendedLocation", "location", "tags"],
    lists: { subnets: { topLevel: ["id", "name", "type"], lists: { delegations } } },
    located: true,
  },
  {
    token: "azure-native:network:Subnet",
    path: `${network}/subnets/{subnetName}`,
    apiVersion: networks,
    topLevel: [],
    lists: { delegations },
  },
  {
    token: "azure-native:network:PrivateEndpoint",
    path: endpoint,
    apiVersion: networks,
    topLevel: ["extendedLocation", "location", "tags"],
    lists: { privateLinkServiceConnections: { topLevel: ["id", "name"] } },
    located: true,
  },
  {
    token: "azure-native:network:PrivateDnsZoneGroup",
    path: `${endpoint}/privateDnsZoneGroups/{privateDnsZoneGroupName}`,
    apiVersion: networks,
    topLevel: [],
    lists: { privateDnsZoneConfigs: { topLevel: ["name"] } },
  },
  {
    token: "azure-native:privatedns:PrivateZone",
    path: zone,
    apiVersion: "2024-06-01",
    topLevel: ["location", "tags"],
  },
  {
    token: "azure-native:privatedns:VirtualNetworkLink",
    path: `${zone}/virtualNetworkLinks/{virtualNetworkLinkName}`,
    apiVersion: "2024-06-01",
    topLevel: ["location", "tags"],
  },
];
