import { replay, type RecordedCall } from "./replay";

/** Further calls of azure-cli to Azure Resource Manager, for what stands around a bot. */
type Row = readonly [
  so: string,
  call: string,
  status: number,
  facts?: Omit<RecordedCall, "from" | "so" | "call" | "status">,
];

const rows = (from: string, ...all: readonly Row[]): RecordedCall[] =>
  all.map(([so, call, status, facts = {}]) => ({ from, so, call, status, ...facts }));

const envelope = "id name type location tags properties";

const account = "{group}/providers/Microsoft.Storage/storageAccounts/clitest000042";
const first = "{group}/providers/Microsoft.Storage/storageAccounts/clitest000043";
const accounts = "{group}/providers/Microsoft.Storage/storageAccounts";
const accountKeys = { "": `sku kind ${envelope}` };
const propertyKeys =
  "keyCreationTime allowCrossTenantReplication privateEndpointConnections minimumTlsVersion allowBlobPublicAccess " +
  "networkAcls supportsHttpsTrafficOnly encryption provisioningState creationTime primaryEndpoints primaryLocation " +
  "statusOfPrimary";
const aclKeys = "bypass virtualNetworkRules ipRules defaultAction";
const v2 = {
  ...accountKeys,
  sku: "name tier",
  // Since the end of 2023 an account says whether it is copied to another tenant.
  properties: `${propertyKeys} accessTier`,
  "properties.networkAcls": aclKeys,
  "properties.keyCreationTime": "key1 key2",
  "properties.encryption": "services keySource",
  "properties.encryption.services": "file blob",
  "properties.encryption.services.file": "keyType enabled lastEnabledTime",
  "properties.primaryEndpoints": "dfs web blob queue table file",
};
const keyKeys = { "": "keys", "keys.0": "creationTime keyName value permissions" };

const linked = "{group}/providers/Microsoft.Storage/storageAccounts/clitest000044";
const endpoint = "{group}/providers/Microsoft.Network/privateEndpoints/cli-pe";
const endpointKeys = {
  "": "name id etag type location properties",
  properties:
    "provisioningState resourceGuid privateLinkServiceConnections manualPrivateLinkServiceConnections " +
    "customNetworkInterfaceName subnet ipConfigurations networkInterfaces customDnsConfigs",
  "properties.privateLinkServiceConnections.0": "name id etag properties type",
  "properties.privateLinkServiceConnections.0.properties":
    "provisioningState privateLinkServiceId groupIds privateLinkServiceConnectionState",
};

const workspaces = "{group}/providers/Microsoft.OperationalInsights/workspaces";
const workspaceProperties =
  "customerId provisioningState sku retentionInDays features workspaceCapping publicNetworkAccessForIngestion " +
  "publicNetworkAccessForQuery createdDate modifiedDate";
const cappingKeys = "dailyQuotaGb quotaNextResetTime dataIngestionStatus";

const vaultId = "{group}/providers/Microsoft.KeyVault/vaults/cli-test-kv-diag";
const settings = `${vaultId}/providers/Microsoft.Insights/diagnosticSettings`;
const settingKeys = {
  "": "id type name location kind tags properties identity",
  properties:
    "storageAccountId serviceBusRuleId workspaceId eventHubAuthorizationRuleId eventHubName metrics logs " +
    "logAnalyticsDestinationType",
  "properties.logs.0": "category categoryGroup enabled retentionPolicy",
};
const oldSettings = "api-version=2017-05-01-preview";
const log = { category: "AuditEvent", enabled: true, retentionPolicy: { enabled: false, days: 0 } };

