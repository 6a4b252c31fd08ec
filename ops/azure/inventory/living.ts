import { keyVaultVersion } from "../../../infra/azure/key-vault";
import type { AzureCalls } from "../azure-calls";
import type { InventoryItem, ItemKind } from "./found";
import { groupOf } from "./found";
import { odataText } from "../../../infra/azure/odata";

const resourcesVersion = "2021-04-01";
const identitiesVersion = "2023-01-31";

interface ArmEntry {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/** A resource group by its name, all that it holds, and the principals of its managed identities. */
export async function inGroup(
  calls: AzureCalls,
  subscription: string,
  name: string,
): Promise<{ items: InventoryItem[]; principals: string[] }> {
  const id = `${subscription}/resourceGroups/${name}`;
  const group = await calls.find<ArmEntry>(id, resourcesVersion);
  if (!group) return { items: [], principals: [] };
  const [resources, identities] = await Promise.all([
    calls.list<ArmEntry>(`${id}/resources`, resourcesVersion),
    calls.list<{ properties?: { principalId?: string } }>(
      `${id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`,
      identitiesVersion,
    ),
  ]);
  return {
    items: [itemOf("resource group", group), ...resources.map((resource) => itemOf("resource", resource))],
    principals: identities.flatMap(({ properties }) => properties?.principalId ?? []),
  };
}

/** The principals of managed identities, by their ids; none of one that is gone. */
export async function principalsOf(calls: AzureCalls, ids: readonly string[]): Promise<string[]> {
  const identities = await Promise.all(
    ids.map((id) => calls.find<{ properties?: { principalId?: string } }>(id, identitiesVersion)),
  );
  return identities.flatMap((identity) => identity?.properties?.principalId ?? []);
}

/** Secrets of these vaults with a tag of this value, as ARM shows them: without what they hold. */
export async function taggedSecrets(
  calls: AzureCalls,
  vaults: readonly string[],
  tag: string,
  value: string,
): Promise<InventoryItem[]> {
  const secrets = await Promise.all(vaults.map((vault) => calls.list<ArmEntry>(`${vault}/secrets`, keyVaultVersion)));
  return secrets
    .flat()
    .filter(({ tags }) => tags?.[tag] === value)
    .map((secret) => itemOf("secret elsewhere", secret));
}

/** Resources of the subscription with a tag of this value. ARM takes one tag in a filter. */
export async function taggedResources(
  calls: AzureCalls,
  subscription: string,
  tag: string,
  value: string,
): Promise<InventoryItem[]> {
  const resources = await calls.list<ArmEntry>(`${subscription}/resources`, resourcesVersion, having(tag, value));
  return resources.map((resource) => itemOf("resource", resource));
}

/** Resource groups likewise. */
export async function taggedGroups(
  calls: AzureCalls,
  subscription: string,
  tag: string,
  value: string,
): Promise<InventoryItem[]> {
  const groups = await calls.list<ArmEntry>(`${subscription}/resourcegroups`, resourcesVersion, having(tag, value));
  return groups.map((group) => itemOf("resource group", group));
}

function having(tag: string, value: string): string {
  return `&$filter=tagName eq ${odataText(tag)} and tagValue eq ${odataText(value)}`;
}

function itemOf(kind: ItemKind, { id, name, type, location, tags }: ArmEntry): InventoryItem {
  return { kind, id, name, type, location, tags: tags ?? {}, group: groupOf(id) };
}
