import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { notServed } from "../../gap";
import type { Azure, Resource } from "../../service";
import { envelope } from "../answer";
import { apiVersionsOf } from "../api-versions";
import { providerError } from "../errors";
import type { Context, ResourceType } from "../resource-type";
import { plan, type Plan, type Step, type Template } from "../template";

const type = "Microsoft.Resources/deployments";

/** Records that a resource group keeps; the oldest makes room, as at Azure, which deletes near its limit of 800. */
const most = 800;

/** Writes one resource with the caller's rights, as a request of its own. */
export type WriteResource = (context: Context, step: Step) => Promise<Response>;

const body = z.strictObject({
  location: z.string().optional(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.strictObject({
    mode: z.enum(["Incremental", "Complete"]),
    template: z
      .looseObject({
        resources: z.array(z.looseObject({})),
        parameters: z.record(z.string(), z.looseObject({ type: z.string() })).optional(),
        variables: z.record(z.string(), z.unknown()).optional(),
        outputs: z.record(z.string(), z.looseObject({ type: z.string() })).optional(),
      })
      .optional(),
    templateLink: z.looseObject({}).optional(),
    parameters: z.record(z.string(), z.looseObject({ value: z.unknown() })).nullish(),
    parametersLink: z.looseObject({}).optional(),
    debugSetting: z.looseObject({}).nullish(),
    onErrorDeployment: z.looseObject({}).nullish(),
    expressionEvaluationOptions: z.looseObject({}).nullish(),
  }),
});

/**
 * Template deployments of a resource group and their history. Inline templates in incremental mode are run; what a
 * template uses that is not served is refused by name.
 * https://learn.microsoft.com/rest/api/resources/deployments
 */
export function deployments(writeResource: WriteResource): ResourceType {
  return {
    type,
    // Of a resource group or of the subscription; records of the latter can be read and deleted.
    level: "scope",
    apiVersions: apiVersionsOf(type),
    name: { pattern: /^[\w.()-]{1,64}$/ },
    methods: ["DELETE"],
    body,
    // recorded: azure-cli test_group_deployment_lite
    asynchronous: { put: 0, delete: 0, state: "Accepted" },
    async write(context, resource) {
      const { template, planned } = planOf(context, resource);
      const began = context.azure.clock.now();
      const refused = await run(context, planned.steps, writeResource);
      resource.properties = record(context.azure, planned, template, began, refused);
    },
    written: ({ azure }, resource) => forgetOldest(azure, resource),
    failure: ({ properties }) => {
      const error = properties["error"] as { code: string; message: string } | undefined;
      return error && providerError(409, error.code, error.message);
    },
    show(resource, answer) {
      const { template: _template, outputs, outputResources, error, ...shown } = resource.properties;
      return envelope(resource, answer === "PUT" ? shown : { ...shown, outputs, outputResources, error });
    },
    reads: { operations: (_context, resource) => ({ value: operationsOf(resource) }) },
    draftActions: {
      validate: (context, draft) => validated(context, draft),
      whatIf: (context, draft) => whatIf(context, draft),
    },
    actions: { exportTemplate: (_context, resource) => ({ template: resource.properties["template"] }) },
  };
}

/** What a request's template deploys. Throws what is wrong with it. */
function planOf(context: Context, resource: Resource): { template: Template; planned: Plan } {
  if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Resources\//i.test(resource.id)) {
    throw notServed("a deployment outside a resource group");
  }
  const asked = context.body["properties"] as z.infer<typeof body>["properties"] | undefined;
  if (!asked)
    throw providerError(400, "InvalidRequestContent", "The request content was invalid: it has no properties.");
  const template = inlineTemplate(asked);
  return { template, planned: plan(template, asked.parameters ?? {}, targetOf(context, resource)) };
}

/** recorded: azure-cli test_group_deployment_lite */
function validated(context: Context, draft: Resource): Record<string, unknown> {
  const { template, planned } = planOf(context, draft);
  const began = context.azure.clock.now();
  const {
    outputs: _outputs,
    outputResources: _resources,
    ...properties
  } = shownRecord(record(context.azure, planned, template, began, undefined));
  return {
    ...envelope(draft, {
      ...properties,
      duration: "PT0S",
      validatedResources: planned.steps.map(({ id }) => ({ id })),
    }),
  };
}

