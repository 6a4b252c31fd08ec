import { keptMap } from "../../../data/kept-map";
import type { Kept } from "../../../data/folder";
import { networkTypes } from "../../network";
import type { ResourceType } from "../resource-type";
import { deployments, type WriteResource } from "./deployments";
import { diagnosticSettings, diagnosticSettingsCategories } from "./diagnostic-settings";
import { federatedIdentityCredentials } from "./federated-identity-credentials";
import { locks } from "./locks";
import { policyTypes } from "./policies";
import { roleAssignments } from "./role-assignments";
import { roles } from "./role-definitions";
import { userAssignedIdentities } from "./user-assigned-identities";
import { workspaces, type DeletedWorkspaces, type WorkspaceKeys } from "./workspaces";

/** The resource types that no other service of the local Azure brings. Made anew for each ARM: some keep a bin. */
export function ownTypes(writeResource: WriteResource): { types: ResourceType[]; kept: Kept[] } {
  const deletedWorkspaces: DeletedWorkspaces = new Map();
  const workspaceKeys: WorkspaceKeys = new Map();
  return {
    types: [
      roleAssignments,
      roles,
      locks,
      ...policyTypes,
      userAssignedIdentities,
      federatedIdentityCredentials,
      workspaces(deletedWorkspaces, workspaceKeys),
      diagnosticSettings,
      diagnosticSettingsCategories,
      deployments(writeResource),
      ...networkTypes,
    ],
    kept: [keptMap("deleted workspaces", deletedWorkspaces), keptMap("workspace keys", workspaceKeys)],
  };
}
