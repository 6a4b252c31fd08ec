import { day } from "../../../contract/time";
import { keyVaultVersion } from "../../../infra/azure/key-vault";
import type { AzureCalls } from "../azure-calls";
import type { InventoryItem, ItemKind } from "./found";
import { groupOf } from "./found";

type Tags = Readonly<Record<string, string>> | null;

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly location?: string;
  readonly tags?: Tags;
  readonly properties: Readonly<Record<string, unknown>> & { readonly tags?: Tags };
}

/** One kind of what Azure keeps of deleted resources, all that a subscription has of it. */
export interface Bin {
  readonly kind: ItemKind;
  readonly path: string;
  readonly apiVersion: string;
  readonly read: (entry: Entry) => Omit<InventoryItem, "kind">;
}

const after = (days: number, since: unknown): string | undefined =>
  Number.isNaN(Date.parse(String(since))) ? undefined : new Date(Date.parse(String(since)) + days * day).toISOString();

const at = (was: string): Pick<InventoryItem, "was" | "group"> => ({ was, group: groupOf(was) });

/** Each has its own list, its own dates, and keeps tags or does not. */
export const bins: readonly Bin[] = [
  {
    // https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/list-deleted
    kind: "deleted vault",
    path: "Microsoft.KeyVault/deletedVaults",
    apiVersion: keyVaultVersion,
    read: ({ id, name, properties }) => ({
      id,
      name,
      tags: properties.tags ?? {},
      location: String(properties["location"]),
      ...at(String(properties["vaultId"])),
      until: String(properties["scheduledPurgeDate"]),
      kept: properties["purgeProtectionEnabled"] === true,
    }),
  },
  {
    // Says nothing of when it was deleted: https://learn.microsoft.com/rest/api/loganalytics/deleted-workspaces/list
    kind: "deleted workspace",
    path: "Microsoft.OperationalInsights/deletedWorkspaces",
    apiVersion: "2023-09-01",
    read: ({ id, name, tags, location }) => ({ id, name, tags: tags ?? {}, location, ...at(id) }),
  },
  {
    // The API has no DELETE: https://learn.microsoft.com/rest/api/appservice/deleted-web-apps
    kind: "deleted web app",
    path: "Microsoft.Web/deletedSites",
    apiVersion: "2024-04-01",
    read: ({ id, properties: { deletedSiteName: site, resourceGroup: group, ...properties } }) => ({
      id,
      name: String(site),
      tags: {},
      kept: true,
      ...at(
        `${id.split("/providers/")[0]}/resourceGroups/${String(group)}/providers/Microsoft.Web/sites/${String(site)}`,
      ),
      until: after(30, properties["deletedTimestamp"]),
    }),
  },
  {
    // Nor has this: https://learn.microsoft.com/rest/api/storagerp/deleted-accounts
    kind: "deleted storage account",
    path: "Microsoft.Storage/deletedAccounts",
    apiVersion: "2023-05-01",
    read: ({ id, name, properties }) => ({
      id,
      name,
      tags: {},
      kept: true,
      ...at(String(properties["storageAccountResourceId"])),
      until: after(14, properties["deletionTime"]),
    }),
  },
];

/** All that one bin of the subscription holds, whosever it was. */
export async function inBin(
  calls: AzureCalls,
  subscription: string,
  { kind, path, apiVersion, read }: Bin,
): Promise<InventoryItem[]> {
  const entries = await calls.list<Entry>(`${subscription}/providers/${path}`, apiVersion);
  return entries.map((entry) => ({ kind, ...read(entry) }));
}
