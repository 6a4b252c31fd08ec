import { asFlowchart, isFlowchart, type Node, type PartKind, partStyles } from "../../contract/flowchart";

test("what is drawn is Mermaid, with a colour for each kind that is there; what leads to nothing is left out", () => {
  const nodes = [{ id: "a", lines: ["Azure Bot", "b"], kind: "bot" }] as const;
  expect(asFlowchart<PartKind>(nodes, [{ from: "a", to: "gone", label: "is" }], partStyles)).toBe(
    'flowchart LR\n  n1["Azure Bot<br>b"]:::bot\n  classDef bot fill:#d6f2df,stroke:#5a6270,color:#1b1f27',
  );
});

test("every node is named once, and what Mermaid would read as syntax is quoted", () => {
  const nodes: Node<PartKind>[] = [
    { id: "a", lines: ["Web app", 'Say "hi" #1'], kind: "app" },
    { id: "b", lines: ["Secret", "b"], kind: "missing" },
  ];
  expect(
    asFlowchart(nodes, [{ from: "a", to: "b", label: "reads" }], partStyles)
      .split("\n")
      .slice(0, 4),
  ).toEqual([
    "flowchart LR",
    '  n1["Web app<br>Say #34;hi#34; #35;1"]:::app',
    '  n2["Secret<br>b"]:::missing',
    '  n1 -->|"reads"| n2',
  ]);
});

test.each(Object.keys(partStyles) as PartKind[])(
  "a part that is %s is taken for one of ours, and no other shape or style is",
  (kind) => {
    const chart = asFlowchart([{ id: "a", lines: ["one", 'two "'], kind }], [], partStyles);
    expect(isFlowchart(chart)).toBe(true);
    const [, box = "", style = ""] = chart.split("\n");
    expect(isFlowchart(chart.replace(box, box.replace("n1", "n1>")))).toBe(false);
    expect(isFlowchart(chart.replace(style, `${style},background:url(https://evil.example)`))).toBe(false);
    expect(isFlowchart(chart.replace("one", "<img src=x>"))).toBe(false);
  },
);
