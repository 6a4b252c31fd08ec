import type { AzureCalls } from "../azure-calls";
import type { InventoryItem } from "./found";
import { among, groupOf, same } from "./found";

interface RoleAssignment {
  readonly id: string;
  readonly properties: { readonly principalId: string; readonly scope: string };
}

/**
 * Role assignments of these principals outside these resource groups; those inside go with them. They carry no tags, so
 * once the principal is gone nobody can tell whose one was: taking a preview down removes them first.
 */
export async function roleAssignments(
  calls: AzureCalls,
  subscription: string,
  groups: readonly string[],
  principals: readonly string[],
): Promise<InventoryItem[]> {
  if (principals.length === 0) return [];
  const all = await calls.list<RoleAssignment>(
    `${subscription}/providers/Microsoft.Authorization/roleAssignments`,
    "2022-04-01",
  );
  return all
    .filter(({ properties }) => principals.some((principal) => same(principal, properties.principalId)))
    .filter(({ properties }) => !among(groups, groupOf(properties.scope)))
    .map(({ id, properties }) => ({
      kind: "role assignment",
      id,
      name: properties.scope,
      tags: {},
      principal: properties.principalId,
    }));
}

interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly properties?: { readonly outputResources?: readonly { readonly id?: string }[] };
}

/**
 * Records of deployments at the subscription that wrote into these groups and nowhere else: a policy's remediation leaves
 * such. Records of a group itself go with it.
 */
export async function deployments(
  calls: AzureCalls,
  subscription: string,
  groups: readonly string[],
): Promise<InventoryItem[]> {
  const all = await calls.list<Deployment>(`${subscription}/providers/Microsoft.Resources/deployments`, "2021-04-01");
  return all
    .filter(({ properties }) => {
      const written = (properties?.outputResources ?? []).flatMap(({ id }) => id ?? []);
      return written.length > 0 && written.every((id) => among(groups, groupOf(id)));
    })
    .map(({ id, name }) => ({ kind: "deployment", id, name, tags: {} }));
}
