import type { Resource, Resources, Roles } from "../service";
import { fulfils } from "./conditions";
import { roleDefinition } from "./role-definitions";

export const roleAssignmentType = "Microsoft.Authorization/roleAssignments";

/**
 * Decides by the role assignments in ARM's store: those at a scope and at every scope above it, of a principal and of the
 * groups that it is in.
 */
export class StoredRoles implements Roles {
  constructor(
    private readonly resources: Resources,
    private readonly groupsOf: (objectId: string) => ReadonlySet<string> = () => new Set(),
  ) {}

  allows(...[principalId, action, scope, kind, assignmentAsked]: Parameters<Roles["allows"]>): boolean {
    const groups = this.groupsOf(principalId);
    return this.resources.list(roleAssignmentType).some((assignment) => {
      const { principalId: principal, roleDefinitionId } = assignment.properties;
      const whose = String(principal).toLowerCase();
      if (whose !== principalId.toLowerCase() && !groups.has(whose)) return false;
      if (!covers(scopeOf(assignment), scope)) return false;
      const { condition } = assignment.properties;
      if (typeof condition === "string" && assignmentAsked) {
        if (!fulfils(condition, { action, attributes: assignmentAsked })) return false;
      }
      const definition = roleDefinition(String(roleDefinitionId), this.resources);
      if (!definition) return false;
      const matches = (patterns: readonly string[]): boolean => patterns.some((pattern) => fits(pattern, action));
      return kind === "data"
        ? matches(definition.dataActions) && !matches(definition.notDataActions)
        : matches(definition.actions) && !matches(definition.notActions);
    });
  }
}

/** The scope at which a role is assigned. */
export function scopeOf(assignment: Resource): string {
  return String(assignment.properties["scope"]);
}

/** True where `scope` is `above` or lies below it. */
export function covers(above: string, scope: string): boolean {
  const upper = above.toLowerCase().replace(/\/+$/, "");
  const lower = scope.toLowerCase().replace(/\/+$/, "");
  return lower === upper || lower.startsWith(`${upper}/`);
}

/** `Microsoft.Web/sites/*` fits `Microsoft.Web/sites/config/list/action`. */
function fits(pattern: string, action: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`^${expression}$`, "i").test(action);
}
