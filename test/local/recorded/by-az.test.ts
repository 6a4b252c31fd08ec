import { replay, type RecordedCall } from "./replay";
import { vaultKeys } from "./vault-keys";

/**
 * Further calls of azure-cli, each a row: the recording's name, the call, its status, and the keys of the answer. What they
 * answer is what az prints and what its next call is made of.
 */
type Row = readonly [
  call: string,
  status: number,
  facts?: Partial<
    Pick<RecordedCall, "body" | "keys" | "newer" | "values" | "error" | "keep" | "headers" | "anonymous">
  >,
];

const rows = (from: string, so: string, ...all: readonly Row[]): RecordedCall[] =>
  all.map(([call, status, facts = {}]) => ({ from, so, call, status, ...facts }));

const definitions = "{subscription}/providers/Microsoft.Authorization/roleDefinitions";
const definition = `${definitions}/88888888-0000-4000-8000-000000000001?api-version=2022-05-01-preview`;
const byName = `${definitions}?$filter=roleName%20eq%20%27cli-test-role%27&api-version=2022-05-01-preview`;
const roleKeys = {
  "": "properties id type name",
  properties: "roleName type description assignableScopes permissions createdOn updatedOn createdBy updatedBy",
  "properties.permissions.0": "actions notActions dataActions notDataActions",
};
const roleBody = (more: readonly string[] = []): object => ({
  properties: {
    roleName: "cli-test-role",
    description: "Can monitor compute, network and storage, and restart virtual machines",
    permissions: [
      {
        actions: ["Microsoft.Compute/*/read", "Microsoft.Insights/alertRules/*", ...more],
        dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"],
        notDataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"],
      },
    ],
    assignableScopes: ["{subscription}"],
  },
});

const identity = "{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clitest?api-version=2023-01-31";
const identityKeys = { "": "location tags id name type properties", properties: "tenantId principalId clientId" };
const assignment = "{group}/providers/Microsoft.Authorization/roleAssignments/88888888-0000-4000-8000-000000000002";
const assignmentKeys =
  "roleDefinitionId principalId principalType scope condition conditionVersion createdOn updatedOn createdBy updatedBy " +
  "delegatedManagedIdentityResourceId description";
const ofPrincipal = "$filter=principalId%20eq%20'{principal}'&api-version=2022-04-01";

const locks = "providers/Microsoft.Authorization/locks";
const lock = `{group}/${locks}/cli-test-lock?api-version=2016-09-01`;
const lockKeys = { "": "properties id type name" };

const account = "{group}/providers/Microsoft.Storage/storageAccounts/clitest000002";
const deployment = "{group}/providers/Microsoft.Resources/deployments/azure-cli-deployment";
const deploymentKeys = "templateHash mode provisioningState timestamp duration correlationId providers dependencies";
const emptyTemplate = { properties: { parameters: {}, mode: "Incremental", template: { resources: [] } } };

const workspace = "{group}/providers/Microsoft.OperationalInsights/workspaces/clitest000002?api-version=2020-08-01";
const workspaceKeys = {
  "": "properties id name type location tags",
  properties:
    "source customerId provisioningState sku retentionInDays features workspaceCapping publicNetworkAccessForIngestion " +
    "publicNetworkAccessForQuery createdDate modifiedDate",
  "properties.workspaceCapping": "dailyQuotaGb quotaNextResetTime dataIngestionStatus",
  "properties.features": "legacy searchVersion enableLogAccessUsingOnlyResourcePermissions",
};

const vault = "{group}/providers/Microsoft.KeyVault/vaults/cli-test-kv-key";
const vaultAt = `${vault}?api-version=2021-06-01-preview`;
const policies = (keys: readonly string[]): object[] => [
  {
    tenantId: "{tenant}",
    objectId: "{deployer}",
    permissions: { keys, secrets: ["all"], certificates: ["all"], storage: ["all"] },
  },
];
const keyOf = (path: string, version = "7.3"): string =>
  `https://cli-test-kv-key.vault.azure.net${path}?api-version=${version}`;
const keyKeys = {
  "": "key attributes",
  key: "kid kty key_ops n e",
  attributes: "enabled created updated recoveryLevel recoverableDays",
};

