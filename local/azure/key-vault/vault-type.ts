import { z } from "zod";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import { envelope } from "../arm";
import { providerError } from "../arm/errors";
import type { Context, ResourceType } from "../arm/resource-type";
import { each } from "../members";
import type { Resource } from "../service";
import { apiVersions } from "./secret-type";
import { vaultType, vaultUri, type DeletedVault, type VaultContents } from "./vaults";

const permissions = z.array(z.string()).nullish();
const accessPolicy = z.strictObject({
  tenantId: z.string(),
  objectId: z.string(),
  applicationId: z.string().nullish(),
  permissions: z.strictObject(each(permissions, "keys secrets certificates storage")),
});
const networkAcls = z.strictObject({
  bypass: z.enum(["AzureServices", "None"]).optional(),
  defaultAction: z.enum(["Allow", "Deny"]).optional(),
  ipRules: z.array(z.strictObject({ value: z.string() })).optional(),
  virtualNetworkRules: z.array(z.looseObject({ id: z.string() })).optional(),
});
const body = z.strictObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.strictObject({
    tenantId: z.string(),
    sku: z.strictObject({ family: z.enum(["A"]), name: z.enum(["standard", "premium"]) }),
    accessPolicies: z.array(accessPolicy).optional(),
    ...each(z.string().optional(), "vaultUri publicNetworkAccess provisioningState"),
    ...each(
      z.boolean().nullish(),
      "enabledForDeployment enabledForDiskEncryption enabledForTemplateDeployment",
      "enableSoftDelete enableRbacAuthorization enablePurgeProtection",
    ),
    softDeleteRetentionInDays: z.number().int().nullish(),
    createMode: z.enum(["default", "recover", "purgeThenCreate"]).optional(),
    networkAcls: networkAcls.optional(),
  }),
});

const badRequest = (message: string): Error => providerError(400, "BadRequest", message);

