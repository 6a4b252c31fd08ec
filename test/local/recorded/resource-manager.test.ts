import { replay, type RecordedCall } from "./replay";

const groups = "api-version=2020-06-01";
const group = "{group}-b";
const groupKeys = "id name type location properties";

const assignments = "api-version=2022-04-01";
const assignment = "{group}/providers/Microsoft.Authorization/roleAssignments/88888888-0000-0000-0000-000000000001";
const assignmentKeys = {
  "": "properties id type name",
  properties:
    "roleDefinitionId principalId principalType scope condition conditionVersion createdOn updatedOn createdBy " +
    "updatedBy delegatedManagedIdentityResourceId description",
};
const reader = "{subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7";
const assignReader = (principalId: string, principalType?: string): unknown => ({
  properties: { roleDefinitionId: reader, principalId, ...(principalType && { principalType }) },
});

const identity = "{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clitest";
const identityKeys = { "": "id name type location tags properties", properties: "tenantId principalId clientId" };

/** A new identity; recorded at 2023-01-31 (and at 2021-09-30-preview, which is served no more). */
const newIdentity = (from: string): RecordedCall => ({
  from,
  so: "a managed identity has its ids at once; its own id says resourcegroups in lower case",
  call: `PUT ${identity}?api-version=2023-01-31`,
  body: { location: "westus" },
  status: 201,
  keys: identityKeys,
  values: {
    id: /^\/subscriptions\/[^/]+\/resourcegroups\/recorded-\d+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/clitest$/,
    name: "clitest",
    tags: {},
    "properties.tenantId": "{tenant}",
    "properties.principalId": /^[0-9a-f-]{36}$/,
    "properties.clientId": /^[0-9a-f-]{36}$/,
  },
  keep: { principal: "properties.principalId", identityId: "id" },
});

