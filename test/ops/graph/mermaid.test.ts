import type { GraphNode } from "../../../ops/graph/dependency-graph";
import { asMermaid } from "../../../ops/graph/mermaid";

const node = (name: string, milliseconds: number, ...dependencies: string[]): GraphNode => ({
  urn: `urn:pulumi:dev::p::t::${name}`,
  name,
  kind: "Thing",
  milliseconds,
  dependencies: dependencies.map((one) => `urn:pulumi:dev::p::t::${one}`),
});

test("the flowchart shows every resource with its seconds, and the critical path thick", () => {
  const graph = [node("group", 3_000), node("vault", 19_500, "group"), node("plan", 14_000, "group")];
  expect(asMermaid("dev", [...graph, node("app", 21_550, "group", "vault", "plan")])).toBe(
    [
      "%% Critical path of dev: 44.0 s = Thing group 3.0 s -> Thing vault 19.5 s -> Thing app 21.6 s",
      "flowchart LR",
      '  n1["group<br>Thing<br>3.0 s"]:::critical',
      '  n2["vault<br>Thing<br>19.5 s"]:::critical',
      '  n3["plan<br>Thing<br>14.0 s"]',
      '  n4["app<br>Thing<br>21.6 s"]:::critical',
      "  n1 --> n3",
      "  n3 --> n4",
      "  n1 ==> n2",
      "  n2 ==> n4",
      "  classDef critical fill:#ffd7d2,stroke:#b3261e,stroke-width:3px,color:#1b1f27",
      "",
    ].join("\n"),
  );
});

test("a name cannot break out of its box", () => {
  expect(asMermaid("dev", [node('a"]#b', 0)])).toContain('n1["a#34;]#35;b<br>');
});

test("the thick path has no gap where a resource that costs nothing stands beside it", () => {
  const graph = [node("a", 2_000), node("free", 0, "a"), node("b", 3_000, "a", "free")];
  const thick = asMermaid("dev", graph)
    .split("\n")
    .filter((line) => line.includes("==>"));
  expect(thick).toEqual(["  n1 ==> n3"]);
});
