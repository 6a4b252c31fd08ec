/** One thing of a flowchart. */
export interface Node<Kind extends string = string> {
  readonly id: string;
  /** What stands in its box, line by line: anybody's text. */
  readonly lines: readonly string[];
  /** What it looks like; without one as Mermaid draws by itself. */
  readonly kind?: Kind | undefined;
}

/** Who has, is, reads, reaches or waits for what. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  readonly thick?: boolean;
}

/** How one kind of thing is drawn. */
export interface NodeStyle {
  /** A classDef's own words: https://mermaid.js.org/syntax/flowchart.html#classes */
  readonly style: string;
  /** What stands around its text; default a box. */
  readonly shape?: readonly [open: string, close: string];
}

const filled = (fill: string): string => `fill:${fill},stroke:#5a6270,color:#1b1f27`;

const box = ["[", "]"] as const;

/** The parts of a set-up, in fills that hold on white and on black, with a dark text of their own. */
export const partStyles = {
  bot: { style: filled("#d6f2df") },
  app: { style: filled("#cfe3ff") },
  identity: { style: filled("#ffe8b8"), shape: ["([", "])"] },
  secret: { style: filled("#ffd7d2") },
  data: { style: filled("#e6e0fb"), shape: ["[(", ")]"] },
  outside: { style: filled("#eceff3"), shape: ["{{", "}}"] },
  missing: { style: "fill:#ffffff,stroke:#b3261e,stroke-dasharray:4,color:#1b1f27" },
} as const satisfies Readonly<Record<string, NodeStyle>>;

export type PartKind = keyof typeof partStyles;

/**
 * A Mermaid flowchart, which GitHub draws where it stands in a block of code: https://mermaid.js.org/syntax/flowchart.html.
 * Edges to what is not drawn are left out. The one writer of Mermaid: page, graph and previews use it.
 */
export function asFlowchart<Kind extends string>(
  nodes: readonly Node<Kind>[],
  edges: readonly Edge[],
  styles: Readonly<Record<Kind, NodeStyle>>,
): string {
  const names = new Map(nodes.map(({ id }, at) => [id, `n${at + 1}`]));
  const used = (Object.keys(styles) as Kind[]).filter((kind) => nodes.some((node) => node.kind === kind));
  return [
    "flowchart LR",
    ...nodes.map(({ id, lines, kind }) => {
      const [open, close] = (kind && styles[kind].shape) ?? box;
      return `  ${names.get(id)}${open}"${lines.map(plain).join("<br>")}"${close}${kind ? `:::${kind}` : ""}`;
    }),
    ...edges
      .filter(({ from, to }) => names.has(from) && names.has(to))
      .map(({ from, to, label, thick }) => {
        const arrow = `${thick ? "==>" : "-->"}${label === undefined ? "" : `|"${plain(label)}"|`}`;
        return `  ${names.get(from)} ${arrow} ${names.get(to)}`;
      }),
    ...used.map((kind) => `  classDef ${kind} ${styles[kind].style}`),
  ].join("\n");
}

/** Whether a text is a flowchart of a set-up's parts as {@link asFlowchart} writes it: nothing that Mermaid would take for more. */
export function isFlowchart(text: string): boolean {
  const [first, ...lines] = text.split("\n");
  return first === "flowchart LR" && lines.every((line) => drawn.some((pattern) => pattern.test(line)));
}

const shown = String.raw`(?:[^\p{Cc}#"<>&\x60%\\;{}|]|#\d+;)*`;
const literally = (text: string): string => text.replace(/[()[\]{}]/g, "\\$&");
const drawn = [
  new RegExp(`^  n\\d+ -->\\|"${shown}"\\| n\\d+$`, "u"),
  ...(Object.entries(partStyles) as [PartKind, NodeStyle][]).flatMap(
    ([kind, { style, shape: [open, close] = box }]) => [
      new RegExp(`^  n\\d+${literally(open)}"${shown}(?:<br>${shown})*"${literally(close)}:::${kind}$`, "u"),
      new RegExp(`^  classDef ${kind} ${style}$`),
    ],
  ),
];

/**
 * Anybody's text as Mermaid shows it and never reads it: its entities begin with # and not with &. A backtick would begin
 * Markdown (and end the block of code), a percent sign a directive.
 */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[#"<>&`%\\;{}|]/g, (character) => `#${character.charCodeAt(0)};`);
}