replay({
  "a role of one's own": rows(
    "test_custom_role_definition_scenario",
    "a role is made, found by its name, changed, and says what it forbids",
    [
      `PUT ${definition}`,
      201,
      { body: roleBody(), keys: roleKeys, values: { "properties.createdBy": null, "properties.type": "CustomRole" } },
    ],
    [
      `GET ${byName}`,
      200,
      {
        keys: { "": "value", "value.0": roleKeys[""], "value.0.properties": roleKeys.properties },
        values: { "value.0.properties.createdBy": /.+/ },
      },
    ],
    [`PUT ${definition}`, 201, { body: roleBody(["Microsoft.Support/*"]), keys: roleKeys }],
    [`DELETE ${definition}`, 200, { keys: roleKeys }],
    [`GET ${byName}`, 200, { values: { value: [] } }],
  ),
  "an identity and its role": rows(
    "test_role_assignment_at_scope",
    "who holds a role is found at the group and at the subscription",
    [
      `PUT ${identity}`,
      201,
      {
        body: { location: "westus" },
        keys: identityKeys,
        keep: { principal: "properties.principalId" },
      },
    ],
    [
      `PUT ${assignment}?api-version=2022-04-01`,
      201,
      {
        body: {
          properties: {
            roleDefinitionId: `${definitions}/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
            principalId: "{principal}",
            principalType: "ServicePrincipal",
          },
        },
        keys: { "": "properties id type name", properties: assignmentKeys },
        values: { "properties.createdBy": null, "properties.scope": "{group}" },
      },
    ],
    [
      `GET {subscription}/providers/Microsoft.Authorization/roleAssignments?${ofPrincipal}`,
      200,
      { keys: { "": "value", "value.0.properties": assignmentKeys }, values: { "value.0.properties.createdBy": /.+/ } },
    ],
    [
      `GET {group}/providers/Microsoft.Authorization/roleAssignments?${ofPrincipal}`,
      200,
      { keys: { "value.0": "properties id type name" } },
    ],
  ),
  "a lock of a group": rows(
    "test_cannotdelete_resource_group_lock",
    "a lock is made, found at the group and at the subscription, tightened, and taken away",
    [
      `PUT ${lock}`,
      201,
      { body: { properties: { level: "CanNotDelete" } }, keys: { ...lockKeys, properties: "level" } },
    ],
    [`GET {subscription}/${locks}?api-version=2016-09-01`, 200, { keys: { "": "value", "value.0": lockKeys[""] } }],
    [
      `GET ${lock}`,
      200,
      { keys: { ...lockKeys, properties: "level" }, values: { "properties.level": "CanNotDelete" } },
    ],
    [`GET {group}/${locks}?api-version=2016-09-01`, 200, { keys: { "": "value", "value.0": lockKeys[""] } }],
    [
      `PUT ${lock}`,
      200,
      { body: { properties: { level: "ReadOnly", notes: "notes" } }, keys: { ...lockKeys, properties: "level notes" } },
    ],
    [`DELETE ${lock}`, 200],
  ),
  "an account and the log of what was done": rows(
    "test_activity_log_list_scenario",
    "an account is made as az waits for it, and a log is asked for no further back than it goes",
    [
      `PUT ${account}?api-version=2019-04-01`,
      202,
      {
        body: { sku: { name: "Standard_LRS" }, kind: "Storage", location: "westus" },
        headers: { location: /\/providers\/Microsoft\.Storage\/locations\/westus\// },
        keep: { operation: "header:location" },
      },
    ],
    [
      "GET {operation}",
      200,
      {
        keys: {
          "": "sku kind id name type location tags properties",
          sku: "name tier",
          "properties.networkAcls": "bypass virtualNetworkRules ipRules defaultAction",
          "properties.encryption.services": "file blob",
          "properties.encryption.services.blob": "enabled lastEnabledTime",
        },
        newer: { "properties.encryption.services.blob": "keyType" },
        values: { "properties.provisioningState": "Succeeded", "properties.statusOfPrimary": "available" },
      },
    ],
    [
      `POST ${account}/listKeys?api-version=2019-04-01`,
      200,
      { keys: { "": "keys", "keys.0": "keyName value permissions" }, newer: { "keys.0": "creationTime" } },
    ],
    [
      "GET {subscription}/providers/microsoft.insights/eventtypes/management/values?api-version=2015-04-01&$filter=eventTimestamp%20ge%202018-01-01T00%3A00%3A00%2B00%3A00%20and%20eventTimestamp%20le%202999-01-01T00%3A00%3A00%2B00%3A00",
      400,
      {
        keys: { "": "Code Message" },
        values: { Code: "BadRequest", Message: "The start time cannot be more than 90 days in the past." },
      },
    ],
    [
      "GET {group}?api-version=2022-09-01",
      200,
      { keys: { "": "id name type location properties", properties: "provisioningState" } },
    ],
    ["DELETE {group}?api-version=2019-07-01", 202, { headers: { location: /\/operationresults\// } }],
  ),
  "an empty deployment": rows(
    "test_group_deployment_lite",
    "a template is validated, accepted, and followed to its end",
    [
      `POST ${deployment}/validate?api-version=2020-06-01`,
      200,
      {
        body: emptyTemplate,
        keys: { "": "id name type properties", properties: `${deploymentKeys} validatedResources` },
        newer: { properties: "parameters" },
        values: { "properties.provisioningState": "Succeeded", "properties.duration": "PT0S" },
      },
    ],
    [
      `PUT ${deployment}?api-version=2020-06-01`,
      201,
      {
        body: emptyTemplate,
        keys: { "": "id name type properties", properties: deploymentKeys },
        newer: { properties: "parameters" },
        values: { "properties.provisioningState": "Accepted" },
        keep: { status: "header:azure-asyncoperation" },
      },
    ],
    ["GET {status}", 200, { values: { status: "Succeeded" } }],
    [
      `GET ${deployment}?api-version=2020-06-01`,
      200,
      {
        keys: { "": "id name type properties", properties: `${deploymentKeys} outputResources` },
        newer: { properties: "parameters outputs" },
        values: { "properties.provisioningState": "Succeeded" },
      },
    ],
  ),
  "a workspace": rows(
    "test_monitor_log_analytics_workspace_default",
    "a workspace is made, followed, and keeps what a change of it leaves out",
    [
      `PUT ${workspace}`,
      201,
      {
        body: {
          tags: { clitest: "myron" },
          location: "centralus",
          properties: { sku: { name: "PerGB2018" }, retentionInDays: 30, workspaceCapping: {} },
        },
        keys: workspaceKeys,
        values: {
          "properties.source": "Azure",
          "properties.provisioningState": "Creating",
          "properties.workspaceCapping.dailyQuotaGb": -1,
        },
      },
    ],
    [
      `GET ${workspace}`,
      200,
      {
        keys: workspaceKeys,
        values: { "properties.provisioningState": "Succeeded" },
        keep: { customer: "properties.customerId" },
      },
    ],
    [
      `PUT ${workspace}`,
      200,
      {
        body: {
          tags: { clitest: "myron" },
          location: "centralus",
          properties: {
            provisioningState: "Succeeded",
            sku: { name: "pergb2018" },
            retentionInDays: 100,
            workspaceCapping: { dailyQuotaGb: -1 },
            publicNetworkAccessForIngestion: "Enabled",
            publicNetworkAccessForQuery: "Enabled",
          },
        },
        keys: workspaceKeys,
        values: { "properties.retentionInDays": 100, "properties.customerId": "{customer}" },
      },
    ],
    [`GET ${workspace}`, 200, { values: { "properties.retentionInDays": 100, "tags.clitest": "myron" } }],
  ),
  "a vault's policies and a key": rows(
    "test_keyvault_key_delete",
    "a vault that goes by policies takes a new one, and a key comes back from the bin, or goes for good",
    [
      `PUT ${vaultAt}`,
      200,
      {
        body: {
          location: "eastus2",
          properties: {
            tenantId: "{tenant}",
            sku: { family: "A", name: "standard" },
            accessPolicies: policies(["all"]),
            enableSoftDelete: true,
            softDeleteRetentionInDays: 7,
          },
        },
      },
    ],
    [`GET ${vaultAt}`, 200, { keys: vaultKeys }],
    [
      "GET {subscription}/resources?$filter=resourceType%20eq%20%27Microsoft.KeyVault%2Fvaults%27&api-version=2015-11-01",
      200,
      { keys: { "": "value", "value.0": "id name type location tags" } },
    ],
    [
      `PUT ${vaultAt}`,
      200,
      {
        body: {
          location: "eastus2",
          tags: {},
          properties: {
            tenantId: "{tenant}",
            sku: { family: "A", name: "standard" },
            accessPolicies: policies(["all", "purge"]),
            vaultUri: "https://cli-test-kv-key.vault.azure.net/",
            enabledForDeployment: false,
            enableSoftDelete: true,
            softDeleteRetentionInDays: 7,
            provisioningState: "Succeeded",
            publicNetworkAccess: "Enabled",
          },
        },
        keys: vaultKeys,
        values: { "properties.accessPolicies.0.permissions.keys": ["all", "purge"] },
      },
    ],
    [
      `POST ${keyOf("/keys/key/create")}`,
      401,
      {
        anonymous: true,
        error: ["Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."],
        headers: { "www-authenticate": /resource="https:\/\/vault\.azure\.net"/ },
      },
    ],
    [
      `POST ${keyOf("/keys/key/create")}`,
      200,
      {
        body: { kty: "RSA", attributes: { enabled: true } },
        keys: keyKeys,
        values: { "attributes.recoveryLevel": "CustomizedRecoverable+Purgeable", "attributes.recoverableDays": 7 },
      },
    ],
    [`GET ${keyOf("/keys/key/")}`, 200, { keys: keyKeys }],
    [`DELETE ${keyOf("/keys/key")}`, 200, { keys: { "": "recoveryId deletedDate scheduledPurgeDate key attributes" } }],
    [
      `GET ${keyOf("/deletedkeys/key")}`,
      200,
      { keys: { "": "recoveryId deletedDate scheduledPurgeDate key attributes" } },
    ],
    [`POST ${keyOf("/deletedkeys/key/recover")}`, 200, { keys: keyKeys }],
  ),
  "somebody who is not there": rows("test_app_owner", "a person who is not in the tenant is told to be absent", [
    "GET https://graph.microsoft.com/v1.0/users/example@example.com",
    404,
    {
      error: [
        "Request_ResourceNotFound",
        "Resource 'example@example.com' does not exist or one of its queried reference-property objects are not present.",
      ],
      keys: { error: "code message innerError", "error.innerError": "date request-id client-request-id" },
    },
  ]),
});