const bot = "{group}/providers/Microsoft.BotService/botServices/cli-test-bot";
const botVersion = "api-version=2021-05-01-preview";
const botProperties = {
  displayName: "cli-test-bot",
  endpoint: "https://www.example.com/api/messages",
  msaAppType: "SingleTenant",
  msaAppId: "4ed3ca93-d34a-4074-b3e0-87738f74ab40",
  msaAppTenantId: "{tenant}",
  isCmekEnabled: false,
  publicNetworkAccess: "Enabled",
  isStreamingSupported: false,
};
const botKeys = {
  "": "id name type etag location sku kind tags properties zones",
  properties:
    "displayName description iconUrl endpoint msaAppId msaAppTenantId msaAppType msaAppMSIResourceId " +
    "developerAppInsightKey developerAppInsightsApplicationId luisAppIds endpointVersion configuredChannels " +
    "enabledChannels isDeveloperAppInsightsApiKeySet isStreamingSupported schemaTransformationVersion " +
    "publishingCredentials parameters allSettings manifestUrl storageResourceId tenantId migrationToken isCmekEnabled " +
    "cmekKeyVaultUrl openWithHint appPasswordHint publicNetworkAccess disableLocalAuth cmekEncryptionStatus " +
    "provisioningState",
};
const botValues = {
  "properties.configuredChannels": ["webchat", "directline"],
  "properties.enabledChannels": ["webchat", "directline"],
  tags: { key1: "value1" },
};

const plan = "{group}/providers/Microsoft.Web/serverfarms/plan-backup000002";
const planProperties =
  "serverFarmId name workerSize workerSizeId workerTierName numberOfWorkers currentWorkerSize currentWorkerSizeId " +
  "currentNumberOfWorkers status webSpace subscription adminSiteName hostingEnvironment hostingEnvironmentProfile " +
  "maximumNumberOfWorkers planName adminRuntimeSiteName computeMode siteMode geoRegion perSiteScaling " +
  "elasticScaleEnabled maximumElasticWorkerCount numberOfSites hostingEnvironmentId isSpot spotExpirationTime " +
  "freeOfferExpirationTime tags kind resourceGroup reserved isXenon hyperV mdmId targetWorkerCount targetWorkerSizeId " +
  "provisioningState webSiteId existingServerFarmIds kubeEnvironmentProfile zoneRedundant";
const planKeys = { "": "id name type kind location properties sku", sku: "name tier size family capacity" };

const app = "{group}/providers/Microsoft.Web/sites/webapp-authentication-test000002";

const definitions = "providers/Microsoft.Authorization/roleDefinitions";
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const assignment = "{group}/providers/Microsoft.Authorization/roleAssignments/88888888-0000-4000-8000-000000000042";
const condition = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:Name] stringEquals 'foo'";

