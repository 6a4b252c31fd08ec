import { criticalPath, directEdges } from "./critical-path";
import type { GraphNode } from "./dependency-graph";

/**
 * The graph as a Mermaid flowchart, its critical path thick and coloured; the first line says that path in words.
 * https://mermaid.js.org/syntax/flowchart.html
 */
export function asMermaid(stack: string, graph: readonly GraphNode[]): string {
  const { nodes: path, milliseconds } = criticalPath(graph);
  const names = new Map(graph.map(({ urn }, at) => [urn, `n${at + 1}`]));
  const onPath = new Set(path.map(({ urn }) => urn));
  const critical = new Set(path.slice(1).map(({ urn }, at) => `${path[at]?.urn} ${urn}`));
  const isCritical = (from: string, to: string): boolean => critical.has(`${from} ${to}`);
  // A resource that costs nothing may stand beside an edge of the path and imply it.
  const edges = [
    ...directEdges(graph).filter(({ from, to }) => !isCritical(from, to)),
    ...path.slice(1).map(({ urn }, at) => ({ from: path[at]?.urn ?? "", to: urn })),
  ];
  const lines = [
    `%% Critical path of ${stack}: ${seconds(milliseconds)} = ${path.map(spoken).join(" -> ")}`,
    "flowchart LR",
    ...graph.map((node) => {
      const style = onPath.has(node.urn) ? ":::critical" : "";
      return `  ${names.get(node.urn)}["${quoted(node.name)}<br>${quoted(node.kind)}<br>${seconds(node.milliseconds)}"]${style}`;
    }),
    ...edges.map(({ from, to }) => `  ${names.get(from)} ${isCritical(from, to) ? "==>" : "-->"} ${names.get(to)}`),
    "  classDef critical fill:#ffd7d2,stroke:#b3261e,stroke-width:3px,color:#1b1f27",
  ];
  return `${lines.join("\n")}\n`;
}

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

/** Mermaid reads entities with # and without &. */
const quoted = (text: string): string => text.replaceAll("#", "#35;").replaceAll('"', "#quot;");
