import { notServed } from "../gap";
import { invalidTemplate } from "./errors";
import { evaluate, type TemplateFunctions } from "./template-expression";

/** An inline ARM template, as far as the local Azure reads one. */
export interface Template {
  readonly parameters?: Readonly<Record<string, { readonly type: string; readonly defaultValue?: unknown }>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly resources: readonly TemplateResource[];
  readonly outputs?: Readonly<Record<string, { readonly type: string; readonly value?: unknown }>>;
}

interface TemplateResource extends Readonly<Record<string, unknown>> {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly scope?: string;
  readonly condition?: unknown;
  readonly dependsOn?: readonly string[];
}

/** A resource of a template, ready to be written. */
export interface Step {
  readonly id: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly body: Record<string, unknown>;
  /** Ids or names of what has to be there before. */
  readonly after: readonly string[];
}

/** Where a template is deployed. */
export interface Target {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly group: { readonly id: string; readonly name: string; readonly location: string };
  readonly deploymentName: string;
}

/** Members of a template's resource that say how it is deployed, not what it is. */
const instructions = ["type", "apiVersion", "name", "scope", "condition", "dependsOn", "comments", "metadata"];
const unservedMembers = ["copy", "resources"];

/** A template with its parameters' values. */
export interface Plan {
  /** In the order in which they are written. */
  readonly steps: readonly Step[];
  readonly outputs: Readonly<Record<string, { type: string; value: unknown }>>;
  /** As a deployment shows them: secure ones without a value. */
  readonly parameters: Readonly<Record<string, { type: string; value?: unknown }>>;
}

/** Works out what a template deploys. @throws AzureError InvalidTemplate */
export function plan(template: Template, given: Record<string, { value?: unknown }>, target: Target): Plan {
  const values = parameterValues(template, given);
  const functions = functionsFor(template, values, target);
  const steps = template.resources.flatMap((resource) => stepOf(resource, functions, target) ?? []);
  const declared = Object.entries(template.parameters ?? {});
  return {
    steps: inOrder(steps),
    outputs: Object.fromEntries(
      Object.entries(template.outputs ?? {}).map(([name, { type, value }]) => [
        name,
        { type, value: evaluate(value, functions) },
      ]),
    ),
    parameters: Object.fromEntries(
      declared.map(([name, { type }]) => [name, /^secure/i.test(type) ? { type } : { type, value: values()[name] }]),
    ),
  };
}

function parameterValues(
  template: Template,
  given: Record<string, { value?: unknown }>,
): () => Readonly<Record<string, unknown>> {
  const declared = template.parameters ?? {};
  const unknown = Object.keys(given).find((name) => !(name in declared));
  if (unknown !== undefined) {
    throw invalidTemplate(
      `The template parameters '${unknown}' in the parameters file are not valid; they are not present in the ` +
        `original template and can therefore not be provided at deployment time.`,
    );
  }
  const missing = Object.entries(declared).find(
    ([name, { defaultValue }]) => given[name]?.value === undefined && defaultValue === undefined,
  );
  if (missing) throw invalidTemplate(`The value for the template parameter '${missing[0]}' is not provided.`);
  const values = Object.fromEntries(
    Object.entries(declared).map(([name, { defaultValue }]) => [name, given[name]?.value ?? defaultValue]),
  );
  return () => values;
}

