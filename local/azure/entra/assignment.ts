import type { Person } from "../tenant";
import type { DirectoryStore } from "./directory-store";
import { refusals } from "./errors";
import { groupsOf } from "./group";
import type { ServicePrincipal } from "./service-principal";

/**
 * Refuses a person whom nobody assigned to an application that asks for it, directly or by a group. Throws AADSTS50105.
 * https://learn.microsoft.com/entra/identity-platform/howto-restrict-your-app-to-a-set-of-users
 */
export function checkAssigned(
  directory: DirectoryStore,
  principal: ServicePrincipal,
  { objectId, mail }: Pick<Person, "objectId" | "mail">,
): void {
  if (!principal.appRoleAssignmentRequired) return;
  const holders = new Set([objectId, ...groupsOf(directory.groups.values(), objectId)]);
  const isAssigned = [...directory.appRoleAssignments.values()].some(
    ({ resourceId, principalId }) => resourceId === principal.id && holders.has(principalId),
  );
  if (!isAssigned) throw refusals.notAssigned(principal.displayName, principal.appId, mail);
}
