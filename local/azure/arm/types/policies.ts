import { z } from "zod";
import { AzureError } from "../../error";
import { notServed } from "../../gap";
import { each } from "../../members";
import type { Resource, Resources } from "../../service";
import { apiVersionsOf } from "../api-versions";
import { providerError } from "../errors";
import { type Condition, conditionSchema, holds, type PolicySubject, valueOf } from "../policy-rule";
import type { Context, ResourceType } from "../resource-type";
import { covers } from "../roles";

const definitionType = "Microsoft.Authorization/policyDefinitions";
const assignmentType = "Microsoft.Authorization/policyAssignments";

const parameters = z.record(z.string(), z.looseObject({})).optional();

/** https://learn.microsoft.com/rest/api/policy/policy-definitions/create-or-update */
const definitions: ResourceType = {
  type: definitionType,
  level: "subscription",
  apiVersions: apiVersionsOf(assignmentType),
  methods: ["DELETE"],
  body: z.object({
    properties: z.object({
      ...each(z.string().optional(), "displayName description policyType mode"),
      metadata: z.looseObject({}).optional(),
      parameters,
      policyRule: z.object({ if: z.unknown(), then: z.looseObject({ effect: z.string() }) }),
    }),
  }),
  write(_context, definition) {
    const { policyRule } = definition.properties as { policyRule: { if: unknown } };
    if (!conditionSchema.safeParse(policyRule.if).success)
      throw notServed("a condition of a policy other than field with equals, in, like or exists, allOf, anyOf and not");
    definition.properties = { policyType: "Custom", mode: "Indexed", ...definition.properties };
  },
  // az asks there first for a definition's name (azure-cli, command_modules/resource/policy.py).
  notBuiltIn: (name) =>
    providerError(404, "PolicyDefinitionNotFound", `The policy definition '${name}' could not be found.`),
};

/** https://learn.microsoft.com/rest/api/policy/policy-assignments/create */
const assignments: ResourceType = {
  type: assignmentType,
  level: "scope",
  apiVersions: apiVersionsOf(assignmentType),
  methods: ["DELETE"],
  body: z.object({
    location: z.string().optional(),
    identity: z.looseObject({}).optional(),
    properties: z.object({
      displayName: z.string().optional(),
      description: z.string().optional(),
      policyDefinitionId: z.string(),
      enforcementMode: z.enum(["Default", "DoNotEnforce"]).optional(),
      notScopes: z.array(z.string()).optional(),
      parameters,
      metadata: z.looseObject({}).optional(),
      nonComplianceMessages: z.array(z.looseObject({ message: z.string() })).optional(),
    }),
  }),
  write({ azure }, assignment) {
    const id = String(assignment.properties["policyDefinitionId"]);
    if (!azure.resources.get(id))
      throw providerError(
        404,
        "PolicyDefinitionNotFound",
        `The policy definition '${id.split("/").at(-1)}' could not be found.`,
      );
    assignment.properties = { enforcementMode: "Default", ...assignment.properties, scope: scopeOf(assignment) };
  },
  list: ({ azure }, scope) => {
    // What is assigned above a scope holds there, too.
    return azure.resources
      .list(assignmentType)
      .filter((one) => covers(scopeOf(one), scope) || covers(scope, scopeOf(one)));
  },
};

/** https://learn.microsoft.com/rest/api/policy/policy-restrictions/check-at-subscription-scope */
const restrictions: ResourceType = {
  type: "Microsoft.PolicyInsights/policyStates",
  level: "subscription",
  apiVersions: apiVersionsOf("Microsoft.PolicyInsights"),
  methods: [],
  namespaceActions: {
    "POST checkPolicyRestrictions": (context) => {
      const { resourceDetails } = context.body as { resourceDetails?: { resourceContent?: Record<string, unknown> } };
      const content = (resourceDetails?.resourceContent ?? {}) as unknown as PolicySubject;
      const scope = `/subscriptions/${context.azure.tenant.subscriptionId}`;
      const denying = denials(context.azure.resources, scope, { ...content, name: content.name ?? "" });
      return {
        fieldRestrictions: [],
        contentEvaluationResult: {
          policyEvaluations: denying.map(({ assignment, definition }) => ({
            policyInfo: {
              policyDefinitionId: definition.id,
              policyAssignmentId: assignment.id,
            },
            evaluationResult: "NonCompliant",
            evaluationDetails: { reason: reasonOf(assignment) },
            effectDetails: { policyEffect: "Deny" },
          })),
        },
      };
    },
  },
};

