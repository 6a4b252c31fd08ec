import type { AzureCalls } from "../azure-calls";
import type { Trace } from "./trace";
import { groupOf, same } from "./trace";

interface RoleAssignment {
  readonly id: string;
  readonly properties: { readonly principalId: string; readonly scope: string };
}

/**
 * Role assignments of these principals outside the resource group; those inside go with it. They carry no marks, so
 * once the principal is gone nobody can tell whose one was: taking a preview down removes them first.
 */
export async function roleAssignments(
  calls: AzureCalls,
  subscription: string,
  group: string,
  principals: readonly string[],
): Promise<Trace[]> {
  if (principals.length === 0) return [];
  const all = await calls.list<RoleAssignment>(
    `${subscription}/providers/Microsoft.Authorization/roleAssignments`,
    "2022-04-01",
  );
  return all
    .filter(({ properties }) => principals.some((principal) => same(principal, properties.principalId)))
    .filter(({ properties }) => !same(groupOf(properties.scope), group))
    .map(({ id, properties }) => ({
      ...{ kind: "role assignment", id, name: properties.scope, marks: {}, principal: properties.principalId },
    }));
}

interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly properties?: { readonly outputResources?: readonly { readonly id?: string }[] };
}

/**
 * Records of deployments at the subscription that wrote into this group and nowhere else: a policy's remediation leaves
 * such. Records of the group itself go with it.
 */
export async function deployments(calls: AzureCalls, subscription: string, group: string): Promise<Trace[]> {
  const all = await calls.list<Deployment>(`${subscription}/providers/Microsoft.Resources/deployments`, "2021-04-01");
  return all
    .filter(({ properties }) => {
      const written = (properties?.outputResources ?? []).flatMap(({ id }) => id ?? []);
      return written.length > 0 && written.every((id) => same(groupOf(id), group));
    })
    .map(({ id, name }) => ({ kind: "deployment", id, name, marks: {}, group }));
}
