import { criticalPath, directEdges } from "../../../ops/graph/critical-path";
import type { GraphNode } from "../../../ops/graph/dependency-graph";

/** `"a 3 < b c"`: a takes 3 ms and waits for b and c. */
function graph(...lines: string[]): GraphNode[] {
  return lines.map((line) => {
    const [own = "", before = ""] = line.split(" < ");
    const [name = "", milliseconds = "0"] = own.split(" ");
    const dependencies = before.split(" ").filter(Boolean);
    return { urn: name, name, kind: "Thing", milliseconds: Number(milliseconds), dependencies };
  });
}

const cases: [what: string, graph: GraphNode[], path: string[], milliseconds: number][] = [
  ["nothing deployed", graph(), [], 0],
  ["one resource", graph("a 3"), ["a"], 3],
  ["two that wait for nothing", graph("a 3", "b 4"), ["b"], 4],
  ["a chain, in whatever order it stands", graph("c 1 < b", "a 3", "b 4 < a"), ["a", "b", "c"], 8],
  ["the slower arm of a diamond", graph("a 1", "b 9 < a", "c 2 < a", "d 1 < b c"), ["a", "b", "d"], 11],
  ["many short steps beside one long one", graph("a 5", "b 5 < a", "c 5 < b", "d 14"), ["a", "b", "c"], 15],
  [
    "the end that costs most, not the one that comes last",
    graph("a 1", "b 9 < a", "c 0 < b", "d 1 < a"),
    ["a", "b"],
    10,
  ],
  ["what costs nothing in front", graph("a 0", "b 2 < a", "c 3 < b"), ["b", "c"], 5],
  ["what costs nothing between", graph("a 2", "b 0 < a", "c 3 < b"), ["a", "b", "c"], 5],
  ["a dependency that stands in no state", graph("a 2 < gone"), ["a"], 2],
];

test.each(cases)("the critical path goes along %s", (_what, nodes, path, milliseconds) => {
  const found = criticalPath(nodes);
  expect(found.nodes.map(({ name }) => name)).toEqual(path);
  expect(found.milliseconds).toBe(milliseconds);
});

test("a graph of forty layers, each waiting for all of the one before, is no matter of minutes", () => {
  const layer = (at: number): string[] => ["x", "y", "z"].map((name) => `${name}${at}`);
  const lines = Array.from({ length: 40 }, (_, at) =>
    layer(at).map((name) => `${name} 1${at > 0 ? ` < ${layer(at - 1).join(" ")}` : ""}`),
  ).flat();
  expect(criticalPath(graph(...lines)).milliseconds).toBe(40);
});

const drawn = (nodes: GraphNode[]): string[] => directEdges(nodes).map(({ from, to }) => `${from}-${to}`);

test("an edge that a longer way implies is not drawn", () => {
  expect(drawn(graph("a 1", "b 1 < a", "c 1 < a b", "d 1 < a c"))).toEqual(["a-b", "b-c", "c-d"]);
});

test("two ways of the same length are both drawn", () => {
  expect(drawn(graph("a 1", "b 1 < a", "c 1 < a", "d 1 < b c"))).toEqual(["a-b", "a-c", "b-d", "c-d"]);
});
