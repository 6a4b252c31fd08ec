import type { Resource } from "../../service";
import { providerError } from "../errors";
import type { Context, ResourceType } from "../resource-type";
import { roleDefinitions, type RoleDefinition } from "../role-definitions";

/** When Azure's first built-in roles were made (recorded: azure-cli test_role_assignment_no_graph); said of all here. */
const since = "2015-02-02T21:55:09.8806423Z";

const type = "Microsoft.Authorization/roleDefinitions";

/** The built-in roles, to be read at any scope. Roles of one's own are not served. */
export const builtInRoles: ResourceType = {
  type,
  level: "scope",
  apiVersions: ["2022-04-01", "2022-05-01-preview", "2018-01-01-preview", "2015-07-01"],
  methods: [],
  write(): never {
    throw providerError(
      403,
      "RoleDefinitionWriteNotSupported",
      "The local Azure serves the built-in roles only: assign one of those.",
    );
  },
  find: (context, _scope, name) =>
    roleDefinitions
      .filter(({ id }) => id === name.toLowerCase())
      .map((definition) => asResource(context, definition))[0],
  list(context) {
    const name = /roleName\s+eq\s+'([^']+)'/i.exec(context.query.get("$filter") ?? "")?.[1]?.toLowerCase();
    return roleDefinitions
      .filter((definition) => name === undefined || definition.name.toLowerCase() === name)
      .map((definition) => asResource(context, definition));
  },
};

function asResource(context: Context, definition: RoleDefinition): Resource {
  const { id, name, description, actions, notActions, dataActions } = definition;
  const at = new Date(0);
  return {
    id: `/subscriptions/${context.azure.tenant.subscriptionId}/providers/${type}/${id}`,
    name: id,
    type,
    properties: {
      roleName: name,
      type: "BuiltInRole",
      description,
      assignableScopes: ["/"],
      permissions: [{ actions, notActions, dataActions, notDataActions: [] }],
      createdOn: since,
      updatedOn: since,
      createdBy: null,
      updatedBy: null,
    },
    createdAt: at,
    changedAt: at,
  };
}
