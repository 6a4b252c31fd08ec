import { asFlowchart } from "../../contract/flowchart";
import { criticalPath, directEdges } from "./critical-path";
import type { GraphNode } from "./dependency-graph";

/**
 * The graph as a Mermaid flowchart, its critical path thick and coloured; the first line says that path in words.
 */
export function asMermaid(stack: string, graph: readonly GraphNode[]): string {
  const { nodes: path, milliseconds } = criticalPath(graph);
  const onPath = new Set(path.map(({ urn }) => urn));
  const critical = new Set(path.slice(1).map(({ urn }, at) => `${path[at]?.urn} ${urn}`));
  const isCritical = (from: string, to: string): boolean => critical.has(`${from} ${to}`);
  const nodes = graph.map((node) => ({
    id: node.urn,
    lines: [node.name, node.kind, seconds(node.milliseconds)],
    kind: onPath.has(node.urn) ? ("critical" as const) : undefined,
  }));
  // A resource that costs nothing may stand beside an edge of the path and imply it.
  const edges = [
    ...directEdges(graph).filter(({ from, to }) => !isCritical(from, to)),
    ...path.slice(1).map(({ urn }, at) => ({ from: path[at]?.urn ?? "", to: urn, thick: true })),
  ];
  const words = `%% Critical path of ${stack}: ${seconds(milliseconds)} = ${path.map(spoken).join(" -> ")}`;
  return `${words}\n${asFlowchart(nodes, edges, { critical: { style: thick } })}\n`;
}

const thick = "fill:#ffd7d2,stroke:#b3261e,stroke-width:3px,color:#1b1f27";

/** The graph for programs; resources are named by URN, times are milliseconds. */
export function asDocument(stack: string, graph: readonly GraphNode[]): object {
  const { nodes, milliseconds } = criticalPath(graph);
  return { stack, criticalPath: { milliseconds, resources: nodes.map(({ urn }) => urn) }, resources: graph };
}

/** `12.5 s` */
function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function spoken({ kind, name, milliseconds }: GraphNode): string {
  return `${kind} ${name} ${seconds(milliseconds)}`;
}
