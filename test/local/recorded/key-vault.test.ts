import { replay, type RecordedCall } from "./replay";
import { vaultKeys } from "./vault-keys";

// Vaults were recorded at 2021-10-01 and 2023-02-01, and at 2021-06-01-preview, which is replayed at 2021-10-01.
const version = "api-version=2021-10-01";
const vault = (name: string): string => `{group}/providers/Microsoft.KeyVault/vaults/${name}`;
const deletedVault = (name: string): string =>
  `{subscription}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/${name}`;

const deletedKeys = {
  "": "id name type properties",
  properties: "vaultId location tags deletionDate scheduledPurgeDate",
};
const inSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const everything = {
  tenantId: "{tenant}",
  objectId: "{deployer}",
  permissions: { keys: ["all"], secrets: ["all"], certificates: ["all"], storage: ["all"] },
};
const withPurge = { ...everything, permissions: { ...everything.permissions, secrets: ["all", "purge"] } };

/** A vault with an access policy, found to be absent, made, found to be there. */
const newVault = (from: string, name: string): RecordedCall[] => [
  {
    from,
    so: "a vault that is not there is told in ARM's own words",
    call: `GET ${vault(name)}?${version}`,
    status: 404,
    error: [
      "ResourceNotFound",
      `The Resource 'Microsoft.KeyVault/vaults/${name}' under resource group '{groupName}' was not found. ` +
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    ],
  },
  {
    from,
    so: "a new vault's name is being registered: its address is not to be used before a read says Succeeded",
    call: `PUT ${vault(name)}?${version}`,
    body: {
      location: "eastus2",
      properties: {
        tenantId: "{tenant}",
        sku: { family: "A", name: "standard" },
        accessPolicies: [everything],
        enableSoftDelete: true,
        softDeleteRetentionInDays: 7,
        networkAcls: { bypass: "AzureServices", defaultAction: "Allow" },
      },
    },
    status: 200,
    keys: vaultKeys,
    values: {
      tags: {},
      "properties.provisioningState": "RegisteringDns",
      "properties.vaultUri": `https://${name}.vault.azure.net`,
      "properties.accessPolicies": [everything],
      "properties.enabledForDeployment": false,
      "properties.publicNetworkAccess": "Enabled",
      "systemData.createdAt": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/,
    },
  },
  {
    from,
    so: "a vault's address ends in a slash, and rules that let everybody in are not told",
    call: `GET ${vault(name)}?${version}`,
    status: 200,
    keys: vaultKeys,
    values: {
      "properties.provisioningState": "Succeeded",
      "properties.vaultUri": `https://${name}.vault.azure.net/`,
      "properties.softDeleteRetentionInDays": 7,
    },
  },
];

const secrets = (name: string): string => `https://${name}.vault.azure.net`;
/** Secrets were recorded at 7.0, which tells the days of recovery only where they are 90; replayed at 7.4. */
const data = "api-version=7.4";
const secretKeys = (path: string, keys: string): Pick<RecordedCall, "keys" | "newer"> => {
  const attributes = [path, "attributes"].filter(Boolean).join(".");
  return {
    keys: { [path]: keys, [attributes]: "enabled created updated recoveryLevel" },
    newer: { [attributes]: "recoverableDays" },
  };
};
const setSecret = (from: string, at: string, name: string, value: string): RecordedCall => ({
  from,
  so: "a written secret shows its value, its version in its id and how it could be brought back",
  call: `PUT ${secrets(at)}/secrets/${name}?${data}`,
  body: { value, tags: { "file-encoding": "utf-8" }, attributes: {} },
  status: 200,
  ...secretKeys("", "value id attributes tags"),
  values: {
    value,
    id: new RegExp(`^https://${at}\\.vault\\.azure\\.net/secrets/${name}/[0-9a-f]{32}$`),
    "attributes.enabled": true,
    "attributes.recoveryLevel": "CustomizedRecoverable+Purgeable",
    tags: { "file-encoding": "utf-8" },
  },
});

