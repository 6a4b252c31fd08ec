import type { State, StateResource } from "../pulumi/state";
import { creationOf } from "./creation";
import { latencyOf } from "./latencies";

/** A resource, what its creation takes, and what it waits for. */
export interface GraphNode {
  readonly urn: string;
  /** As the program calls it. */
  readonly name: string;
  readonly kind: string;
  /** Sum of the latencies of its creation. */
  readonly milliseconds: number;
  /** URNs of other nodes. */
  readonly dependencies: readonly string[];
}

/**
 * The resources of a stack with what each waits for. Providers and components cost nothing: who waits for one waits for
 * what it waits for.
 */
export function graphOf(state: State): GraphNode[] {
  // A replaced resource stands beside its replacement, under the same URN, until it is deleted.
  const resources = (state.deployment.resources ?? []).filter((resource) => resource.delete !== true);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const made = (resource: StateResource): boolean => resource.custom && !resource.type.startsWith("pulumi:providers:");

  const waitsFor = (resource: StateResource, seen = new Set<string>()): Set<string> => {
    for (const urn of prerequisites(resource)) {
      const other = byUrn.get(urn);
      if (!other || seen.has(urn)) continue;
      seen.add(urn);
      if (!made(other)) waitsFor(other, seen);
    }
    return seen;
  };

  return resources.filter(made).map((resource) => {
    const { kind, calls } = creationOf(resource);
    return {
      urn: resource.urn,
      name: resource.urn.split("::").at(-1) ?? resource.urn,
      kind,
      milliseconds: calls.reduce((sum, call) => sum + (latencyOf(call)?.milliseconds ?? 0), 0),
      dependencies: [...waitsFor(resource)].filter((urn) => made(byUrn.get(urn) as StateResource)),
    };
  });
}

/** URNs that have to be there before a resource is begun. */
function prerequisites(resource: StateResource): string[] {
  const { dependencies, propertyDependencies, deletedWith } = resource as {
    dependencies?: string[];
    propertyDependencies?: Record<string, string[] | null>;
    deletedWith?: string;
  };
  // `urn::id`
  const provider = resource.provider?.slice(0, resource.provider.lastIndexOf("::"));
  const properties = Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  return [...(dependencies ?? []), ...properties, resource.parent, provider, deletedWith].filter(
    (urn): urn is string => urn !== undefined && urn !== "",
  );
}
