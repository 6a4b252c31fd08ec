import type { GraphNode } from "./dependency-graph";

/** The way through a graph that takes longest: nothing makes a deployment shorter than this but a change to it. */
export interface CriticalPath {
  /** From the first resource to the last. */
  readonly nodes: readonly GraphNode[];
  readonly milliseconds: number;
}

/** The longest way through a graph without cycles, each resource taking its own time. */
export function criticalPath(graph: readonly GraphNode[]): CriticalPath {
  const byUrn = new Map(graph.map((node) => [node.urn, node]));
  const known = new Map<string, CriticalPath>();
  const endingIn = (node: GraphNode): CriticalPath => {
    const found = known.get(node.urn);
    if (found) return found;
    const before = longest(node.dependencies.flatMap((urn) => byUrn.get(urn) ?? []).map(endingIn));
    const path = { nodes: [...before.nodes, node], milliseconds: before.milliseconds + node.milliseconds };
    known.set(node.urn, path);
    return path;
  };
  return longest(graph.map(endingIn));
}

/** What costs nothing in front of a path is no part of it. */
function longest(paths: readonly CriticalPath[]): CriticalPath {
  return paths.reduce((best, path) => (path.milliseconds > best.milliseconds ? path : best), {
    nodes: [],
    milliseconds: 0,
  });
}

/** One resource that waits for another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The edges of a graph that no longer way between the same two resources implies. */
export function directEdges(graph: readonly GraphNode[]): Edge[] {
  const byUrn = new Map(graph.map((node) => [node.urn, node]));
  const known = new Map<string, ReadonlySet<string>>();
  const before = (urn: string): ReadonlySet<string> => {
    const found = known.get(urn);
    if (found) return found;
    const { dependencies = [] } = byUrn.get(urn) ?? {};
    const all = new Set(dependencies.flatMap((one) => [one, ...before(one)]));
    known.set(urn, all);
    return all;
  };
  return graph.flatMap(({ urn, dependencies }) =>
    dependencies
      .filter((one) => !dependencies.some((other) => before(other).has(one)))
      .map((from) => ({ from, to: urn })),
  );
}
