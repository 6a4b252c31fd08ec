import type { Resource, Resources } from "../service";

/** A role. https://learn.microsoft.com/azure/role-based-access-control/role-definitions */
export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** What most of the service roles may do beside their own: see the group, open a ticket. */
const around = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Insights/alertRules/*",
  "Microsoft.Resources/deployments/*",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.Support/*",
];
const vaultReads = [
  "Microsoft.KeyVault/checkNameAvailability/read",
  "Microsoft.KeyVault/deletedVaults/read",
  "Microsoft.KeyVault/locations/*/read",
  "Microsoft.KeyVault/vaults/*/read",
  "Microsoft.KeyVault/operations/read",
];
const container = "Microsoft.Storage/storageAccounts/blobServices/containers";
const delegationKey = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action";

type Rights = Partial<Pick<RoleDefinition, "actions" | "notActions" | "dataActions" | "notDataActions">>;
const role = (id: string, name: string, description: string, rights: Rights): RoleDefinition => ({
  actions: [],
  notActions: [],
  dataActions: [],
  notDataActions: [],
  id,
  name,
  description,
  ...rights,
});

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const roleDefinitions: readonly RoleDefinition[] = [
  role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", "Manages everything and assigns roles.", { actions: ["*"] }),
  role("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", "Manages everything, but assigns no roles.", {
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
      "Microsoft.Subscription/cancel/action",
      "Microsoft.Subscription/enable/action",
    ],
  }),
  role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", "Sees everything, changes nothing.", { actions: ["*/read"] }),
  role("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", "Manages access to resources.", {
    actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
  }),
  role(
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Role Based Access Control Administrator",
    "Assigns roles, and manages access in no other way.",
    {
      actions: [
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.Authorization/roleAssignments/delete",
        "*/read",
        "Microsoft.Support/*",
      ],
    },
  ),
  role("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", "Does everything with a vault's content.", {
    actions: [...around, ...vaultReads],
    dataActions: ["Microsoft.KeyVault/vaults/*"],
  }),
  role("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader", "Reads what a vault holds, but no values.", {
    actions: [...around, ...vaultReads],
    dataActions: ["Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"],
  }),
  role("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", "Does everything with secrets.", {
    actions: [...around, ...vaultReads],
    dataActions: ["Microsoft.KeyVault/vaults/secrets/*"],
  }),
  role("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", "Reads secrets with their values.", {
    dataActions: [
      "Microsoft.KeyVault/vaults/secrets/getSecret/action",
      "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    ],
  }),
  role("a4417e6f-fecd-4de8-b567-7b0420556985", "Key Vault Certificates Officer", "Does everything with certificates.", {
    actions: [...around, ...vaultReads],
    dataActions: [
      "Microsoft.KeyVault/vaults/certificatecas/*",
      "Microsoft.KeyVault/vaults/certificates/*",
      "Microsoft.KeyVault/vaults/certificatecontacts/write",
    ],
  }),
  role("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", "Does everything with keys.", {
    actions: [...around, ...vaultReads],
    dataActions: ["Microsoft.KeyVault/vaults/keys/*", "Microsoft.KeyVault/vaults/keyrotationpolicies/*"],
  }),
  role("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", "Uses keys.", {
    dataActions: [
      "read",
      "update/action",
      "backup/action",
      "encrypt/action",
      "decrypt/action",
      "wrap/action",
      "unwrap/action",
      "sign/action",
      "verify/action",
    ].map((action) => `Microsoft.KeyVault/vaults/keys/${action}`),
  }),
  role("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor", "Manages vaults, but not their content.", {
    actions: [...around, "Microsoft.KeyVault/*"],
    notActions: [
      "Microsoft.KeyVault/locations/deletedVaults/purge/action",
      "Microsoft.KeyVault/hsmPools/*",
      "Microsoft.KeyVault/managedHsms/*",
    ],
  }),
  role("17d1049b-9a84-46fb-8f53-869881c3d3ab", "Storage Account Contributor", "Manages accounts, keys included.", {
    actions: [
      ...around,
      "Microsoft.Insights/diagnosticSettings/*",
      "Microsoft.ResourceHealth/availabilityStatuses/read",
      "Microsoft.Storage/storageAccounts/*",
    ],
  }),
  role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader", "Reads blobs.", {
    actions: [`${container}/read`, delegationKey],
    dataActions: [`${container}/blobs/read`],
  }),
  role("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor", "Reads, writes and deletes blobs.", {
    actions: [`${container}/delete`, `${container}/read`, `${container}/write`, delegationKey],
    dataActions: [
      `${container}/blobs/delete`,
      `${container}/blobs/read`,
      `${container}/blobs/write`,
      `${container}/blobs/move/action`,
      `${container}/blobs/add/action`,
    ],
  }),
  role("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner", "Does everything with blobs.", {
    actions: [`${container}/*`, delegationKey],
    dataActions: [`${container}/blobs/*`],
  }),
  role("de139f84-1756-47ae-9be6-808fbbe84772", "Website Contributor", "Manages web apps, but not who may.", {
    actions: [
      ...around,
      "Microsoft.Insights/components/*",
      "Microsoft.ResourceHealth/availabilityStatuses/read",
      "Microsoft.Web/certificates/*",
      "Microsoft.Web/listSitesAssignedToHostName/read",
      "Microsoft.Web/serverFarms/join/action",
      "Microsoft.Web/serverFarms/read",
      "Microsoft.Web/sites/*",
    ],
  }),
  role("2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b", "Web Plan Contributor", "Manages the plans of web apps.", {
    actions: [...around, "Microsoft.Web/serverFarms/*", "Microsoft.Web/hostingEnvironments/Join/Action"],
  }),
  role("f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator", "Reads and assigns identities.", {
    actions: [
      ...around,
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
    ],
  }),
  role("3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher", "Writes metrics and telemetry.", {
    actions: ["Microsoft.Insights/Register/Action", "Microsoft.Resources/subscriptions/resourceGroups/read"],
    dataActions: ["Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"],
  }),
];

export const roleDefinitionType = "Microsoft.Authorization/roleDefinitions";

/** By the GUID at the end of a role definition's id: a built-in role, or one that somebody made. */
export function roleDefinition(id: string, resources: Resources): RoleDefinition | undefined {
  const guid = id.split("/").at(-1)?.toLowerCase();
  const builtIn = roleDefinitions.find((definition) => definition.id === guid);
  const own = builtIn ? undefined : resources.list(roleDefinitionType).find(({ name }) => name.toLowerCase() === guid);
  return builtIn ?? (own && asDefinition(own));
}

function asDefinition({ name, properties }: Resource): RoleDefinition {
  const [rights = {}] = (properties["permissions"] ?? []) as Partial<RoleDefinition>[];
  const { roleName, description = "" } = properties as { roleName: string; description?: string };
  return role(name, roleName, description, rights);
}
