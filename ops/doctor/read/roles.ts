import { allows, holdsAt } from "../../azure/roles";
import type { Read } from "../set-up/read-value";
import type { RoleHolders } from "../set-up/vault";
import type { Reader } from "./reader";

const version = "2022-04-01";

interface Assignment {
  readonly properties: {
    readonly principalId: string;
    readonly principalType?: string | null;
    readonly roleDefinitionId: string;
    readonly scope: string;
  };
}

interface Definition {
  readonly properties: {
    readonly permissions: readonly {
      readonly dataActions?: readonly string[];
      readonly notDataActions?: readonly string[];
    }[];
  };
}

/** Who holds a role by which a data action is allowed at a scope, assigned there or above it. */
export function roleHolders(reader: Reader, scope: string, dataAction: string): Promise<Read<RoleHolders>> {
  const { arm } = reader;
  return reader.read(`the role assignments at ${scope}`, scope, async () => {
    const assignments = await arm.list<Assignment>(
      `${scope}/providers/Microsoft.Authorization/roleAssignments`,
      version,
    );
    const here = assignments.filter(({ properties }) => holdsAt(properties.scope, scope));
    const ids = [...new Set(here.map(({ properties }) => properties.roleDefinitionId))];
    const allowed = new Set<string>();
    for (const id of ids) {
      const role = await arm.find<Definition>(
        `${scope}/providers/Microsoft.Authorization/roleDefinitions/${id.split("/").at(-1)}`,
        version,
      );
      const isAllowed = role?.properties.permissions.some(({ dataActions = [], notDataActions = [] }) =>
        allows(dataActions, notDataActions, dataAction),
      );
      if (isAllowed) allowed.add(id);
    }
    const holders = here.filter(({ properties }) => allowed.has(properties.roleDefinitionId));
    return {
      ids: holders.map(({ properties }) => properties.principalId.toLowerCase()),
      byGroups: holders.some(({ properties }) => properties.principalType === "Group"),
    };
  });
}