/** https://learn.microsoft.com/rest/api/resources/deployments/what-if: which resources would be made, and which exist. */
function whatIf(context: Context, draft: Resource): Response {
  const { planned } = planOf(context, draft);
  const changes = planned.steps.map(({ id, type: its, apiVersion, body: after }) => {
    const before = context.azure.resources.get(id);
    const same = before !== undefined && holds(envelope(before), after);
    const changeType = before === undefined ? "Create" : same ? "NoChange" : "Deploy";
    const described = { id, name: id.split("/").at(-1), type: its, apiVersion };
    return {
      resourceId: id,
      changeType,
      before: before ? { ...described, ...envelope(before) } : null,
      after: { ...described, ...after },
    };
  });
  const address = draft.id.split("/").slice(0, 3).join("/");
  return context.accepted(address, () => Response.json({ status: "Succeeded", properties: { changes } }));
}

/** True where everything that `wanted` says is so already. */
function holds(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) {
    return JSON.stringify(actual) === JSON.stringify(wanted);
  }
  return Object.entries(wanted).every(([name, value]) =>
    holds((actual as Record<string, unknown> | undefined)?.[name], value),
  );
}

/** https://learn.microsoft.com/rest/api/resources/deployment-operations/list */
function operationsOf({ id, properties }: Resource): unknown[] {
  const { timestamp, duration, provisioningState, outputResources = [] } = properties;
  return (outputResources as { id: string }[]).map((target, at) => ({
    id: `${id}/operations/${at}`,
    operationId: String(at),
    properties: {
      provisioningOperation: "Create",
      provisioningState,
      timestamp,
      duration,
      statusCode: "OK",
      targetResource: { id: target.id, resourceName: target.id.split("/").at(-1) },
    },
  }));
}

const shownRecord = ({ template: _template, ...shown }: Record<string, unknown>): Record<string, unknown> => shown;

function inlineTemplate({
  mode,
  template,
  templateLink,
  parametersLink,
}: z.infer<typeof body>["properties"]): Template {
  if (mode === "Complete") throw notServed("the deployment mode 'Complete'");
  if (templateLink || parametersLink) throw notServed("a linked template or parameters file");
  if (!template) {
    throw providerError(400, "InvalidRequestContent", "The request content was invalid: the template is missing.");
  }
  return template as unknown as Template;
}

function targetOf({ azure }: Context, resource: Resource): Parameters<typeof plan>[2] {
  const id = resource.id.split("/").slice(0, 5).join("/");
  const group = azure.resources.get(id) as Resource;
  return {
    tenantId: azure.tenant.tenantId,
    subscriptionId: azure.tenant.subscriptionId,
    group: { id: group.id, name: group.name, location: String(group.location) },
    deploymentName: resource.name,
  };
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

/** Writes the resources one after the other; the first refusal ends it, and what was written stays. */
async function run(
  context: Context,
  steps: readonly Step[],
  writeResource: WriteResource,
): Promise<Refusal | undefined> {
  for (const step of steps) {
    const response = await writeResource(context, step);
    if (response.ok) continue;
    const { error } = (await response.json().catch(() => ({}))) as { error?: { code: string; message: string } };
    return { code: error?.code ?? String(response.status), message: error?.message ?? "", target: step.id };
  }
  return undefined;
}

function record(
  azure: Azure,
  planned: Plan,
  template: Template,
  began: Date,
  refused: Refusal | undefined,
): Record<string, unknown> {
  const now = azure.clock.now();
  const namespaces = [...new Set(planned.steps.map((step) => step.type.split("/")[0] as string))];
  return {
    template,
    templateHash: BigInt(
      `0x${createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 16)}`,
    ).toString(),
    parameters: planned.parameters,
    mode: "Incremental",
    provisioningState: refused ? "Failed" : "Succeeded",
    timestamp: now.toISOString(),
    duration: `PT${((now.getTime() - began.getTime()) / 1000).toFixed(3)}S`,
    correlationId: randomUUID(),
    providers: namespaces.map((namespace) => ({
      namespace,
      resourceTypes: planned.steps
        .filter((step) => step.type.startsWith(`${namespace}/`))
        .map((step) => ({
          resourceType: step.type.slice(namespace.length + 1),
          locations: [step.body["location"] ?? null],
        })),
    })),
    dependencies: [],
    ...(refused
      ? {
          error: {
            code: "DeploymentFailed",
            message:
              "At least one resource deployment operation failed. Please list deployment operations for details. " +
              `Please see https://aka.ms/arm-deployment-operations for usage details. ${refused.code}: ${refused.message}`,
            details: [refused],
          },
        }
      : { outputs: planned.outputs, outputResources: planned.steps.map(({ id }) => ({ id })) }),
  };
}

function forgetOldest({ resources }: Azure, newest: Resource): void {
  const group = newest.id.split("/").slice(0, 5).join("/");
  const [oldest, ...others] = resources.list(type, group);
  if (oldest && others.length >= most) resources.remove(oldest.id);
}
