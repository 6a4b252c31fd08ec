import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { policies } from "../../../infra/policy/policies";
import { startedAt } from "../../support/azure-answers";
import type { Properties, Recorded } from "../../support/recorder";

/** A recorded resource with some of its inputs or its protection changed. */
export interface Change {
  readonly type: string;
  readonly name?: string;
  /** `siteConfig.minTlsVersion` to its value; undefined takes the input away. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
}

/** Looks at the resources with every policy, as the engine does while a program registers them: `policy: resource: violation`. */
export async function judge(resources: readonly Recorded[], config: Record<string, object> = {}): Promise<string[]> {
  const found: string[] = [];
  const pack = policies(() => new Date(startedAt));
  for (const resource of resources) {
    for (const policy of pack) {
      if (!("validateResource" in policy)) continue;
      const { name, configSchema, validateResource } = policy;
      const defaults = Object.fromEntries(
        Object.entries(configSchema?.properties ?? {}).map(([key, schema]) => [key, schema.default as unknown]),
      );
      const args = {
        ...{ type: resource.type, name: resource.name, urn: resource.urn, props: resource.inputs },
        opts: { protect: resource.protect },
        getConfig: () => ({ ...defaults, ...config[name] }),
      } as unknown as ResourceValidationArgs;
      if (typeof validateResource !== "function") throw new Error(`${name} validates nothing`);
      await validateResource(args, (violation) => found.push(`${name}: ${resource.name}: ${violation}`));
    }
  }
  const args = { resources: wholeStack(resources) } as unknown as StackValidationArgs;
  for (const policy of pack) {
    if (!("validateStack" in policy)) continue;
    await policy.validateStack(args, (violation, urn) => {
      found.push(`${policy.name}: ${resources.find((one) => one.urn === urn)?.name}: ${violation}`);
    });
  }
  return found;
}

/** The stack as the engine shows it at the end. */
function wholeStack(resources: readonly Recorded[]): object[] {
  const called = new Map(resources.map((one) => [`${one.type.split(/[:$]/).at(-1)} ${one.name}`, one]));
  return resources.map((one) => ({
    ...{ type: one.type, name: one.name, urn: one.urn },
    dependencies: one.waitsFor.flatMap((name) => called.get(name) ?? []),
  }));
}

/** The same stack without the resources of a type. */
export function without(resources: readonly Recorded[], type: string): Recorded[] {
  return resources.filter((one) => one.type !== type);
}

/** The same stack with one resource changed. Throws where there is none or more than one. */
export function changed(resources: readonly Recorded[], change: Change): Recorded[] {
  const meant = resources.filter(({ type, name }) => type === change.type && name === (change.name ?? name));
  if (meant.length !== 1) throw new Error(`${meant.length} resources ${change.type} ${change.name ?? ""}`);
  return resources.map((resource) => {
    if (resource !== meant[0]) return resource;
    const inputs = structuredClone(resource.inputs) as Record<string, unknown>;
    for (const [path, value] of Object.entries(change.inputs ?? {})) {
      const names = path.split(".");
      const last = names.pop()!;
      const holder = names.reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, inputs);
      if (value === undefined) delete holder[last];
      else holder[last] = value;
    }
    return { ...resource, inputs: inputs as Properties, protect: change.protect ?? resource.protect };
  });
}
