import { randomUUID } from "node:crypto";
import type { LocalAzure } from "../../../local/azure/azure";
import { roleDefinitions } from "../../../local/azure/arm/role-definitions";
import type { DirectoryStore } from "../../../local/azure/entra/directory-store";
import { Portal } from "./portal";

/** Leaves the deployer these roles at the subscription and these permissions at Microsoft Graph (by id), and no others. */
export async function cutRights(
  azure: LocalAzure,
  roles: readonly string[],
  permissions: readonly string[],
): Promise<void> {
  const { subscriptionId, deployer } = azure.tenant;
  const directory = azure.directory as unknown as DirectoryStore;
  const held = [...directory.appRoleAssignments.values()].filter(
    ({ principalId }) => principalId === deployer.objectId,
  );
  const [any] = held;
  for (const { id } of held) directory.appRoleAssignments.delete(id);
  for (const appRoleId of permissions) {
    const id = randomUUID();
    directory.appRoleAssignments.set(id, { ...any!, id, appRoleId });
  }
  const portal = new Portal(azure);
  const subscription = `/subscriptions/${subscriptionId}`;
  const assignments = `${subscription}/providers/Microsoft.Authorization/roleAssignments`;
  type Assignment = { name: string; properties: { principalId: string } };
  const { value } = await portal.arm<{ value: Assignment[] }>("GET", assignments);
  for (const name of roles) {
    const { id } = roleDefinitions.find((one) => one.name === name)!;
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
    const properties = { roleDefinitionId, principalId: deployer.objectId, principalType: "ServicePrincipal" };
    await portal.arm("PUT", `${assignments}/${randomUUID()}`, { properties });
  }
  for (const { name, properties } of value) {
    if (properties.principalId === deployer.objectId) await portal.arm("DELETE", `${assignments}/${name}`);
  }
}
