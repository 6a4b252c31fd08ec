/** One thing of a picture. */
export interface Node {
  readonly id: string;
  /** What it is in Azure's words, what it is called, and more. */
  readonly lines: readonly string[];
  readonly kind: Kind;
}

/** Who has, is, reads or reaches what. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

type Kind = "bot" | "app" | "identity" | "secret" | "data" | "outside";

/** Fills that hold on GitHub's white and on its black, with a dark text of their own. */
const fills: Readonly<Record<Kind, string>> = {
  bot: "#d6f2df",
  app: "#cfe3ff",
  identity: "#ffe8b8",
  secret: "#ffd7d2",
  data: "#e6e0fb",
  outside: "#eceff3",
};

/**
 * A Mermaid flowchart, which GitHub draws where it stands in a block of code: https://mermaid.js.org/syntax/flowchart.html.
 * Edges to what is not drawn are left out.
 */
export function asFlowchart(nodes: readonly Node[], edges: readonly Edge[]): string {
  const names = new Map(nodes.map(({ id }, at) => [id, `n${at + 1}`]));
  const drawn = edges.filter(({ from, to }) => names.has(from) && names.has(to));
  const kinds = Object.entries(fills).filter(([kind]) => nodes.some((node) => node.kind === kind));
  return [
    "flowchart LR",
    ...nodes.map(({ id, lines, kind }) => `  ${names.get(id)}["${lines.map(plain).join("<br>")}"]:::${kind}`),
    ...drawn.map(({ from, to, label }) => `  ${names.get(from)} -->|"${plain(label)}"| ${names.get(to)}`),
    ...kinds.map(([kind, fill]) => `  classDef ${kind} fill:${fill},stroke:#5a6270,color:#1b1f27`),
  ].join("\n");
}

/** Whether a text is a flowchart as {@link asFlowchart} writes them: nothing that Mermaid would take for more than that. */
export function isFlowchart(text: string): boolean {
  const [first, ...lines] = text.split("\n");
  return first === "flowchart LR" && lines.every((line) => drawn.some((pattern) => pattern.test(line)));
}

const shown = String.raw`(?:[^\p{Cc}#"<>&\x60%\\;{}|]|#\d+;)*`;
const drawn = [
  new RegExp(`^  n\\d+\\["${shown}(?:<br>${shown})*"\\]:::(?:${Object.keys(fills).join("|")})$`, "u"),
  new RegExp(`^  n\\d+ -->\\|"${shown}"\\| n\\d+$`, "u"),
  new RegExp(
    `^  classDef (?:${Object.keys(fills).join("|")}) fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}$`,
  ),
];

/**
 * Anybody's text as Mermaid shows it and never reads it: its entities begin with # and not with &. A backtick would begin
 * Markdown (and end the block of code), a percent sign a directive.
 */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[#"<>&`%\\;{}|]/g, (character) => `#${character.charCodeAt(0)};`);
}
