import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Azure, Resource, Resources } from "../../service";
import type { Tenant } from "../../tenant";
import { each } from "../../members";
import { same } from "../../names";
import { envelope } from "../answer";
import { apiVersionsOf } from "../api-versions";
import { authorizationFailed, providerError } from "../errors";
import type { Context, ResourceType } from "../resource-type";
import { roleDefinition } from "../role-definitions";
import { covers, roleAssignmentType, scopeOf } from "../roles";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const optional = "condition conditionVersion delegatedManagedIdentityResourceId description";
const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/** https://learn.microsoft.com/rest/api/authorization/role-assignments/create */
export const roleAssignments: ResourceType = {
  type: roleAssignmentType,
  level: "scope",
  apiVersions: apiVersionsOf(roleAssignmentType),
  methods: ["DELETE"],
  deleteShows: true,
  updated: 201,
  name: {
    pattern: guid,
    error: (name) =>
      providerError(
        400,
        "InvalidRoleAssignmentId",
        `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
      ),
  },
  body: z.strictObject({
    properties: z.strictObject({
      roleDefinitionId: z.string(),
      principalId: z.string(),
      principalType: z.enum(["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"]).optional(),
      ...each(z.string().optional(), "description condition conditionVersion delegatedManagedIdentityResourceId"),
    }),
  }),
  write(context, resource, before) {
    const { properties } = resource;
    const scope = resource.id.slice(0, resource.id.toLowerCase().lastIndexOf("/providers/"));
    demandFulfilled(context, "write", resource, scope);
    if (before) refuseChange(properties, before.properties);
    checkDefinition(context.azure.resources, String(properties["roleDefinitionId"]));
    checkPrincipal(context, properties);
    refuseTwin(context.azure, resource, scope);
    const now = context.azure.clock.now().toISOString();
    resource.properties = {
      ...before?.properties,
      ...each(null, optional),
      ...properties,
      principalType:
        properties["principalType"] ??
        before?.properties["principalType"] ??
        context.azure.directory.principalType?.(String(properties["principalId"])) ??
        "ServicePrincipal",
      scope,
      createdOn: before?.properties["createdOn"] ?? now,
      createdBy: before?.properties["createdBy"] ?? context.caller.oid,
      updatedOn: now,
      updatedBy: context.caller.oid,
    };
  },
  delete: (context, assignment) => demandFulfilled(context, "delete", assignment, scopeOf(assignment)),
  // A write does not say yet who made the assignment. recorded: azure-cli test_role_assignment_no_graph
  show: (assignment, answer) =>
    envelope(assignment, answer === "PUT" ? { ...assignment.properties, createdBy: null } : assignment.properties),
  list: listAt,
};

/** Whoever may give roles may be bounded to some of them, by a condition. */
function demandFulfilled(
  { azure, caller }: Context,
  verb: "write" | "delete",
  { id, properties }: Resource,
  scope: string,
): void {
  const action = `${roleAssignmentType}/${verb}`;
  const attributes = {
    RoleDefinitionId: String(properties["roleDefinitionId"]).split("/").at(-1)!,
    PrincipalId: String(properties["principalId"]),
    PrincipalType: String(properties["principalType"] ?? "ServicePrincipal"),
  };
  if (azure.roles.allows(caller.oid, action, scope, "control", attributes)) return;
  throw authorizationFailed(caller.appid ?? caller.oid, caller.oid, action, id);
}

/** What a scope's list finds: assignments at it, above it and, unless `$filter` says `atScope()`, below it. */
function listAt({ azure, query }: Context, scope: string): Resource[] {
  const filter = query.get("$filter") ?? "";
  const [, how = "", id] = /(principalId\s+eq\s+|assignedTo\()'([^']+)'/i.exec(filter) ?? [];
  const principal = id?.toLowerCase();
  // What is assigned to somebody is assigned to the groups that he is in, too.
  const groups = (/^assignedTo/i.test(how) && azure.directory.groupsOf?.(principal ?? "")) || new Set<string>();
  const below = !/atScope\(\)/i.test(filter);
  return azure.resources
    .list(roleAssignmentType)
    .filter((assignment) => covers(scopeOf(assignment), scope) || (below && covers(scope, scopeOf(assignment))))
    .filter(({ properties }) => {
      const whose = String(properties["principalId"]).toLowerCase();
      return !principal || whose === principal || groups.has(whose);
    });
}

function refuseChange(now: Record<string, unknown>, was: Record<string, unknown>): void {
  const changed = ["roleDefinitionId", "principalId"].some((name) => !same(String(now[name]), String(was[name])));
  if (!changed) return;
  throw providerError(
    400,
    "RoleAssignmentUpdateNotPermitted",
    "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
  );
}

function checkDefinition(resources: Resources, id: string): void {
  const isOne = /\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+$/i.test(id);
  if (isOne && roleDefinition(id, resources)) return;
  const name = id.split("/").at(-1)!.replaceAll("-", "");
  throw providerError(
    404,
    "RoleDefinitionDoesNotExist",
    `The specified role definition with ID '${name}' does not exist.`,
  );
}

/** With a principal type, one that the directory does not know yet is taken, so that a new one needs no wait; the type must be its own. */
function checkPrincipal({ azure, apiVersion }: Context, properties: Record<string, unknown>): void {
  const principal = String(properties["principalId"]);
  if (!guid.test(principal)) {
    // recorded: https://github.com/Azure/azure-powershell/issues/16627
    const message = `The Principal ID '${principal}' is not valid. Principal ID must be a GUID.`;
    throw providerError(400, "InvalidPrincipalId", message);
  }
  const [said, known] = [properties["principalType"], azure.directory.principalType?.(principal)];
  // recorded: https://github.com/Azure/modern-web-app-pattern-dotnet/pull/129; the misspelt word is Azure's
  if (said !== undefined && known !== undefined && said !== known)
    throw providerError(
      400,
      "UnmatchedPrincipalType",
      `The PrincipalId '${principal.replaceAll("-", "")}' has type '${known}' , which is different from specified PrinciaplType '${String(said)}'.`,
    );
  if (said !== undefined || known !== undefined) return;
  throw providerError(
    400,
    "PrincipalNotFound",
    `Principal ${principal.replaceAll("-", "")} does not exist in the directory ${azure.tenant.tenantId}.` +
      (apiVersion < "2022-04-01" ? "" : adviceOnPrincipals),
  );
}

/** Older api-versions do not give it. recorded: azure-cli test_functionapp_assign_system_identity */
const adviceOnPrincipals =
  " Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a " +
  "role, this error might be related to a replication delay. In this case, set the role assignment principalType " +
  "property to a value, such as ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype";

function refuseTwin(azure: Azure, resource: Resource, scope: string): void {
  const roleOf = ({ properties }: Resource): string | undefined =>
    roleDefinition(String(properties["roleDefinitionId"]), azure.resources)?.id;
  const sameRole = (other: Resource): boolean => roleOf(other) === roleOf(resource);
  const twin = azure.resources
    .list(roleAssignmentType)
    .find(
      (other) =>
        !same(other.id, resource.id) &&
        same(scopeOf(other), scope) &&
        same(String(other.properties["principalId"]), String(resource.properties["principalId"])) &&
        sameRole(other),
    );
  if (!twin) return;
  throw providerError(
    409,
    "RoleAssignmentExists",
    `The role assignment already exists. The ID of the existing role assignment is ${twin.name.replaceAll("-", "")}.`,
  );
}

/** Makes the deployer and the administrator Owner of the subscription, as whoever began it is. */
export function assignOwners(resources: Resources, { subscriptionId, deployer, people }: Tenant): void {
  const scope = `/subscriptions/${subscriptionId}`;
  const began = new Date().toISOString();
  const owners = [
    { principalId: deployer.objectId, principalType: "ServicePrincipal" },
    ...people
      .filter(({ administrator }) => administrator)
      .map(({ objectId }) => ({ principalId: objectId, principalType: "User" })),
  ];
  for (const principal of owners) {
    const name = randomUUID();
    resources.set({
      id: `${scope}/providers/${roleAssignmentType}/${name}`,
      name,
      type: roleAssignmentType,
      properties: {
        roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${owner}`,
        ...principal,
        scope,
        ...each(null, optional),
        createdOn: began,
        createdBy: "",
        updatedOn: began,
        updatedBy: "",
      },
    });
  }
}