replay({
  "an account for a bot's state": [
    ...rows(
      "test_create_storage_account",
      [
        "a new account is made while az waits",
        `PUT ${account}?api-version=2021-09-01`,
        202,
        {
          body: {
            sku: { name: "Standard_LRS" },
            kind: "StorageV2",
            location: "westus",
            properties: { encryption: { services: { blob: {} }, keySource: "Microsoft.Storage" } },
          },
          headers: { location: /\/providers\/Microsoft\.Storage\/locations\/westus\// },
          keep: { operation: "header:location" },
        },
      ],
      ["az gets it when it is done", "GET {operation}", 200, { keys: v2, values: { "properties.accessTier": "Hot" } }],
      [
        "a taken name is said to be taken",
        "POST {subscription}/providers/Microsoft.Storage/checkNameAvailability?api-version=2021-09-01",
        200,
        {
          body: { name: "clitest000042", type: "Microsoft.Storage/storageAccounts" },
          keys: { "": "nameAvailable reason message" },
          values: {
            nameAvailable: false,
            reason: "AlreadyExists",
            message: "The storage account named clitest000042 is already taken.",
          },
        },
      ],
      [
        "a list shows an account as a read does",
        `GET ${accounts}?api-version=2021-09-01`,
        200,
        { keys: { "": "value", "value.0": accountKeys[""], "value.0.properties": v2.properties } },
      ],
      ["an account is read", `GET ${account}?api-version=2021-09-01`, 200, { keys: v2, values: { tags: {} } }],
    ),
    ...rows(
      "test_renew_account_key",
      [
        "both keys are told to whoever may",
        `POST ${account}/listKeys?api-version=2022-05-01&$expand=kerb`,
        200,
        {
          keys: keyKeys,
          values: { "keys.0.keyName": "key1", "keys.1.permissions": "FULL" },
          keep: { old: "keys.1.value" },
        },
      ],
      [
        "a renewed key leaves the other one as it is",
        `POST ${account}/regenerateKey?api-version=2022-05-01`,
        200,
        { body: { keyName: "key1" }, keys: keyKeys, values: { "keys.1.value": "{old}" } },
      ],
      [
        "the other one is renewed likewise",
        `POST ${account}/regenerateKey?api-version=2022-05-01`,
        200,
        { body: { keyName: "key2" }, keys: keyKeys, values: { "keys.1.keyName": "key2" } },
      ],
    ),
    {
      from: "prepared",
      so: "an account of the first kind",
      call: `PUT ${first}?api-version=2024-01-01`,
      status: 202,
      body: { sku: { name: "Standard_LRS" }, kind: "Storage", location: "westus" },
    },
    ...rows(
      "test_storage_account_show_exit_codes",
      [
        "an account of the first kind has no tier and no web site",
        `GET ${first}?api-version=2024-01-01`,
        200,
        {
          keys: {
            ...accountKeys,
            properties: propertyKeys,
            "properties.networkAcls": `${aclKeys} ipv6Rules`,
            "properties.primaryEndpoints": "blob queue table file",
          },
        },
      ],
      [
        "a group that is not there is told as such",
        `GET {subscription}/resourceGroups/fake_group/providers/Microsoft.Storage/storageAccounts/clitest000042?api-version=2024-01-01`,
        404,
        { error: ["ResourceGroupNotFound", "Resource group 'fake_group' could not be found."] },
      ],
      [
        "an account that is not there is told with its group",
        `GET ${accounts}/fake_account?api-version=2024-01-01`,
        404,
        {
          error: [
            "ResourceNotFound",
            "The Resource 'Microsoft.Storage/storageAccounts/fake_account' under resource group '{groupName}' was not found. " +
              "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
          ],
        },
      ],
    ),
  ],

  "a private way to an account": [
    {
      from: "prepared",
      so: "an account",
      call: `PUT ${linked}?api-version=2024-01-01`,
      status: 202,
      body: { sku: { name: "Standard_LRS" }, kind: "StorageV2", location: "westus" },
    },
    {
      from: "prepared",
      so: "a network",
      call: "PUT {group}/providers/Microsoft.Network/virtualNetworks/cli-vnet?api-version=2024-01-01",
      status: 201,
      body: {
        location: "eastus",
        properties: {
          addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
          subnets: [{ name: "cli-subnet", properties: { addressPrefix: "10.0.0.0/24" } }],
        },
      },
    },
    ...rows(
      "test_storage_account_private_endpoint",
      [
        "an account says what of it a private endpoint can lead to",
        `GET ${linked}/privateLinkResources?api-version=2024-01-01`,
        200,
        {
          keys: {
            "": "value",
            "value.0": "id name type properties",
            "value.0.properties": "groupId requiredMembers requiredZoneNames",
          },
          values: {
            "value.0.name": "blob",
            "value.0.properties.requiredZoneNames": ["privatelink.blob.core.windows.net"],
          },
        },
      ],
      [
        "an account without endpoints has an empty list of them",
        `GET ${linked}?api-version=2024-01-01`,
        200,
        { values: { "properties.privateEndpointConnections": [] } },
      ],
      [
        "an endpoint is made and approved by itself",
        `PUT ${endpoint}?api-version=2022-01-01`,
        201,
        {
          body: {
            location: "eastus",
            properties: {
              privateLinkServiceConnections: [
                { name: "cli-pec", properties: { groupIds: ["blob"], privateLinkServiceId: linked } },
              ],
              subnet: { id: "{group}/providers/Microsoft.Network/virtualNetworks/cli-vnet/subnets/cli-subnet" },
            },
          },
          keys: endpointKeys,
          headers: { "azure-asyncoperation": /\/locations\/eastus\// },
        },
      ],
      [
        "a read of it says which address it has",
        `GET ${endpoint}?api-version=2022-01-01`,
        200,
        {
          keys: endpointKeys,
          values: {
            "properties.customDnsConfigs": [{ fqdn: "clitest000044.blob.core.windows.net", ipAddresses: ["10.0.0.4"] }],
            "properties.ipConfigurations": [],
            "properties.privateLinkServiceConnections.0.properties.privateLinkServiceConnectionState": {
              status: "Approved",
              description: "Auto-Approved",
              actionsRequired: "None",
            },
          },
        },
      ],
      [
        "the account says who reaches it",
        `GET ${linked}?api-version=2024-01-01`,
        200,
        {
          keys: {
            "properties.privateEndpointConnections.0": "id name type properties",
            "properties.privateEndpointConnections.0.properties":
              "provisioningState privateEndpoint privateLinkServiceConnectionState",
          },
          values: {
            "properties.privateEndpointConnections.0.name": /^clitest000044\.[0-9a-f-]{36}$/,
            "properties.privateEndpointConnections.0.properties.privateEndpoint.id": endpoint,
          },
        },
      ],
    ),
  ],

  "workspaces of three api-versions": [
    ...rows(
      "test_monitor_log_analytics_workspace_recover",
      [
        "a workspace keeps what it may take in a day",
        `PUT ${workspaces}/capped?api-version=2020-08-01`,
        201,
        {
          body: {
            location: "westus",
            properties: { sku: { name: "PerGB2018" }, retentionInDays: 30, workspaceCapping: { dailyQuotaGb: 1.0 } },
          },
          keys: { properties: `source ${workspaceProperties}`, "properties.workspaceCapping": cappingKeys },
          values: { "properties.provisioningState": "Creating", "properties.source": "Azure" },
        },
      ],
      [
        "and says it once it is done",
        `GET ${workspaces}/capped?api-version=2020-08-01`,
        200,
        { values: { "properties.provisioningState": "Succeeded", "properties.workspaceCapping.dailyQuotaGb": 1 } },
      ],
    ),
    ...rows(
      "test_monitor_diagnostic_settings_workspace",
      [
        "a new workspace says where it is",
        `PUT ${workspaces}/later?api-version=2021-12-01-preview`,
        201,
        {
          body: { location: "southcentralus", properties: { retentionInDays: 30, sku: { name: "PerGB2018" } } },
          keys: { "": "properties location id name type", properties: workspaceProperties },
          headers: {
            location:
              /^https:\/\/management\.azure\.com\/subscriptions\/.+\/workspaces\/later\?api-version=2021-12-01-preview$/,
          },
          values: { "properties.sku.name": "PerGB2018", "properties.workspaceCapping.dailyQuotaGb": -1 },
        },
      ],
      [
        "a read shows the same",
        `GET ${workspaces}/later?api-version=2021-12-01-preview`,
        200,
        {
          keys: {
            properties: workspaceProperties,
            "properties.features": "legacy searchVersion enableLogAccessUsingOnlyResourcePermissions",
          },
        },
      ],
    ),
    ...rows("test_monitor_log_analytics_workspace_public_access", [
      "a workspace is closed to the network where that is asked",
      `PUT ${workspaces}/later?api-version=2021-12-01-preview`,
      200,
      {
        body: {
          location: "southcentralus",
          properties: {
            features: { enableLogAccessUsingOnlyResourcePermissions: true },
            publicNetworkAccessForIngestion: "Enabled",
            publicNetworkAccessForQuery: "Disabled",
            retentionInDays: 30,
            sku: { name: "pergb2018" },
            workspaceCapping: { dailyQuotaGb: -1.0 },
          },
          tags: { clitest: "myron" },
        },
        keys: { "": envelope, properties: workspaceProperties },
        values: { "properties.publicNetworkAccessForQuery": "Disabled", "properties.provisioningState": "Succeeded" },
      },
    ]),
    ...rows("test_monitor_log_analytics_workspace_failover_failback", [
      "an api-version of today says how it was last changed",
      `GET ${workspaces}/later?api-version=2025-02-01`,
      200,
      { keys: { "": `${envelope} etag`, properties: workspaceProperties }, values: { etag: /^"[^"]+"$/ } },
    ]),
  ],

  "what a vault tells a log": [
    {
      from: "prepared",
      so: "a vault",
      call: `PUT ${vaultId}?api-version=2024-11-01`,
      status: 200,
      body: {
        location: "southcentralus",
        properties: { tenantId: "{tenant}", sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
      },
    },
    {
      from: "prepared",
      so: "a workspace",
      call: `PUT ${workspaces}/ws000004?api-version=2021-12-01-preview`,
      status: 201,
      body: { location: "southcentralus", properties: { retentionInDays: 30, sku: { name: "PerGB2018" } } },
    },
    ...rows(
      "test_monitor_diagnostic_settings_scenario",
      [
        "a setting spells its resource in lower case, and everything it has not as null",
        `PUT ${settings}/test01?${oldSettings}`,
        200,
        {
          body: { properties: { logs: [log], workspaceId: `${workspaces}/ws000004` } },
          keys: settingKeys,
          values: {
            id: /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/vaults\/cli-test-kv-diag\/providers\/microsoft\.insights\/diagnosticSettings\/test01$/,
            location: null,
            kind: null,
            tags: null,
            identity: null,
            "properties.storageAccountId": null,
            "properties.logAnalyticsDestinationType": null,
            "properties.metrics": [],
            "properties.logs.0.categoryGroup": null,
          },
        },
      ],
      [
        "a list shows it likewise",
        `GET ${settings}?${oldSettings}`,
        200,
        { keys: { "": "value", "value.0": settingKeys[""], "value.0.properties": settingKeys.properties } },
      ],
      ["and a read", `GET ${settings}/test01?${oldSettings}`, 200, { keys: settingKeys }],
      ["a setting is deleted", `DELETE ${settings}/test01?${oldSettings}`, 200],
      ["nothing is left", `GET ${settings}?${oldSettings}`, 200, { keys: { "": "value" }, values: { value: [] } }],
      [
        "a setting says which tables its log goes to",
        `PUT ${settings}/test02?${oldSettings}`,
        200,
        {
          body: {
            properties: {
              logs: [log],
              workspaceId: `${workspaces}/ws000004`,
              logAnalyticsDestinationType: "Dedicated",
            },
          },
          keys: settingKeys,
          values: { "properties.logAnalyticsDestinationType": "Dedicated" },
        },
      ],
    ),
  ],

  "a bot as az registers it today": rows(
    "test_botservice_registration_bot_create_singletenant_type",
    [
      "a free name is said to be free",
      `POST /providers/Microsoft.BotService/checkNameAvailability?${botVersion}`,
      200,
      {
        body: { name: "cli-test-bot", type: "azurebot" },
        keys: { "": "valid message absCode" },
        values: { valid: true, message: "", absCode: null },
      },
    ],
    [
      "a new bot counts both its channels as configured",
      `PUT ${bot}?${botVersion}`,
      201,
      {
        body: {
          location: "global",
          tags: { key1: "value1" },
          sku: { name: "F0" },
          kind: "azurebot",
          properties: { ...botProperties, description: "description1" },
        },
        keys: botKeys,
        values: { ...botValues, "properties.description": "description1" },
      },
    ],
    ["a read shows the same", `GET ${bot}?${botVersion}`, 200, { keys: botKeys, values: botValues }],
    [
      "az update changes what it is told and keeps the tags",
      `PATCH ${bot}?${botVersion}`,
      200,
      {
        body: {
          sku: { name: "F0" },
          properties: { ...botProperties, description: "description2", luisAppIds: [], disableLocalAuth: false },
        },
        keys: botKeys,
        values: { ...botValues, "properties.description": "description2" },
      },
    ],
    ["a bot is deleted at once", `DELETE ${bot}?${botVersion}`, 200],
  ),

  "a plan and how many workers it may have": rows(
    "test_backup_with_name",
    [
      "a write does not know it yet",
      `PUT ${plan}?api-version=2020-09-01`,
      200,
      {
        body: {
          location: "japanwest",
          sku: { name: "S1", tier: "STANDARD", capacity: 1 },
          properties: { perSiteScaling: false, isXenon: false },
        },
        keys: { ...planKeys, properties: `${planProperties} sku` },
        values: {
          location: "japanwest",
          kind: "app",
          "properties.maximumNumberOfWorkers": 0,
          "properties.geoRegion": "Japan West",
          "properties.tags": null,
          "properties.reserved": false,
        },
      },
    ],
    [
      "a read does",
      `GET ${plan}?api-version=2020-09-01`,
      200,
      {
        keys: { ...planKeys, properties: planProperties },
        values: { location: "Japan West", "properties.maximumNumberOfWorkers": 10 },
      },
    ],
    [
      "a free name for an app is said to be free",
      "POST {subscription}/providers/Microsoft.Web/checknameavailability?api-version=2021-01-15",
      200,
      {
        body: { name: "backup-webapp000003", type: "Site" },
        keys: { "": "nameAvailable reason message" },
        values: { nameAvailable: true, reason: "", message: "" },
      },
    ],
  ),

  "an app without a sign-in of its own": [
    {
      from: "prepared",
      so: "a plan",
      call: `PUT ${plan}?api-version=2022-03-01`,
      status: 200,
      body: { location: "japanwest", sku: { name: "B1" }, properties: { reserved: true } },
    },
    {
      from: "prepared",
      so: "an app",
      call: `PUT ${app}?api-version=2022-03-01`,
      status: 200,
      body: { location: "japanwest", properties: { serverFarmId: plan } },
    },
    ...rows("test_webapp_authentication", [
      "App Service's own sign-in is said to be off, by all its names",
      `POST ${app}/config/authsettings/list?api-version=2022-03-01`,
      200,
      {
        keys: {
          "": "id name type location properties",
          properties:
            "enabled unauthenticatedClientAction tokenStoreEnabled allowedExternalRedirectUrls defaultProvider clientId " +
            "clientSecret clientSecretSettingName clientSecretCertificateThumbprint issuer allowedAudiences " +
            "additionalLoginParams isAadAutoProvisioned aadClaimsAuthorization googleClientId googleClientSecret " +
            "googleClientSecretSettingName googleOAuthScopes facebookAppId facebookAppSecret " +
            "facebookAppSecretSettingName facebookOAuthScopes gitHubClientId gitHubClientSecret " +
            "gitHubClientSecretSettingName gitHubOAuthScopes twitterConsumerKey twitterConsumerSecret " +
            "twitterConsumerSecretSettingName microsoftAccountClientId microsoftAccountClientSecret " +
            "microsoftAccountClientSecretSettingName microsoftAccountOAuthScopes configVersion",
        },
        values: {
          name: "authsettings",
          location: "Japan West",
          "properties.enabled": false,
          "properties.configVersion": "v1",
          "properties.clientSecret": null,
        },
      },
    ]),
  ],

  "a role with a condition": rows(
    "test_role_assignment_create_update",
    [
      "a role is found by its name, however that is spelt",
      `GET {group}/${definitions}?$filter=roleName%20eq%20%27reader%27&api-version=2022-05-01-preview`,
      200,
      {
        keys: {
          "": "value",
          "value.0": "properties id type name",
          "value.0.properties":
            "roleName type description assignableScopes permissions createdOn updatedOn createdBy updatedBy",
          "value.0.properties.permissions.0": "actions notActions dataActions notDataActions",
        },
        values: { "value.0.name": reader, "value.0.properties.type": "BuiltInRole", "value.1": undefined },
      },
    ],
    [
      "an assignment keeps its condition and its description",
      `PUT ${assignment}?api-version=2022-04-01`,
      201,
      {
        body: {
          properties: {
            roleDefinitionId: `{subscription}/${definitions}/${reader}`,
            principalId: "{person}",
            principalType: "User",
            description: "Role assignment foo to check on bar",
            condition,
            conditionVersion: "2.0",
          },
        },
        keys: {
          "": "properties id type name",
          properties:
            "roleDefinitionId principalId principalType scope condition conditionVersion createdOn updatedOn createdBy " +
            "updatedBy delegatedManagedIdentityResourceId description",
        },
        values: { "properties.condition": condition, "properties.createdBy": null, "properties.scope": "{group}" },
      },
    ],
  ),
});