function functionsFor(
  template: Template,
  values: () => Readonly<Record<string, unknown>>,
  target: Target,
): TemplateFunctions {
  const { group, subscriptionId, tenantId } = target;
  const named = (from: Readonly<Record<string, unknown>>, kind: string, name: unknown): unknown => {
    if (!(String(name) in from)) throw invalidTemplate(`The template ${kind} '${String(name)}' is not found.`);
    return evaluate(from[String(name)], functions);
  };
  const functions: TemplateFunctions = {
    parameters: (name) => named(values(), "parameter", name),
    variables: (name) => named(template.variables ?? {}, "variable", name),
    concat: (...parts) => (parts.every(Array.isArray) && parts.length ? parts.flat() : parts.map(String).join("")),
    format: (text, ...parts) => String(text).replace(/\{(\d+)\}/g, (_, at: string) => String(parts[Number(at)] ?? "")),
    toLower: (text) => String(text).toLowerCase(),
    toUpper: (text) => String(text).toUpperCase(),
    true: () => true,
    false: () => false,
    not: (value) => value !== true,
    equals: (one, other) => JSON.stringify(one) === JSON.stringify(other),
    if: (condition, yes, no) => (condition === true ? yes : no),
    resourceGroup: () => ({ ...group }),
    subscription: () => ({ id: `/subscriptions/${subscriptionId}`, subscriptionId, tenantId }),
    tenant: () => ({ tenantId }),
    deployment: () => ({ name: target.deploymentName }),
    subscriptionResourceId: (type, ...names) =>
      `/subscriptions/${subscriptionId}/providers/${belowProviders(String(type), names.map(String))}`,
    resourceId: (...parts) => {
      // A group, or a subscription and a group, may stand in front of the type.
      const at = parts.findIndex((part) => String(part).includes("/"));
      const above = at === 1 ? `/subscriptions/${subscriptionId}/resourceGroups/${String(parts[0])}` : group.id;
      const names = parts.slice(at + 1).map(String);
      if (at < 0 || at > 1) throw invalidTemplate(`resourceId takes a resource group's name at most before the type.`);
      return `${above}/providers/${belowProviders(String(parts[at]), names)}`;
    },
  };
  return functions;
}

/** `A/b/c` and the names `x`, `y` to `A/b/x/c/y`. */
function belowProviders(type: string, names: readonly string[]): string {
  const [namespace = "", ...types] = type.split("/");
  if (types.length !== names.length) {
    throw invalidTemplate(`The type '${type}' has ${types.length} segments and ${names.length} names.`);
  }
  return [namespace, ...types.flatMap((segment, at) => [segment, names[at] as string])].join("/");
}

function stepOf(resource: TemplateResource, functions: TemplateFunctions, target: Target): Step | undefined {
  const unserved = unservedMembers.find((member) => member in resource);
  if (unserved) throw notServed(`the member '${unserved}' of a template's resource`);
  if (resource.condition !== undefined && evaluate(resource.condition, functions) === false) return undefined;
  const text = (member: "type" | "apiVersion" | "name"): string => {
    const value = evaluate(resource[member], functions);
    if (typeof value === "string" && value !== "") return value;
    throw invalidTemplate(`A resource of the template lacks its '${member}'.`);
  };
  const type = text("type");
  const scope = resource.scope === undefined ? target.group.id : String(evaluate(resource.scope, functions));
  const above = scope.startsWith("/") ? scope : `${target.group.id}/providers/${scope}`;
  return {
    id: `${above}/providers/${belowProviders(type, text("name").split("/"))}`,
    type,
    apiVersion: text("apiVersion"),
    body: evaluate(
      Object.fromEntries(Object.entries(resource).filter(([member]) => !instructions.includes(member))),
      functions,
    ) as Record<string, unknown>,
    after: (resource.dependsOn ?? []).map((entry) => String(evaluate(entry, functions)).toLowerCase()),
  };
}

/** Each after what it depends on; otherwise as the template lists them. */
function inOrder(steps: readonly Step[]): Step[] {
  const left = [...steps];
  const done: Step[] = [];
  const waits = (step: Step): boolean =>
    step.after.some((wanted) =>
      left.some((other) => other.id.toLowerCase() === wanted || other.id.toLowerCase().endsWith(`/${wanted}`)),
    );
  while (left.length > 0) {
    const at = left.findIndex((step) => !waits(step));
    if (at < 0) throw invalidTemplate("Circular dependency detected on resource: '" + (left[0] as Step).id + "'.");
    done.push(...left.splice(at, 1));
  }
  return done;
}
