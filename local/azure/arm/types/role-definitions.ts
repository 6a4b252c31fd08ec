import { z } from "zod";
import { each } from "../../members";
import type { Resource } from "../../service";
import { envelope } from "../answer";
import { apiVersionsOf } from "../api-versions";
import { providerError } from "../errors";
import type { Context, ResourceType } from "../resource-type";
import { roleDefinitions, roleDefinitionType as type, type RoleDefinition } from "../role-definitions";

/** When Azure's first built-in roles were made (recorded: azure-cli test_role_assignment_no_graph); said of all here. */
const since = "2015-02-02T21:55:09.8806423Z";

/**
 * Azure's own roles, to be read at any scope, and those that somebody makes.
 * https://learn.microsoft.com/rest/api/authorization/role-definitions/create-or-update
 */
export const roles: ResourceType = {
  type,
  level: "scope",
  apiVersions: apiVersionsOf(type),
  methods: ["DELETE"],
  deleteShows: true,
  updated: 201,
  body: z.strictObject({
    properties: z.strictObject({
      roleName: z.string().min(1).max(512),
      description: z.string().optional(),
      type: z.literal("CustomRole").optional(),
      assignableScopes: z.array(z.string()).min(1),
      permissions: z
        .array(z.strictObject(each(z.array(z.string()).optional(), "actions notActions dataActions notDataActions")))
        .length(1),
    }),
  }),
  write(context, resource, before) {
    const { properties } = resource;
    if (roleDefinitions.some(({ id }) => id === resource.name.toLowerCase())) {
      throw providerError(
        403,
        "RoleDefinitionWriteNotSupported",
        "The local Azure lets nobody change a built-in role.",
      );
    }
    refuseTwin(context, resource);
    const now = context.azure.clock.now().toISOString();
    const [rights = {}] = properties["permissions"] as object[];
    resource.properties = {
      ...properties,
      type: "CustomRole",
      description: properties["description"] ?? "",
      permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...rights }],
      createdOn: before?.properties["createdOn"] ?? now,
      createdBy: before?.properties["createdBy"] ?? context.caller.oid,
      updatedOn: now,
      updatedBy: context.caller.oid,
    };
  },
  // A write does not say yet who made the role. recorded: azure-cli test_custom_role_definition_scenario
  show: (definition, answer) =>
    envelope(definition, answer === "PUT" ? { ...definition.properties, createdBy: null } : definition.properties),
  find: (context, _scope, name) => all(context).find((one) => one.name.toLowerCase() === name.toLowerCase()),
  list(context) {
    const name = /roleName\s+eq\s+'([^']+)'/i.exec(context.query.get("$filter") ?? "")?.[1]?.toLowerCase();
    return all(context).filter(
      ({ properties }) => name === undefined || String(properties["roleName"]).toLowerCase() === name,
    );
  },
};

function all(context: Context): Resource[] {
  return [
    ...roleDefinitions.map((definition) => asResource(context, definition)),
    ...context.azure.resources.list(type),
  ];
}

/** A name is one role's in a tenant. */
function refuseTwin(context: Context, { id, properties }: Resource): void {
  const name = String(properties["roleName"]).toLowerCase();
  const twin = all(context).find(
    (other) =>
      other.id.toLowerCase() !== id.toLowerCase() && String(other.properties["roleName"]).toLowerCase() === name,
  );
  if (!twin) return;
  throw providerError(
    409,
    "RoleDefinitionWithSameNameExists",
    `A custom role with the same name already exists in this directory. Use a different name`,
  );
}

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
