import type { NodeKind, Picture, PictureNode } from "./picture";

/** Colours that hold on white and on black, with dark text of their own. */
const colours: Readonly<Record<NodeKind, string>> = {
  identity: "#ffe8b8",
  secret: "#ffd7d2",
  app: "#cfe3ff",
  bot: "#d6f2df",
  data: "#e6e0fb",
  outside: "#eceff3",
  missing: "#ffffff",
};

const open: Readonly<Record<NodeKind, readonly [string, string]>> = {
  identity: ["([", "])"],
  secret: ["[", "]"],
  app: ["[", "]"],
  bot: ["[", "]"],
  data: ["[(", ")]"],
  outside: ["{{", "}}"],
  missing: ["[", "]"],
};

/** The picture as a Mermaid flowchart, for a README or a pull request: https://mermaid.js.org/syntax/flowchart.html */
export function asMermaid({ nodes, edges }: Picture): string {
  const names = new Map(nodes.map(({ id }, at) => [id, `n${at + 1}`]));
  const lines = [
    "flowchart LR",
    ...nodes.map((node) => `  ${names.get(node.id)}${shape(node)}:::${node.kind}`),
    ...edges.map(({ from, to, label }) => `  ${names.get(from)} -->|${quoted(label)}| ${names.get(to)}`),
    ...Object.entries(colours).map(([kind, fill]) => {
      const stroke = kind === "missing" ? "#b3261e,stroke-dasharray:4" : "#5a6270";
      return `  classDef ${kind} fill:${fill},stroke:${stroke},color:#1b1f27`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function shape({ title, type, kind }: PictureNode): string {
  const [before, after] = open[kind];
  return `${before}${quoted(`${title}<br>${type}`)}${after}`;
}

/** Mermaid reads entities with # and without &. */
const quoted = (text: string): string => `"${text.replaceAll("#", "#35;").replaceAll('"', "#quot;")}"`;
