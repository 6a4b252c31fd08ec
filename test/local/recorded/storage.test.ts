import { replay, type RecordedCall } from "./replay";

// Recorded at 2019-04-01.
const version = "api-version=2019-06-01";
const account = "{group}/providers/Microsoft.Storage/storageAccounts/recordedpolicy";
const policy = `${account}/managementPolicies/default?${version}`;
const from = "test_management_policy";

const body = (name: string): object => ({
  properties: {
    policy: {
      rules: [
        {
          name,
          type: "Lifecycle",
          enabled: true,
          definition: {
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: 1000 },
                tierToArchive: { daysAfterModificationGreaterThan: 90 },
                delete: { daysAfterModificationGreaterThan: 1000 },
              },
              snapshot: { delete: { daysAfterCreationGreaterThan: 5000 } },
            },
            filters: { prefixMatch: ["olcmtestcontainer"], blobTypes: ["blockBlob"] },
          },
        },
      ],
    },
  },
});
const shown = (name: string): Pick<RecordedCall, "status" | "keys" | "values"> => ({
  status: 200,
  keys: {
    "": "id name type properties",
    properties: "policy lastModifiedTime",
    "properties.policy.rules.0": "enabled name type definition",
    "properties.policy.rules.0.definition.actions": "baseBlob snapshot",
  },
  values: {
    id: `${account}/managementPolicies/default`,
    name: "DefaultManagementPolicy",
    type: "Microsoft.Storage/storageAccounts/managementPolicies",
    "properties.policy.rules.0.name": name,
    "properties.policy.rules.0.definition.actions.baseBlob.delete.daysAfterModificationGreaterThan": 1000,
    "properties.policy.rules.0.definition.filters.prefixMatch": ["olcmtestcontainer"],
    "properties.lastModifiedTime": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/,
  },
});
const absent: Pick<RecordedCall, "call" | "status" | "error"> = {
  call: `GET ${policy}`,
  status: 404,
  error: ["ManagementPolicyNotFound", "No ManagementPolicy found for account recordedpolicy"],
};

replay({
  "the rule that deletes what is left of people who never finish a sign-in": [
    {
      from: "prepared",
      so: "an account",
      call: `PUT ${account}?${version}`,
      body: { location: "westus", kind: "StorageV2", sku: { name: "Standard_RAGRS" } },
      status: 202,
    },
    { from, so: "a first deployment finds none, and does not take that for a fault", ...absent },
    { from, so: "a new policy is there at once", call: `PUT ${policy}`, body: body("olcmtest"), ...shown("olcmtest") },
    { from, so: "a refresh reads what was written", call: `GET ${policy}`, ...shown("olcmtest") },
    { from, so: "a changed rule takes the old one's place", call: `PUT ${policy}`, body: body("new"), ...shown("new") },
    { from, so: "a changed rule is read back", call: `GET ${policy}`, ...shown("new") },
    { from, so: "a destroy ends at once", call: `DELETE ${policy}`, status: 200 },
    { from, so: "a deleted policy is gone for drift's eyes", ...absent },
  ],
});
