import { asFlowchart, type NodeStyle, partStyles } from "../../contract/flowchart";
import type { NodeKind, Picture } from "./picture";

const styles: Readonly<Record<NodeKind, NodeStyle>> = {
  ...partStyles,
  identity: { ...partStyles.identity, shape: ["([", "])"] },
  data: { ...partStyles.data, shape: ["[(", ")]"] },
  outside: { ...partStyles.outside, shape: ["{{", "}}"] },
  missing: { style: "fill:#ffffff,stroke:#b3261e,stroke-dasharray:4,color:#1b1f27" },
};

/** The picture as a Mermaid flowchart, for a README or a pull request. */
export function asMermaid({ nodes, edges }: Picture): string {
  const boxes = nodes.map(({ id, title, type, kind }) => ({ id, lines: [title, type], kind }));
  return `${asFlowchart(boxes, edges, styles)}\n`;
}