replay({
  "a resource group": [
    {
      from: "test_resource_group",
      so: "a group that is not there is told from one that is",
      call: `HEAD ${group}?${groups}`,
      status: 404,
    },
    {
      from: "test_resource_group",
      so: "a new group keeps who manages it and its tags, the empty one too",
      call: `PUT ${group}?${groups}`,
      body: { location: "westus", managedBy: "test_admin", tags: { a: "b", c: "" } },
      status: 201,
      keys: { "": `${groupKeys} managedBy tags`, properties: "provisioningState" },
      values: {
        id: group,
        type: "Microsoft.Resources/resourceGroups",
        location: "westus",
        managedBy: "test_admin",
        tags: { a: "b", c: "" },
        "properties.provisioningState": "Succeeded",
      },
    },
    {
      from: "test_resource_group",
      so: "a group that is there has no body to say",
      call: `HEAD ${group}?${groups}`,
      status: 204,
    },
    {
      from: "test_resource_group",
      so: "a read shows what the creation did",
      call: `GET ${group}?${groups}`,
      status: 200,
      keys: { "": `${groupKeys} managedBy tags` },
      values: { managedBy: "test_admin", tags: { a: "b", c: "" } },
    },
    {
      from: "test_resource_group",
      so: "a second write changes the group and removes its tags",
      call: `PUT ${group}?${groups}`,
      body: { properties: {}, location: "westus", managedBy: "test_admin", tags: {} },
      status: 200,
      keys: { "": `${groupKeys} managedBy tags` },
      values: { tags: {} },
    },
    {
      from: "test_resource_group",
      so: "a tag's value may be any text",
      call: `PUT ${group}?${groups}`,
      body: {
        properties: {},
        location: "westus",
        managedBy: "test_admin",
        tags: { a: "{'k': 'v'}", b: '{"k":"v"}' },
      },
      status: 200,
      values: { tags: { a: "{'k': 'v'}", b: '{"k":"v"}' } },
    },
    {
      from: "test_resource_group",
      so: "the deletion of a group takes its time, and says where to ask for its end",
      call: `DELETE ${group}?${groups}`,
      status: 202,
      headers: {
        location:
          /^https:\/\/management\.azure\.com\/subscriptions\/[^/]+\/operationresults\/[^/]+\?api-version=2020-06-01$/,
      },
      keep: { deletion: "header:location" },
    },
    {
      from: "test_resource_group",
      so: "the end of a deletion is an empty 200",
      call: "GET {deletion}",
      status: 200,
    },
    {
      from: "test_resource_group",
      so: "a deleted group is gone",
      call: `HEAD ${group}?${groups}`,
      status: 404,
    },
    {
      from: "test_appservice_error_polish",
      so: "a group made without tags shows none",
      call: `PUT ${group}?api-version=2021-04-01`,
      body: { location: "canadacentral" },
      status: 201,
      keys: { "": groupKeys },
    },
  ],

  "a user-assigned identity": [
    newIdentity("test_role_assignment_no_graph"),
    {
      from: "test_identity_management",
      so: "the list of a group's identities shows each as its creation did",
      call: "GET {group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities?api-version=2023-01-31",
      status: 200,
      keys: { "": "value", "value.0": identityKeys[""], "value.0.properties": identityKeys.properties },
      values: { "value.0.id": "{identityId}", "value.0.properties.principalId": "{principal}" },
    },
    {
      from: "test_identity_management",
      so: "an identity is deleted at once",
      call: `DELETE ${identity}?api-version=2023-01-31`,
      status: 200,
    },
  ],

  "a role assignment": [
    newIdentity("test_role_assignment_no_graph"),
    {
      from: "test_role_assignment_handle_conflicted_assignments",
      so: "a role is found by its name, whatever its capitals",
      call: `GET {group}/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName%20eq%20%27reader%27&${assignments}`,
      status: 200,
      keys: {
        "": "value",
        "value.0": "properties id type name",
        "value.0.properties":
          "roleName type description assignableScopes permissions createdOn updatedOn createdBy updatedBy",
        "value.0.properties.permissions.0": "actions notActions dataActions notDataActions",
      },
      values: {
        "value.0.id": reader,
        "value.0.name": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "value.0.properties.roleName": "Reader",
        "value.0.properties.type": "BuiltInRole",
        "value.0.properties.assignableScopes": ["/"],
        "value.0.properties.permissions.0": {
          actions: ["*/read"],
          notActions: [],
          dataActions: [],
          notDataActions: [],
        },
        "value.1": undefined,
      },
    },
    {
      from: "test_functionapp_assign_system_identity",
      so: "a principal that the directory does not know yet is refused without a principal type",
      call: `PUT ${assignment}?api-version=2020-04-01-preview`,
      body: assignReader("b5406155-1470-4c22-b215-eb302c08a2a5"),
      status: 400,
      error: [
        "PrincipalNotFound",
        "Principal b540615514704c22b215eb302c08a2a5 does not exist in the directory {tenant}.",
      ],
    },
    {
      from: "test_role_assignment_no_graph",
      so: "an assignment's creation does not say yet who made it",
      call: `PUT ${assignment}?${assignments}`,
      body: assignReader("{principal}", "ServicePrincipal"),
      status: 201,
      keys: assignmentKeys,
      values: {
        id: assignment,
        type: "Microsoft.Authorization/roleAssignments",
        "properties.roleDefinitionId": reader,
        "properties.principalId": "{principal}",
        "properties.principalType": "ServicePrincipal",
        "properties.scope": "{group}",
        "properties.condition": null,
        "properties.createdBy": null,
        "properties.updatedBy": "{deployer}",
        "properties.delegatedManagedIdentityResourceId": null,
        "properties.description": null,
      },
    },
    {
      from: "test_role_assignment_no_graph",
      so: "a principal's assignments are found from the subscription, with who made them",
      call: `GET {subscription}/providers/Microsoft.Authorization/roleAssignments?${assignments}&$filter=principalId%20eq%20'{principal}'`,
      status: 200,
      keys: { "": "value", "value.0": assignmentKeys[""], "value.0.properties": assignmentKeys.properties },
      values: {
        "value.0.id": assignment,
        "value.0.properties.createdBy": "{deployer}",
        "value.1": undefined,
      },
    },
    {
      from: "test_role_assignment_no_graph",
      so: "the assignments that hold at a group are found there, inherited ones too",
      call: `GET {group}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()&${assignments}`,
      status: 200,
      keys: { "": "value", "value.0": assignmentKeys[""], "value.2.properties": assignmentKeys.properties },
    },
    {
      from: "test_role_assignment_no_graph",
      so: "the deletion of an assignment shows once more what it was",
      call: `DELETE ${assignment}?${assignments}`,
      status: 200,
      keys: assignmentKeys,
      values: { id: assignment, "properties.principalId": "{principal}", "properties.createdBy": "{deployer}" },
    },
    {
      from: "test_role_assignment_no_graph",
      so: "a deleted assignment is found no more",
      call: `GET {subscription}/providers/Microsoft.Authorization/roleAssignments?${assignments}&$filter=principalId%20eq%20'{principal}'`,
      status: 200,
      values: { value: [] },
    },
  ],
});
