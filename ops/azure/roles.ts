import { shellWord } from "../../cli/shell-word";

/** Whether what holds at a scope holds at another one, too: it is the same, or below it. */
export function covers(above: string, scope: string): boolean {
  return `${scope}/`.toLowerCase().startsWith(`${above.replace(/\/+$/, "")}/`.toLowerCase());
}

/**
 * Whether a role holds at a scope by an assignment that Azure lists there: of the assignments above it, at management groups and at
 * the root `/`, it lists all that reach down to it, and beside them those below it, which do not.
 * https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
export function holdsAt(assignedAt: string, scope: string): boolean {
  return isManagementGroups(assignedAt) || covers(assignedAt, scope);
}

/** Whether an id is of a management group, or of something at one. */
export function isManagementGroups(id: string): boolean {
  return /^\/providers\/Microsoft\.Management\//i.test(id);
}

/**
 * Whether a role's actions allow one, by what it takes away from them again; the same of data actions.
 * https://learn.microsoft.com/azure/role-based-access-control/role-definitions
 */
export function allows(actions: readonly string[], notActions: readonly string[], action: string): boolean {
  return actions.some((pattern) => fits(pattern, action)) && !notActions.some((pattern) => fits(pattern, action));
}

/** `Microsoft.Web/sites/*` fits `Microsoft.Web/sites/config/write`; case does not count. */
function fits(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

/**
 * The command that gives a role.
 * @param who the object id
 */
export function assignRole(
  who: string,
  role: string,
  scope: string,
  principalType: "ServicePrincipal" | "User" = "ServicePrincipal",
): string {
  return `az role assignment create --assignee-object-id ${who} --assignee-principal-type ${principalType} --role "${role}" --scope ${shellWord(scope)}`;
}
