import { day } from "../../../contract/time";
import { z } from "zod";
import { envelope } from "../arm/answer";
import { apiVersionsOf } from "../arm/api-versions";
import { providerError } from "../arm/errors";
import type { Context, ResourceType } from "../arm/resource-type";
import type { Kept } from "../../data/folder";
import { keptMap } from "../../data/kept-map";
import { endpointsTo } from "../network/private-endpoints";
import type { Azure, Resource } from "../service";
import { each } from "../members";
import type { AccountKeys } from "./account-keys";
import { accountType, serviceType, type Accounts } from "./accounts";
import { signedForAccount, signedForService, valueInvalid } from "./signing";

export const apiVersions = apiVersionsOf("Microsoft.Storage");
const skus = ["Standard", "Premium"].flatMap((tier) =>
  ["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"].map((r) => `${tier}_${r}`),
);
const loose = z.looseObject({});

const body = z.strictObject({
  location: z.string(),
  kind: z.enum(["StorageV2", "Storage", "BlobStorage", "BlockBlobStorage", "FileStorage"]),
  sku: z.strictObject({ name: z.string(), tier: z.string().optional() }),
  tags: z.record(z.string(), z.string()).nullish(),
  identity: loose.optional(),
  extendedLocation: loose.optional(),
  properties: z
    .strictObject({
      accessTier: z.enum(["Hot", "Cool", "Cold", "Premium"]).optional(),
      ...each(
        z.boolean().optional(),
        "allowBlobPublicAccess allowCrossTenantReplication allowSharedKeyAccess",
        "defaultToOAuthAuthentication enableExtendedGroups isHnsEnabled isLocalUserEnabled isNfsV3Enabled",
        "isSftpEnabled supportsHttpsTrafficOnly",
      ),
      ...each(z.string().optional(), "allowedCopyScope dnsEndpointType largeFileSharesState"),
      ...each(
        loose.optional(),
        "azureFilesIdentityBasedAuthentication customDomain encryption immutableStorageWithVersioning",
        "keyPolicy networkAcls routingPreference sasPolicy",
      ),
      minimumTlsVersion: z.enum(["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"]).optional(),
      publicNetworkAccess: z.enum(["Enabled", "Disabled", "SecuredByPerimeter"]).optional(),
    })
    .optional(),
});

/** Days for which a deleted account may be recovered: https://learn.microsoft.com/azure/storage/common/storage-account-recover */
const binDays = 14;

/** https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create */
export function storageAccounts(accounts: Accounts, keys: AccountKeys): { type: ResourceType; kept: Kept[] } {
  const bin = new Map<string, { account: Resource; deletedAt: Date }>();
  const type: ResourceType = {
    type: accountType,
    regional: true,
    apiVersions,
    name: { pattern: /^[a-z0-9]{3,24}$/, error: nameInvalid },
    body,
    asynchronous: { put: 0, style: "location" },
    immutable: ["kind", "properties.isHnsEnabled", "properties.isNfsV3Enabled"],
    immutableError: (path, account) =>
      providerError(
        409,
        "AccountPropertyCannotBeUpdated",
        `The property '${path.split(".").at(-1)}' was specified in the input, but it cannot be updated as it is ` +
          `read-only, for account ${account.name}.`,
      ),
    show: (account, _answer, { azure, apiVersion }) => shown(azure, account, apiVersion),
    reads: {
      privateEndpointConnections: ({ azure }, account) => ({ value: endpointConnections(azure, account) }),
      "privateEndpointConnections/{connection}": ({ azure, names }, account) => {
        const wanted = names["connection"]?.toLowerCase();
        const found = endpointConnections(azure, account).find(({ name }) => String(name).toLowerCase() === wanted);
        return found ?? new Response(null, { status: 404 });
      },
      privateLinkResources: (_context, account) => ({ value: linkResources(account) }),
    },
    write(context, account, before) {
      const skuName = String(account.sku?.["name"]);
      if (!skus.includes(skuName)) {
        throw providerError(400, "InvalidAccountSku", `The SKU '${skuName}' is not valid for a storage account.`);
      }
      if (!before && accounts.account(account.name)) {
        throw providerError(
          409,
          "StorageAccountAlreadyTaken",
          `The storage account named ${account.name} is already taken.`,
        );
      }
      complete(context, account, before);
    },
    written({ azure }, account, before) {
      if (before) return;
      // A new account of the name makes the old one unrecoverable.
      bin.delete(account.name);
      azure.resources.set({
        id: `${account.id}/blobServices/default`,
        name: "default",
        type: serviceType,
        sku: account.sku,
        properties: { cors: { corsRules: [] }, deleteRetentionPolicy: { allowPermanentDelete: false, enabled: false } },
      });
    },
    deleted({ azure }, account) {
      keys.forget(account);
      bin.set(account.name, { account, deletedAt: azure.clock.now() });
    },
    actions: {
      listKeys: (_context, account) => ({ keys: keys.of(account) }),
      regenerateKey: ({ body: { keyName } }, account) => {
        const renewed = keys.renew(account, String(keyName));
        if (!renewed) throw valueInvalid("keyName", String(keyName));
        account.properties["keyCreationTime"] = Object.fromEntries(
          renewed.map((key) => [key.keyName, key.creationTime]),
        );
        return { keys: renewed };
      },
      revokeUserDelegationKeys: (_context, account) => {
        keys.revokeDelegated(account);
        return undefined;
      },
      listAccountSas: ({ body }, account) => ({ accountSasToken: signedForAccount(keys, account, body) }),
      listServiceSas: ({ body }, account) => ({ serviceSasToken: signedForService(keys, account, body) }),
    },
    namespaceActions: {
      "POST checkNameAvailability": ({ body: { name } }) => availability(accounts, String(name)),
      "GET deletedAccounts": ({ azure }) => {
        const oldest = azure.clock.now().getTime() - binDays * day;
        for (const [name, { deletedAt }] of bin) if (deletedAt.getTime() <= oldest) bin.delete(name);
        return { value: [...bin.values()].map(showDeleted) };
      },
    },
  };
  return { type, kept: [...keys.kept, keptMap("deleted storage accounts", bin)] };
}

