import { shellWord } from "../../../cli/shell-word";
import type { Part } from "../part";
import type { FoundIdentity, FoundPipeline } from "../read";
import { type CustomRole, type WantedIdentity, type WantedPipeline, type WantedRole, idsOf } from "../wanted";
import { applicationName, namesOf, roleName } from "./names";
import { same } from "../../azure/inventory/found";
import { sameList } from "./same-list";

/** A role of our own, which holds the rights that no role of Azure's has. */
export function customRolePart(role: CustomRole, { roles }: FoundPipeline): Part {
  const part = { where: "Azure", what: roleName(role.name) } as const;
  const found = roles.get(role.name.toLowerCase());
  if (!found) return { ...part, found: "missing", step: { do: "custom role", role } };
  const { permissions, assignableScopes } = found.properties;
  const [rights = {}] = permissions;
  const isHere = assignableScopes.some((one) => same(one, `/subscriptions/${role.subscriptionId}`));
  const differs = [
    ...(["actions", "notActions", "dataActions"] as const).filter((rule) => !sameList(rights[rule] ?? [], role[rule])),
    ...(isHere ? [] : ["assignableScopes"]),
  ];
  if (differs.length === 0) return { ...part, found: "there" };
  const because = `other ${differs.join(", ")}`;
  return { ...part, found: "differs", because, step: { do: "custom role", role, id: found.id } };
}

/** A condition's blanks do not count. */
const condensed = (condition: string | null | undefined): string => (condition ?? "").replace(/\s+/g, "");

const at = (scope: string): string => {
  if (scope === "/") return "the root / of the tenant";
  const [, , subscription, ...rest] = scope.split("/");
  return rest.length === 0 ? `subscription ${subscription}` : scope.split("/").slice(-2).join("/");
};

/** The roles that an identity has and is to have, and those that it should not have. */
export function roleParts(
  { place, level }: WantedPipeline,
  identity: WantedIdentity,
  { assignments }: FoundIdentity,
  { roles }: FoundPipeline,
): Part[] {
  const { name } = identity;
  const ids = idsOf(place, level);
  const names = namesOf(place, level);
  const before = (scope: string): readonly string[] => {
    if (scope === ids.container) return [names.container];
    return scope === ids.key ? [names.key] : [];
  };
  const fits = (wanted: WantedRole, one: FoundIdentity["assignments"][number]): boolean => {
    const { scope, roleDefinitionId } = one.properties;
    const definition = roles.get(wanted.role.toLowerCase())?.id.split("/").at(-1);
    return (
      same(scope, wanted.scope) && definition !== undefined && same(roleDefinitionId.split("/").at(-1)!, definition)
    );
  };
  const own = identity.roles.map((role): Part => {
    const bounded = role.condition === undefined ? "" : ", bounded to the roles that the program gives";
    const what = `${name} is ${role.role} at ${at(role.scope)}${bounded}`;
    const custom = role.role.startsWith("Bot plan of") ? [roleName(role.role)] : [];
    const after = [applicationName(name), ...custom, ...before(role.scope)];
    const found = assignments.find((one) => fits(role, one));
    if (!found) return { where: "Azure", what, found: "missing", after, step: { do: "role", identity: name, role } };
    if (condensed(found.properties.condition) === condensed(role.condition))
      return { where: "Azure", what, found: "there" };
    const because = found.properties.condition ? "its condition is another" : "it is not bounded";
    const step = { do: "role", identity: name, role, id: found.id } as const;
    return { where: "Azure", what, found: "differs", because, after, step };
  });
  const more = assignments
    .filter((one) => !identity.roles.some((role) => fits(role, one)))
    .map((one): Part => {
      const { scope, roleDefinitionId } = one.properties;
      const definition = [...roles.values()].find(({ id }) =>
        same(id.split("/").at(-1)!, roleDefinitionId.split("/").at(-1)!),
      );
      const role = definition?.properties.roleName ?? roleDefinitionId.split("/").at(-1);
      return {
        where: "Azure",
        what: `${name} is ${role} at ${at(scope)} as well`,
        found: "extra",
        fix: `az role assignment delete --ids ${shellWord(one.id)}`,
      };
    });
  return [...own, ...more];
}
