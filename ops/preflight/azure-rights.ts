import type { Arm } from "../../infra/azure/arm";
import type { BotIdentityKind } from "../../infra/settings/environment";
import type { ExistingSettings } from "../../infra/settings/existing";
import { certificateNeed, making, type Need, needs, needsAt } from "../azure/deployer-roles";
import { allows, assignRole, holdsAt } from "../azure/roles";
import { isForbidden, isNotFound, unlessRefused } from "../azure/unless-refused";
import type { Finding } from "./finding";
import type { Claims } from "../azure/sign-in";

/** A role at a scope, as far as it matters what it allows. */
export interface Role {
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  /** What it allows inside things: in a vault, not at it. */
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

/**
 * Holds what each step needs against the roles. Pure.
 * @param existing what is handed in, for which less is needed here
 * @param identity who the bot is
 */
export function azureRights(
  roles: readonly Role[],
  deployer: Claims,
  scope: string,
  existing: ExistingSettings = {},
  identity: BotIdentityKind = "secret",
): Finding[] {
  const inOwnVault = identity === "certificate" && existing.vault === undefined ? [certificateNeed] : [];
  const given = Object.keys(existing).flatMap((setting) => making[setting as keyof ExistingSettings] ?? []);
  return [...needs, ...inOwnVault].flatMap((need) => {
    const actions = need.actions.filter((action) => !given.includes(action));
    return actions.length === 0 && !need.dataActions ? [] : [judged({ ...need, actions }, roles, deployer, scope)];
  });
}

/** What is needed at each thing that is handed in, by the roles that hold there. */
export async function rightsAtExisting(
  rolesAt: (scope: string) => Promise<Role[]>,
  deployer: Claims,
  existing: ExistingSettings,
  identity: BotIdentityKind = "secret",
): Promise<Finding[]> {
  const asked = Object.entries(needsAt).map(async ([setting, all]) => {
    const id = existing[setting as keyof ExistingSettings];
    if (id === undefined) return [];
    // One that is not there has no roles, and is told elsewhere.
    const roles = (await unlessRefused(rolesAt(id), isNotFound)) ?? [];
    const name = id.split("/").at(-1);
    const more = setting === "vault" && identity === "certificate" ? [certificateNeed] : [];
    return [...all, ...more].map((need) => judged({ ...need, what: `${need.what} (${name})` }, roles, deployer, id));
  });
  return (await Promise.all(asked)).flat();
}

function judged(
  { what, actions, dataActions = [], fix }: Need,
  roles: readonly Role[],
  deployer: Claims,
  scope: string,
): Finding {
  const rights = [
    ...actions.map((action) => ({ action, holds: (role: Role) => allows(role.actions, role.notActions, action) })),
    ...dataActions.map((action) => ({
      action,
      holds: ({ dataActions = [], notDataActions = [] }: Role) => allows(dataActions, notDataActions, action),
    })),
  ];
  const missing = rights.filter(({ holds }) => !roles.some(holds)).map(({ action }) => action);
  if (missing.length === 0) {
    const because = roles.filter((role) => rights.some(({ holds }) => holds(role))).map(({ name }) => name);
    return { what: `Azure: ${what}`, state: "held", because: [...new Set(because)].join(", ") };
  }
  const principalType = deployer.scp === undefined ? "ServicePrincipal" : "User";
  return {
    what: `Azure: ${what}`,
    state: "missing",
    because: missing.join(", "),
    fix: assignRole(deployer.oid, fix, scope, principalType),
  };
}

/**
 * The roles that hold at a scope, assigned there, above it or through a group; none where the deployer may not even
 * read them, because then he holds no role at all.
 */
export async function rolesHeld(arm: Arm, scope: string, principalId: string): Promise<Role[]> {
  const at = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  const list = arm.list<Assignment>(at, version, `assignedTo('${principalId}')`);
  const assignments = (await unlessRefused(list, isForbidden)) ?? [];
  const ids = assignments.flatMap(({ properties: { scope: assignedAt = "", roleDefinitionId } }) =>
    holdsAt(assignedAt, scope) && roleDefinitionId ? [roleDefinitionId] : [],
  );
  return Promise.all([...new Set(ids)].map((id) => roleOf(arm, scope, id)));
}

const version = "2022-04-01";

interface Assignment {
  readonly properties: { readonly scope?: string; readonly roleDefinitionId?: string };
}

interface Definition {
  readonly properties: { readonly roleName?: string; readonly permissions?: readonly Partial<Omit<Role, "name">>[] };
}

/** Asked for at the scope in question: who has rights there alone may not read at the subscription. */
async function roleOf(arm: Arm, scope: string, id: string): Promise<Role> {
  const name = id.split("/").at(-1) ?? id;
  const at = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  const { roleName, permissions = [] } = (await arm.get<Definition>(at, version)).properties;
  return {
    name: roleName ?? id,
    actions: permissions.flatMap(({ actions = [] }) => actions),
    notActions: permissions.flatMap(({ notActions = [] }) => notActions),
    dataActions: permissions.flatMap(({ dataActions = [] }) => dataActions),
    notDataActions: permissions.flatMap(({ notDataActions = [] }) => notDataActions),
  };
}