/** An account as an api-version has it. recorded: azure-cli test_storage_account_show_exit_codes (2024-01-01) */
function shown(azure: Azure, account: Resource, apiVersion: string): Record<string, unknown> {
  const properties = { ...account.properties, privateEndpointConnections: endpointConnections(azure, account) };
  if (apiVersion < "2024") return envelope(account, properties);
  const networkAcls = { ipv6Rules: [], ...(account.properties["networkAcls"] as object) };
  return envelope(account, { ...properties, networkAcls });
}

/** The private endpoints that lead to an account, as it tells them. recorded: azure-cli test_storage_account_private_endpoint */
function endpointConnections(azure: Azure, account: Resource): Record<string, unknown>[] {
  return endpointsTo(azure, account).map((endpoint) => {
    const name = `${account.name}.${String(endpoint.properties["resourceGuid"])}`;
    return {
      id: `${account.id}/privateEndpointConnections/${name}`,
      name,
      type: "Microsoft.Storage/storageAccounts/privateEndpointConnections",
      properties: {
        provisioningState: "Succeeded",
        privateEndpoint: { id: endpoint.id },
        privateLinkServiceConnectionState: {
          status: "Approved",
          description: "Auto-Approved",
          actionRequired: "None",
        },
      },
    };
  });
}

/** What of an account a private endpoint can lead to. recorded: azure-cli test_storage_account_private_endpoint */
function linkResources({ id }: Resource): Record<string, unknown>[] {
  return ["blob", "table", "queue", "file", "web", "dfs"].map((name) => ({
    id: `${id}/privateLinkResources/${name}`,
    name,
    type: "Microsoft.Storage/storageAccounts/privateLinkResources",
    properties: {
      groupId: name,
      requiredMembers: [name],
      requiredZoneNames: [`privatelink.${name}.core.windows.net`],
    },
  }));
}

const invalidText = (name: string): string =>
  `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length ` +
  "and use numbers and lower-case letters only.";

function nameInvalid(name: string): Error {
  return providerError(400, "AccountNameInvalid", invalidText(name));
}

function complete({ azure }: Context, account: Resource, before: Resource | undefined): void {
  const { name } = account;
  const now = azure.clock.now().toISOString();
  const made = before?.properties["creationTime"] ?? now;
  const encrypted = { enabled: true, lastEnabledTime: made, keyType: "Account" };
  // Both are encrypted, whatever a write says of one. recorded: azure-cli test_create_storage_account
  const asked = account.properties["encryption"] as { services?: Record<string, object> } | undefined;
  const encryptedServices = {
    file: { ...encrypted, ...asked?.services?.["file"] },
    blob: { ...encrypted, ...asked?.services?.["blob"] },
  };
  const at = (service: string): string => `https://${name}.${service}.core.windows.net/`;
  account.sku = { name: account.sku!["name"], tier: String(account.sku!["name"]).split("_")[0] };
  account.tags ??= {};
  account.properties = {
    ...(account.kind !== "Storage" && { accessTier: "Hot" }),
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
    minimumTlsVersion: "TLS1_0",
    networkAcls: { bypass: "AzureServices", virtualNetworkRules: [], ipRules: [], defaultAction: "Allow" },
    supportsHttpsTrafficOnly: true,
    ...account.properties,
    encryption: { keySource: "Microsoft.Storage", ...asked, services: { ...asked?.services, ...encryptedServices } },
    creationTime: made,
    keyCreationTime: before?.properties["keyCreationTime"] ?? { key1: now, key2: now },
    primaryEndpoints: {
      blob: at("blob"),
      file: at("file"),
      queue: at("queue"),
      table: at("table"),
      // An account of the first kind has neither. recorded: azure-cli test_storage_account_show_exit_codes
      ...(account.kind !== "Storage" && { dfs: at("dfs"), web: `https://${name}.z1.web.core.windows.net/` }),
    },
    primaryLocation: account.location,
    statusOfPrimary: "available",
    provisioningState: "Succeeded",
  };
}

function availability(accounts: Accounts, name: string): Record<string, unknown> {
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    return { nameAvailable: false, reason: "AccountNameInvalid", message: invalidText(name) };
  }
  if (!accounts.account(name)) return { nameAvailable: true };
  const message = `The storage account named ${name} is already taken.`;
  return { nameAvailable: false, reason: "AlreadyExists", message };
}

/** A proxy resource: it has no tags. https://learn.microsoft.com/rest/api/storagerp/deleted-accounts/list */
function showDeleted({ account, deletedAt }: { account: Resource; deletedAt: Date }): Record<string, unknown> {
  const subscription = account.id.split("/").slice(0, 3).join("/");
  return {
    id: `${subscription}/providers/Microsoft.Storage/locations/${account.location}/deletedAccounts/${account.name}`,
    name: account.name,
    type: "Microsoft.Storage/deletedAccounts",
    properties: {
      storageAccountResourceId: account.id,
      location: account.location,
      restoreReference: `${account.name}|${deletedAt.toISOString()}`,
      creationTime: account.properties["creationTime"],
      deletionTime: deletedAt.toISOString(),
    },
  };
}
