import type { ResourceType } from "../resource-type";
import { diagnosticSettings } from "./diagnostic-settings";
import { roleAssignments } from "./role-assignments";
import { builtInRoles } from "./role-definitions";
import { userAssignedIdentities } from "./user-assigned-identities";
import { workspaces } from "./workspaces";

/** The resource types that no other service of the local Azure brings. Made anew for each ARM: some keep a bin. */
export function ownTypes(): ResourceType[] {
  return [roleAssignments, builtInRoles, userAssignedIdentities, workspaces(), diagnosticSettings];
}
