import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import { plainType } from "../../../infra/facts/azure-native";
import { policies } from "../../../infra/policy/policies";
import type { SaidSettings } from "../../../infra/policy/resource";
import { azureAnswers, startedAt } from "../../support/azure-answers";
import type { Properties, Recorded, Recording, Run } from "../../support/recorder";
import { deploy } from "../program";

/** Pulumi's guard, which throws where a preview does not know a value; its types leave it out. */
const { unknownCheckingProxy } = proxy as unknown as { unknownCheckingProxy(props: object): object };

/** Runs the program and keeps the names of its resources as the engine hands them to a policy, the component's in front. */
export function deployWithFullNames(changes: object, run: Partial<Run> = {}): Promise<Recording> {
  return deploy(changes, { ...run, component: undefined });
}

/** A recorded resource with some of its inputs or its protection changed. */
export interface Change {
  readonly type: string;
  readonly name?: string;
  /** `siteConfig.minTlsVersion` to its value; undefined takes the input away. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
}

/** What the engine knows of a stack. */
export type Judged = Pick<Recording, "resources" | "outputs">;

/** Pulumi's stand-in for a text that a preview does not know yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Looks at a stack with every policy, as the engine does: at each resource when the program registers it, with what it
 * asked for; at the whole at the end, with what Azure answered. Gives `policy: resource: violation`.
 * @param said what the stack's file says of what is handed in and of app settings
 */
export async function judge(
  stack: Judged,
  config: Record<string, object> = {},
  said: SaidSettings = {},
): Promise<string[]> {
  const found: string[] = [];
  const pack = policies(
    () => new Date(startedAt),
    () => said,
  );
  const configOf = ({ name, configSchema }: (typeof pack)[number]) => {
    const schemas = Object.entries(configSchema?.properties ?? {});
    return () => ({ ...Object.fromEntries(schemas.map(([key, schema]) => [key, schema.default])), ...config[name] });
  };
  for (const resource of stack.resources) {
    const props = guarded(resource.inputs);
    for (const policy of pack) {
      if (!("validateResource" in policy)) continue;
      const { name, validateResource } = policy;
      const args = {
        type: resource.type,
        name: resource.name,
        urn: resource.urn,
        props,
        opts: { protect: resource.protect },
        getConfig: configOf(policy),
      } as unknown as ResourceValidationArgs;
      if (typeof validateResource !== "function") throw new Error(`${name} validates nothing`);
      await validateResource(args, (violation) => found.push(`${name}: ${resource.name}: ${violation}`));
    }
  }
  const resources = wholeStack(stack);
  for (const policy of pack) {
    if (!("validateStack" in policy)) continue;
    const args = { resources, getConfig: configOf(policy) } as unknown as StackValidationArgs;
    await policy.validateStack(args, (violation, urn) => {
      found.push(`${policy.name}: ${stack.resources.find((one) => one.urn === urn)?.name}: ${violation}`);
    });
  }
  return found;
}

/** The stack as the engine shows it at the end: what a preview does not know is not known in the outputs either. */
function wholeStack({ resources, outputs }: Judged): object[] {
  const called = new Map(resources.map((one) => [`${one.type.split(/[:$]/).at(-1)} ${one.name}`, one]));
  const refer = (names: readonly string[]): object[] => names.flatMap((name) => called.get(name) ?? []);
  return resources.map((one) => ({
    type: one.type,
    name: one.name,
    urn: one.urn,
    props: guarded(one.type === "pulumi:pulumi:Stack" ? outputs : { ...one.inputs, ...answered(one) }),
    dependencies: refer(one.waitsFor),
    propertyDependencies: Object.fromEntries(Object.entries(one.refersTo).map(([input, from]) => [input, refer(from)])),
  }));
}

/** Only what has an unknown value needs the guard, which is slow. */
function guarded(props: object): object {
  return JSON.stringify(props).includes(unknownText) ? unknownCheckingProxy(props) : props;
}

function answered({ type, name, inputs }: Recorded): Properties {
  if (!/^(azure-native|azuread|random|bot-sign-in):/.test(type) || JSON.stringify(inputs).includes(unknownText))
    return {};
  try {
    return azureAnswers.resource(type, name, inputs).outputs ?? {};
  } catch {
    // What a hostile program brings along nobody has prepared an answer for.
    return {};
  }
}

/** The same stack without the resources of a type. */
export function without({ resources, outputs }: Judged, type: string): Judged {
  return { outputs, resources: resources.filter((one) => plainType(one.type) !== type) };
}

/** The one resource of a type, by the end of its name where there are several. Throws where it is not exactly one. */
export function one(resources: readonly Recorded[], type: string, name?: string): Recorded {
  const found = resources.filter(
    (resource) => plainType(resource.type) === type && (!name || isCalled(resource, name)),
  );
  if (found.length === 1) return found[0]!;
  throw new Error(`${found.length} resources ${type} ${name ?? ""}`);
}

/** Whether a resource has a name, or one that ends in it: components put their own in front. */
export function isCalled({ name }: Pick<Recorded, "name">, end: string): boolean {
  return name === end || name.endsWith(`-${end}`);
}

/** The same stack with one resource changed. Throws where there is none or more than one. */
export function changed({ resources, outputs }: Judged, change: Change): Judged {
  const meant = one(resources, change.type, change.name);
  const all = resources.map((resource) => {
    if (resource !== meant) return resource;
    const inputs = structuredClone(resource.inputs) as Record<string, unknown>;
    for (const [path, value] of Object.entries(change.inputs ?? {})) set(inputs, path.split("."), value);
    return { ...resource, inputs: inputs as Properties, protect: change.protect ?? resource.protect };
  });
  return { outputs, resources: all };
}

function set(holder: Record<string, unknown>, [name, ...rest]: string[], value: unknown): void {
  if (rest.length > 0) {
    holder[name!] ??= {};
    set(holder[name!] as Record<string, unknown>, rest, value);
  } else if (value === undefined) delete holder[name!];
  else holder[name!] = value;
}

/** The same stack with another resource, registered beside the set-up's, not below its components. */
export function withAnother(
  { resources, outputs }: Judged,
  type: string,
  name: string,
  inputs: object,
  refersTo: Readonly<Record<string, readonly string[]>> = {},
): Judged {
  const [, prefix] = /^(urn:pulumi:.*?::.*?::)/.exec(resources[0]!.urn)!;
  const another = {
    ...resources[0]!,
    type,
    name,
    urn: `${prefix}${type}::${name}`,
    inputs: inputs as Properties,
    protect: true,
    waitsFor: Object.values(refersTo).flat(),
    refersTo,
    parent: "Stack",
  };
  return { outputs, resources: [...resources, another] };
}