replay({
  "a vault's life": [
    ...newVault("test_keyvault_list_deleted", "recorded-life"),
    {
      from: "test_keyvault_softdelete",
      so: "a second write changes who may do what, and answers that the vault is there",
      call: `PUT ${vault("recorded-life")}?${version}`,
      body: {
        location: "eastus2",
        tags: {},
        properties: {
          tenantId: "{tenant}",
          sku: { family: "A", name: "standard" },
          accessPolicies: [withPurge],
          vaultUri: "https://recorded-life.vault.azure.net/",
          enabledForDeployment: false,
          enableSoftDelete: true,
          softDeleteRetentionInDays: 7,
          provisioningState: "Succeeded",
          publicNetworkAccess: "Enabled",
        },
      },
      status: 200,
      keys: vaultKeys,
      values: {
        "properties.accessPolicies": [withPurge],
        "properties.provisioningState": "Succeeded",
        "properties.vaultUri": "https://recorded-life.vault.azure.net/",
      },
    },
    {
      from: "test_keyvault_softdelete",
      so: "vaults are found from the subscription by their type",
      call: "GET {subscription}/resources?$filter=resourceType%20eq%20%27Microsoft.KeyVault%2Fvaults%27&api-version=2021-04-01",
      status: 200,
      keys: { "": "value", "value.0": "id name type location tags" },
      values: { "value.0.name": "recorded-life", "value.0.tags": {} },
    },
    {
      from: "test_keyvault_softdelete",
      so: "a vault is deleted at once",
      call: `DELETE ${vault("recorded-life")}?${version}`,
      status: 200,
    },
    {
      from: "test_keyvault_softdelete",
      so: "a deleted vault tells until when it can be brought back",
      call: `GET ${deletedVault("recorded-life")}?${version}`,
      status: 200,
      keys: deletedKeys,
      values: {
        id: deletedVault("recorded-life"),
        type: "Microsoft.KeyVault/deletedVaults",
        "properties.vaultId": vault("recorded-life"),
        "properties.location": "eastus2",
        "properties.tags": {},
        "properties.deletionDate": inSeconds,
        "properties.scheduledPurgeDate": inSeconds,
      },
    },
    {
      from: "test_keyvault_softdelete",
      so: "a vault that is brought back has its policies again, and is there at once",
      call: `PUT ${vault("recorded-life")}?${version}`,
      body: {
        location: "eastus2",
        properties: { tenantId: "{tenant}", sku: { family: "A", name: "standard" }, createMode: "recover" },
      },
      status: 200,
      keys: vaultKeys,
      values: {
        "properties.accessPolicies": [withPurge],
        "properties.softDeleteRetentionInDays": 7,
        "properties.provisioningState": "Succeeded",
        "properties.vaultUri": "https://recorded-life.vault.azure.net/",
      },
    },
    {
      from: "test_keyvault_softdelete",
      so: "a vault that was brought back can be deleted again",
      call: `DELETE ${vault("recorded-life")}?${version}`,
      status: 200,
    },
    {
      from: "test_keyvault_creation",
      so: "the list of deleted vaults shows each as a read of it does",
      call: `GET {subscription}/providers/Microsoft.KeyVault/deletedVaults?api-version=2023-02-01`,
      status: 200,
      keys: { "value.0": deletedKeys[""], "value.0.properties": deletedKeys.properties },
      values: { "value.0.name": "recorded-life" },
    },
    {
      from: "test_keyvault_softdelete",
      so: "a purge takes its time, and says where to ask for its end",
      call: `POST ${deletedVault("recorded-life")}/purge?${version}`,
      status: 202,
      headers: {
        location:
          /^https:\/\/management\.azure\.com\/subscriptions\/[^/]+\/providers\/Microsoft\.KeyVault\/locations\/eastus2\/operationresults\/[^/]+\?api-version=2021-10-01$/i,
      },
      keep: { purge: "header:location" },
    },
    {
      from: "test_keyvault_softdelete",
      so: "the end of a purge is told with its times",
      call: "GET {purge}",
      status: 200,
      keys: { "": "createdDateTime lastActionDateTime status" },
      values: { createdDateTime: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/, status: "Succeeded" },
    },
  ],

  "a vault that is there for deployments": [
    {
      from: "test_keyvault_creation",
      so: "a vault may serve machines, disks and templates, and says so",
      call: `PUT ${vault("recorded-deploy")}?api-version=2023-02-01`,
      body: {
        location: "eastus",
        tags: {},
        properties: {
          tenantId: "{tenant}",
          sku: { family: "A", name: "premium" },
          accessPolicies: [],
          enabledForDeployment: true,
          enabledForDiskEncryption: true,
          enabledForTemplateDeployment: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: 7,
          enableRbacAuthorization: null,
          enablePurgeProtection: null,
          networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
        },
      },
      status: 200,
    },
    {
      from: "test_keyvault_creation",
      so: "what was said as null is not told: neither roles nor purge protection",
      call: `GET ${vault("recorded-deploy")}?api-version=2023-02-01`,
      status: 200,
      keys: {
        ...vaultKeys,
        properties: `${vaultKeys.properties} enabledForDiskEncryption enabledForTemplateDeployment`,
      },
      values: { "properties.accessPolicies": [], "properties.enabledForDiskEncryption": true },
    },
  ],

  "a vault's secrets": [
    ...newVault("test_keyvault_list_deleted", "recorded-secrets"),
    {
      from: "test_keyvault_secret",
      so: "a request without a token is told where to get one",
      call: `PUT ${secrets("recorded-secrets")}/secrets/secret1?${data}`,
      anonymous: true,
      body: {},
      status: 401,
      error: ["Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."],
      headers: {
        // login.windows.net in 2022; the vaults of today name login.microsoftonline.com.
        "www-authenticate":
          /^Bearer authorization="https:\/\/login\.[^/]+\/[0-9a-f-]{36}", resource="https:\/\/vault\.azure\.net"$/,
      },
    },
    setSecret("test_keyvault_secret", "recorded-secrets", "secret1", "ABC123"),
    setSecret("test_keyvault_secret", "recorded-secrets", "secret2", "123456"),
    {
      from: "test_keyvault_secret",
      so: "the list of secrets tells neither value nor version, and that there is no more",
      call: `GET ${secrets("recorded-secrets")}/secrets?${data}`,
      status: 200,
      keys: { "": "value nextLink", ...secretKeys("value.0", "id attributes tags").keys },
      newer: { ...secretKeys("value.0", "").newer },
      values: {
        "value.0.id": "https://recorded-secrets.vault.azure.net/secrets/secret1",
        "value.1.id": "https://recorded-secrets.vault.azure.net/secrets/secret2",
        nextLink: null,
      },
    },
    {
      from: "test_keyvault_secret",
      so: "a page's end names the next one, with the port in its address",
      call: `GET ${secrets("recorded-secrets")}/secrets?maxresults=1&${data}`,
      status: 200,
      values: {
        "value.0.id": "https://recorded-secrets.vault.azure.net/secrets/secret1",
        "value.1": undefined,
        nextLink: /^https:\/\/recorded-secrets\.vault\.azure\.net:443\/secrets\?.*\$skiptoken=[^&]+.*maxresults=1/,
      },
      keep: { next: "nextLink" },
    },
    {
      from: "test_keyvault_secret",
      so: "the next page needs a token as well",
      call: "GET {next}",
      anonymous: true,
      status: 401,
      error: ["Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."],
    },
    {
      from: "test_keyvault_secret",
      so: "the next page is the last",
      call: "GET {next}",
      status: 200,
      values: {
        "value.0.id": "https://recorded-secrets.vault.azure.net/secrets/secret2",
        "value.1": undefined,
        nextLink: null,
      },
    },
    {
      from: "test_keyvault_secret",
      so: "a second write is a new version, with what describes it",
      call: `PUT ${secrets("recorded-secrets")}/secrets/secret1?${data}`,
      body: {
        value: "DEF456",
        tags: { test: "foo", "file-encoding": "utf-8" },
        contentType: "test type",
        attributes: {},
      },
      status: 200,
      ...secretKeys("", "value contentType id attributes tags"),
      values: { value: "DEF456", contentType: "test type", tags: { test: "foo", "file-encoding": "utf-8" } },
    },
    {
      from: "test_keyvault_secret",
      so: "a secret's versions are told without their values",
      call: `GET ${secrets("recorded-secrets")}/secrets/secret1/versions?${data}`,
      status: 200,
      keys: { "": "value nextLink" },
      values: {
        "value.0.id": /\/secrets\/secret1\/[0-9a-f]{32}$/,
        "value.0.value": undefined,
        "value.1.value": undefined,
        "value.2": undefined,
        nextLink: null,
      },
    },
    {
      from: "test_keyvault_secret_soft_delete",
      so: "a deleted secret tells how and until when it can be brought back, and no value",
      call: `DELETE ${secrets("recorded-secrets")}/secrets/secret2?${data}`,
      status: 200,
      ...secretKeys("", "recoveryId deletedDate scheduledPurgeDate id attributes tags"),
      values: {
        recoveryId: "https://recorded-secrets.vault.azure.net/deletedsecrets/secret2",
        id: /\/secrets\/secret2\/[0-9a-f]{32}$/,
        deletedDate: /^\d{10}$/,
        scheduledPurgeDate: /^\d{10}$/,
      },
    },
    {
      from: "test_keyvault_secret_soft_delete",
      so: "the list of deleted secrets tells no versions",
      call: `GET ${secrets("recorded-secrets")}/deletedsecrets?${data}`,
      status: 200,
      keys: {
        "": "value nextLink",
        ...secretKeys("value.0", "recoveryId deletedDate scheduledPurgeDate id attributes tags").keys,
      },
      newer: { ...secretKeys("value.0", "").newer },
      values: { "value.0.id": "https://recorded-secrets.vault.azure.net/secrets/secret2", nextLink: null },
    },
    {
      from: "test_keyvault_secret_soft_delete",
      so: "a deleted secret is read by its name, with its version",
      call: `GET ${secrets("recorded-secrets")}/deletedsecrets/secret2?${data}`,
      status: 200,
      ...secretKeys("", "recoveryId deletedDate scheduledPurgeDate id attributes tags"),
      values: { id: /\/secrets\/secret2\/[0-9a-f]{32}$/ },
    },
    {
      from: "test_keyvault_softdelete",
      so: "a secret is brought back with its version, and its value is not told",
      call: `POST ${secrets("recorded-secrets")}/deletedsecrets/secret2/recover?${data}`,
      status: 200,
      ...secretKeys("", "id attributes tags"),
      values: { id: /\/secrets\/secret2\/[0-9a-f]{32}$/, "attributes.enabled": true },
    },
    {
      from: "test_keyvault_secret",
      so: "a secret is read by its name alone, also with a slash behind it",
      call: `GET ${secrets("recorded-secrets")}/secrets/secret2/?${data}`,
      status: 200,
      ...secretKeys("", "value id attributes tags"),
      values: { value: "123456", tags: { "file-encoding": "utf-8" } },
    },
    {
      from: "test_keyvault_secret",
      so: "what a deleted secret was is told, its kind of content included",
      call: `DELETE ${secrets("recorded-secrets")}/secrets/secret1?${data}`,
      status: 200,
      ...secretKeys("", "recoveryId deletedDate scheduledPurgeDate contentType id attributes tags"),
      values: { contentType: "test type", tags: { test: "foo", "file-encoding": "utf-8" } },
    },
    {
      // The recorded caller has the right to all but the purge, and gives it to itself before.
      from: "test_keyvault_softdelete",
      so: "the right to purge is given on its own",
      call: `PUT ${vault("recorded-secrets")}?${version}`,
      body: {
        location: "eastus2",
        tags: {},
        properties: { tenantId: "{tenant}", sku: { family: "A", name: "standard" }, accessPolicies: [withPurge] },
      },
      status: 200,
      keys: vaultKeys,
      values: { "properties.accessPolicies": [withPurge], "properties.softDeleteRetentionInDays": 7 },
    },
    {
      from: "test_keyvault_softdelete",
      so: "a deleted secret is purged at once",
      call: `DELETE ${secrets("recorded-secrets")}/deletedsecrets/secret1?${data}`,
      status: 204,
    },
  ],

  "a vault's keys": [
    ...newVault("test_keyvault_list_deleted", "recorded-keys"),
    {
      from: "test_keyvault_key",
      so: "a new key shows its public part, what it may be used for and its version in its id",
      call: `POST ${secrets("recorded-keys")}/keys/key1/create?${data}`,
      body: { kty: "RSA", attributes: { enabled: true } },
      status: 200,
      keys: { ...secretKeys("", "key attributes").keys, key: "kid kty key_ops n e" },
      newer: secretKeys("", "").newer,
      values: {
        "key.kid": /^https:\/\/recorded-keys\.vault\.azure\.net\/keys\/key1\/[0-9a-f]{32}$/,
        "key.kty": "RSA",
        "key.key_ops": ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
        "key.n": /^[\w-]{342}$/,
        "key.e": "AQAB",
        "attributes.enabled": true,
      },
    },
    {
      from: "test_keyvault_key",
      so: "the list of keys tells no version, and that there is no more",
      call: `GET ${secrets("recorded-keys")}/keys?${data}`,
      status: 200,
      keys: { "": "value nextLink", ...secretKeys("value.0", "kid attributes").keys },
      newer: secretKeys("value.0", "").newer,
      values: { "value.0.kid": "https://recorded-keys.vault.azure.net/keys/key1", nextLink: null },
    },
    {
      from: "test_keyvault_key",
      so: "a second key of the name is a new version, for what it was made for and with its tags",
      call: `POST ${secrets("recorded-keys")}/keys/key1/create?${data}`,
      body: { kty: "RSA", key_ops: ["encrypt", "decrypt"], attributes: { enabled: false }, tags: { test: "foo" } },
      status: 200,
      keys: { "": "key attributes tags", key: "kid kty key_ops n e" },
      values: { "key.key_ops": ["encrypt", "decrypt"], "attributes.enabled": false, tags: { test: "foo" } },
    },
    {
      from: "test_keyvault_key",
      so: "a key's versions are told oldest first, each with what describes it",
      call: `GET ${secrets("recorded-keys")}/keys/key1/versions?${data}`,
      status: 200,
      keys: { "": "value nextLink", "value.0": "kid attributes", "value.1": "kid attributes tags" },
      values: {
        "value.0.kid": /\/keys\/key1\/[0-9a-f]{32}$/,
        "value.0.attributes.enabled": true,
        "value.1.attributes.enabled": false,
        "value.1.tags": { test: "foo" },
        "value.2": undefined,
        nextLink: null,
      },
    },
  ],
});