/** https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/create-or-update */
export function vaults(contents: VaultContents): ResourceType {
  /** Requests that made a vault: their answer says that its name is not known to DNS yet. */
  const creations = new WeakSet<Context>();
  return {
    type: vaultType,
    regional: true,
    apiVersions,
    created: 200,
    asynchronous: { put: 0, style: "state" },
    name: { pattern: /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/, error: nameNotValid },
    body,
    write(context, vault, before) {
      checkProtection(vault.properties, before?.properties);
      if (!before) checkName(contents, context, vault);
      if (!before && vault.properties["createMode"] !== "recover") creations.add(context);
      // A recovered vault keeps what it was.
      complete(context, vault, before ?? contents.deleted(vault.name)?.vault);
    },
    show: (vault, _answer, context) => showVault(vault, creations.has(context)),
    written(_context, vault, before) {
      const { createMode } = vault.properties;
      delete vault.properties["createMode"];
      if (before || createMode !== "recover") return;
      contents.recover(vault.name);
      for (const secret of contents.of(vault.name).secrets.all()) contents.mirror(vault, secret.name);
    },
    deleted: (_context, vault) => contents.bury(vault),
    namespaceActions: {
      "POST checkNameAvailability": ({ body: { name } }) => availability(contents, String(name)),
      "GET deletedManagedHSMs": () => ({ value: [] }),
      "GET deletedVaults": () => ({ value: contents.bin().map(showDeleted) }),
      "GET locations/{location}/deletedVaults/{vault}": ({ names }) => showDeleted(demand(contents, names["vault"]!)),
      "POST locations/{location}/deletedVaults/{vault}/purge": ({ names, azure, accepted }) => {
        const { vault } = demand(contents, names["vault"]!);
        if (vault.properties["enablePurgeProtection"] === true) {
          throw providerError(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.");
        }
        contents.purge(vault.name);
        const address = `${vault.id.split("/").slice(0, 3).join("/")}/providers/Microsoft.KeyVault/locations/${vault.location}`;
        const at = wholeSeconds(azure.clock.now().getTime()).replace("T", " ");
        const result = { createdDateTime: at, lastActionDateTime: at, status: "Succeeded" };
        return accepted(address, () => Response.json(result));
      },
    },
  };
}

function nameNotValid(name: string): Error {
  return providerError(
    400,
    "VaultNameNotValid",
    `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must ` +
      "begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more " +
      "information: https://go.microsoft.com/fwlink/?linkid=2147742",
  );
}

/** Soft delete and purge protection only ever tighten; the retention is set once. */
function checkProtection(now: Record<string, unknown>, before: Record<string, unknown> | undefined): void {
  if (now["enablePurgeProtection"] === false) {
    throw badRequest(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an ' +
        "irreversible action.",
    );
  }
  if (now["enableSoftDelete"] === false) {
    throw badRequest(
      'The property "enableSoftDelete" cannot be set to false: soft delete is on for every vault. Enabling the ' +
        "'soft delete' functionality is an irreversible action.",
    );
  }
  const days = now["softDeleteRetentionInDays"];
  if (typeof days !== "number") return;
  if (days < 7 || days > 90) {
    throw badRequest(
      'The value of the property "softDeleteRetentionInDays" must be between 7 and 90 (both inclusive).',
    );
  }
  if (before && before["softDeleteRetentionInDays"] !== days) {
    throw badRequest('The property "softDeleteRetentionInDays" has already been set and it can\'t be modified.');
  }
}

function checkName(contents: VaultContents, { azure }: Context, vault: Resource): void {
  if (contents.vault(vault.name)) throw providerError(409, "VaultAlreadyExists", taken(vault.name));
  const recovering = vault.properties["createMode"] === "recover";
  const deleted = contents.deleted(vault.name);
  if (deleted && !recovering) {
    throw providerError(
      409,
      "ConflictError",
      "A vault with the same name already exists in deleted state. You need to either recover or purge existing key " +
        "vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
    );
  }
  if (!deleted && recovering) throw deletedNotFound(vault.name);
  if (String(vault.properties["tenantId"]).toLowerCase() !== azure.tenant.tenantId.toLowerCase()) {
    throw badRequest("An invalid value was provided for 'tenantId': it is not the tenant of the subscription.");
  }
}

/** Fills in what Key Vault decides. The default of RBAC changed with api-version 2026-02-01. */
function complete(context: Context, vault: Resource, before: Resource | undefined): void {
  const { azure, apiVersion } = context;
  const given = Object.fromEntries(Object.entries(vault.properties).filter(([, value]) => value !== null));
  const rbac = given["enableRbacAuthorization"] ?? apiVersion >= "2026-02-01";
  if (!rbac && given["accessPolicies"] === undefined && given["createMode"] !== "recover") {
    throw badRequest("The parameter accessPolicies is not specified.");
  }
  if (before?.properties["enablePurgeProtection"]) given["enablePurgeProtection"] = true;
  vault.tags ??= {};
  if (isDefault(given["networkAcls"])) delete given["networkAcls"];
  vault.properties = {
    accessPolicies: [],
    enabledForDeployment: false,
    softDeleteRetentionInDays: before?.properties["softDeleteRetentionInDays"] ?? 90,
    publicNetworkAccess: "Enabled",
    ...(given["createMode"] === "recover" ? before?.properties : {}),
    ...given,
    tenantId: azure.tenant.tenantId,
    enableSoftDelete: true,
    vaultUri: vaultUri(vault.name),
    provisioningState: "Succeeded",
    // Kept with the properties, shown beside them.
    systemData: systemData(context, before),
  };
  // It is told only where somebody said it. recorded: azure-cli test_keyvault_creation
  if (given["enableRbacAuthorization"] !== undefined || rbac) vault.properties["enableRbacAuthorization"] = rbac;
}

/** Rules that let everybody in are not told. recorded: azure-cli test_keyvault_list_deleted */
function isDefault(rules: unknown): boolean {
  const {
    bypass,
    defaultAction,
    ipRules = [],
    virtualNetworkRules = [],
  } = (rules ?? {}) as z.infer<typeof networkAcls>;
  const open = (bypass ?? "AzureServices") === "AzureServices" && (defaultAction ?? "Allow") === "Allow";
  return open && ipRules.length === 0 && virtualNetworkRules.length === 0;
}

/** Who made and who last wrote a vault, and when. recorded: azure-cli test_keyvault_softdelete */
function systemData({ azure, caller }: Context, before: Resource | undefined): Record<string, unknown> {
  const person = azure.tenant.people.find(({ objectId }) => objectId === caller.oid);
  const by = person?.mail ?? caller.appid;
  const type = person ? "User" : "Application";
  const at = azure.clock.now().toISOString();
  return {
    createdBy: by,
    createdByType: type,
    createdAt: at,
    ...(before?.properties["systemData"] as Record<string, unknown> | undefined),
    lastModifiedBy: by,
    lastModifiedByType: type,
    lastModifiedAt: at,
  };
}

/**
 * A vault as ARM answers it. The answer to its creation has an address without the slash at the end and says that the
 * name is being registered; a read says that it is there. recorded: azure-cli test_keyvault_list_deleted
 */
function showVault(vault: Resource, created: boolean): Record<string, unknown> {
  const { systemData, ...properties } = vault.properties;
  const registering = { vaultUri: vaultUri(vault.name).slice(0, -1), provisioningState: "RegisteringDns" };
  return { ...envelope(vault, { ...properties, ...(created && registering) }), systemData };
}

const taken = (name: string): string =>
  `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is ` +
  "already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same " +
  "name was recently deleted but not purged after being placed in a recoverable state. For more information on " +
  "VaultAlreadyExists, soft delete and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740.";

const deletedNotFound = (name: string): Error =>
  providerError(404, "DeletedVaultNotFound", `The specified deleted vault '${name}' does not exist.`);

function demand(contents: VaultContents, name: string): DeletedVault {
  const deleted = contents.deleted(name);
  if (!deleted) throw deletedNotFound(name);
  return deleted;
}

function availability(contents: VaultContents, name: string): Record<string, unknown> {
  const free = !contents.vault(name) && !contents.deleted(name);
  return free ? { nameAvailable: true } : { nameAvailable: false, reason: "AlreadyExists", message: taken(name) };
}

function showDeleted({ vault, deletedAt, purgeAt }: DeletedVault): Record<string, unknown> {
  const subscription = vault.id.split("/").slice(0, 3).join("/");
  return {
    id: `${subscription}/providers/Microsoft.KeyVault/locations/${vault.location}/deletedVaults/${vault.name}`,
    name: vault.name,
    type: "Microsoft.KeyVault/deletedVaults",
    properties: {
      vaultId: vault.id,
      location: vault.location,
      tags: vault.tags,
      deletionDate: wholeSeconds(deletedAt),
      scheduledPurgeDate: wholeSeconds(purgeAt),
      ...(vault.properties["enablePurgeProtection"] ? { purgeProtectionEnabled: true } : {}),
    },
  };
}

/** `2022-04-07T07:21:39Z` */