export const policyTypes: readonly ResourceType[] = [definitions, assignments, restrictions];

const scopeOf = ({ id }: Resource): string => id.slice(0, id.toLowerCase().lastIndexOf("/providers/"));

function reasonOf(assignment: Resource): string {
  const [told] = (assignment.properties["nonComplianceMessages"] ?? []) as { message: string }[];
  return told?.message ?? "";
}

interface Denial {
  readonly assignment: Resource;
  readonly definition: Resource;
}

/** The assignments at a scope, or above it, that deny a resource. */
function denials(resources: Resources, scope: string, subject: PolicySubject): Denial[] {
  return resources.list(assignmentType).flatMap((assignment) => {
    const {
      policyDefinitionId,
      enforcementMode,
      notScopes = [],
      parameters: given = {},
    } = assignment.properties as {
      policyDefinitionId: string;
      enforcementMode: string;
      notScopes?: string[];
      parameters?: Record<string, { value: unknown }>;
    };
    const definition = resources.get(policyDefinitionId);
    const free = enforcementMode === "DoNotEnforce" || notScopes.some((one) => covers(one, scope));
    if (!definition || free || !covers(scopeOf(assignment), scope)) return [];
    const { policyRule, parameters: declared = {} } = definition.properties as {
      policyRule: { if: Condition; then: { effect: string } };
      parameters?: Record<string, { defaultValue?: unknown }>;
    };
    const values = {
      ...Object.fromEntries(Object.entries(declared).map(([name, { defaultValue }]) => [name, defaultValue])),
      ...Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value])),
    };
    const denies = String(valueOf(policyRule.then.effect, values)).toLowerCase() === "deny";
    return denies && holds(policyRule.if, subject, values) ? [{ assignment, definition }] : [];
  });
}

/**
 * Refuses a resource that a policy denies.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy
 * @throws AzureError 403 `RequestDisallowedByPolicy` that names assignment and definition
 */
export function refuseDisallowed(
  resources: Context["azure"]["resources"],
  resource: PolicySubject & { id: string },
): void {
  const found = denials(resources, resource.id, resource);
  if (found.length === 0) return;
  const named = ({ id, name, properties }: Resource): object => ({ name: properties["displayName"] ?? name, id });
  const identifiers = found.map(({ assignment, definition }) => ({
    policyAssignment: named(assignment),
    policyDefinition: named(definition),
  }));
  const reasons = found.map(({ assignment }) => reasonOf(assignment)).filter(Boolean);
  const told = reasons.length > 0 ? ` Reasons: '${reasons.join(",")}'. See error details for policy resource IDs.` : "";
  const message = told
    ? `Resource '${resource.name}' was disallowed by policy.${told}`
    : `Resource '${resource.name}' was disallowed by policy. Policy identifiers: '${JSON.stringify(identifiers)}'.`;
  const additionalInfo = found.map(({ assignment, definition }) => ({
    type: "PolicyViolation",
    info: {
      policyDefinitionDisplayName: definition.properties["displayName"],
      policyDefinitionId: definition.id,
      policyAssignmentId: assignment.id,
      policyAssignmentDisplayName: assignment.properties["displayName"],
      policyAssignmentScope: scopeOf(assignment),
      policyDefinitionEffect: "deny",
    },
  }));
  const code = "RequestDisallowedByPolicy";
  throw new AzureError(403, code, message, { error: { code, target: resource.name, message, additionalInfo } });
}
