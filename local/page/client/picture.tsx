import type { JSX } from "preact";
import { graphlib, layout } from "@dagrejs/dagre";
import { useEffect, useMemo, useState } from "preact/hooks";
import { nobodyConsented, type Picture, type PictureEdge, type PictureNode } from "../picture";
import { ConsentForEveryone } from "./consent";
import { ask, ownAddress } from "./own";

const boxHeight = 44;
const lineHeight = 13;
/** Longest name that a box shows; the whole stands in what is told of the box. */
const longestName = 20;

interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (PictureNode & { x: number; y: number; width: number })[];
  readonly edges: readonly (PictureEdge & { path: string; x: number; y: number; lines: readonly string[] })[];
}

/** What was deployed, drawn from what the local ARM and Graph keep. */
export function PictureTab(): JSX.Element {
  const [picture, setPicture] = useState<Picture>();
  const [chosen, choose] = useState<string>();
  const load = async (): Promise<void> => {
    const answer = await ask("/picture.json");
    if (answer.ok) setPicture((await answer.json()) as Picture);
  };
  useEffect(() => void load(), []);
  const placed = useMemo(() => picture && place(picture), [picture]);
  const node = picture?.nodes.find(({ id }) => id === chosen);
  return (
    <>
      <div class="head">
        <h1>What was deployed</h1>
        <span class="actions">
          <a class="quiet" href={ownAddress("/picture.mmd")} target="_blank" rel="noreferrer">
            Mermaid
          </a>
          <button type="button" class="quiet" onClick={() => void load()}>
            Refresh
          </button>
        </span>
      </div>
      {placed && placed.nodes.length === 0 && <p class="empty">Nothing is deployed yet.</p>}
      {placed && placed.nodes.length > 0 && <Drawing placed={placed} chosen={chosen} choose={choose} />}
      {picture && node && <About node={node} picture={picture} close={() => choose(undefined)} load={load} />}
    </>
  );
}

interface DrawingProps {
  readonly placed: Placed;
  readonly chosen: string | undefined;
  readonly choose: (id: string | undefined) => void;
}

function Drawing({ placed, chosen, choose }: DrawingProps) {
  const near = (edge: PictureEdge): boolean => edge.from === chosen || edge.to === chosen;
  return (
    <div class="drawing" role="region" aria-label="Picture of what was deployed" tabIndex={0}>
      <svg style={{ "--width": `${placed.width}px` }} viewBox={`0 0 ${placed.width} ${placed.height}`}>
        <defs>
          <marker
            id="tip"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {placed.edges.map((edge) => (
          <path
            key={`${edge.from} ${edge.to}`}
            class={chosen && !near(edge) ? "edge far" : "edge"}
            d={edge.path}
            marker-end="url(#tip)"
            aria-hidden="true"
          />
        ))}
        {placed.nodes.map((node) => (
          <g
            key={node.id}
            class={`box ${node.kind}${node.id === chosen ? " chosen" : ""}`}
            transform={`translate(${node.x - node.width / 2} ${node.y - boxHeight / 2})`}
            role="button"
            tabindex={0}
            aria-pressed={node.id === chosen}
            onClick={() => choose(node.id === chosen ? undefined : node.id)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              choose(node.id === chosen ? undefined : node.id);
            }}
          >
            <rect width={node.width} height={boxHeight} rx="8" />
            <text x={node.width / 2} y="18" class="title">
              {node.type}
            </text>
            <text x={node.width / 2} y="34" class="type">
              {short(node.title)}
            </text>
          </g>
        ))}
        {placed.edges.map((edge) => (
          <text key={`${edge.from} ${edge.to}`} class={chosen && !near(edge) ? "name far" : "name"} aria-hidden="true">
            {edge.lines.map((line, at) => (
              <tspan key={line} x={edge.x} y={edge.y + (at - (edge.lines.length - 1) / 2) * lineHeight + 4}>
                {line}
              </tspan>
            ))}
          </text>
        ))}
      </svg>
    </div>
  );
}

interface AboutProps {
  readonly node: PictureNode;
  readonly picture: Picture;
  readonly close: () => void;
  readonly load: () => Promise<void>;
}

/** All that the picture knows of one node, in words: also for those who do not see the drawing. */
function About({ node, picture, close, load }: AboutProps) {
  const title = (id: string): string => picture.nodes.find((one) => one.id === id)?.title ?? id;
  const out = picture.edges.filter(({ from }) => from === node.id);
  const into = picture.edges.filter(({ to }) => to === node.id);
  return (
    <aside class="about" aria-live="polite">
      <div class="head">
        <h2>
          {node.title} <small>{node.type}</small>
        </h2>
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
      </div>
      <dl>
        {node.facts.map(([name, value]) => (
          <div key={name + value}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ul>
        {out.map(({ to, label }) => (
          <li key={to}>
            {label} → <strong>{title(to)}</strong>
          </li>
        ))}
        {into.map(({ from, label }) => (
          <li key={from}>
            <strong>{title(from)}</strong> → {label}
          </li>
        ))}
      </ul>
      {out.some(({ label }) => label.includes(nobodyConsented)) && <ConsentForEveryone given={() => void load()} />}
    </aside>
  );
}

/** Places the picture from top to bottom, so that what is used stands below what uses it. */
function place({ nodes, edges }: Picture): Placed {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 10, ranksep: 38, edgesep: 6, marginx: 8, marginy: 10 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, title, type } of nodes) {
    const width = Math.max(84, short(title).length * 5.9 + 14, type.length * 7.4 + 14);
    graph.setNode(id, { width, height: boxHeight });
  }
  for (const { from, to, label } of edges) {
    const lines = wrapped(label);
    // Less than the label's own width: lines may pass behind a label, and the whole fits beside the chat.
    const width = Math.max(...lines.map(({ length }) => length)) * 2.4;
    graph.setEdge(from, to, { width, height: lines.length * lineHeight, labelpos: "c", lines });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const boxes = nodes.map((node) => ({ ...node, ...(graph.node(node.id) as Area) }));
  return {
    width,
    height,
    nodes: boxes,
    edges: apart(
      edges.map((edge) => {
        const { points, x, y, lines } = graph.edge(edge.from, edge.to) as unknown as {
          points: { x: number; y: number }[];
          x: number;
          y: number;
          lines: string[];
        };
        return { ...edge, path: curve(points), x, y, lines };
      }),
      boxes,
    ),
  };
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const overlap = (one: Area, other: Area): boolean =>
  Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
  Math.abs(one.y - other.y) < (one.height + other.height) / 2;

/** How far a label may be moved up or down its line, nearest first. */
const shifts = Array.from({ length: 32 }, (_, at) => (at % 2 ? 1 : -1) * Math.ceil(at / 2) * 4);

/** Moves labels along their lines until none covers another or a box. */
function apart(edges: Placed["edges"], boxes: readonly Area[]): Placed["edges"] {
  const taken: Area[] = [...boxes];
  return [...edges]
    .sort((one, other) => one.y - other.y || one.x - other.x)
    .map((edge) => {
      const width = Math.max(...edge.lines.map(({ length }) => length)) * 5.6;
      const area = { x: edge.x, y: edge.y, width, height: edge.lines.length * lineHeight };
      const shift = shifts.find((by) => !taken.some((other) => overlap({ ...area, y: area.y + by }, other))) ?? 0;
      taken.push({ ...area, y: area.y + shift });
      return { ...edge, y: edge.y + shift };
    });
}

const short = (name: string): string => (name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name);

/** A label of some words a line. */
function wrapped(label: string, width = 15): string[] {
  const lines = [""];
  for (const word of label.split(" ")) {
    const line = lines.at(-1) as string;
    if (line && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

/** A smooth line through the points, straight at both ends. */
function curve(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (!first || !last) return "";
  const middle = rest.map((point, at) => {
    const next = rest[at + 1] ?? last;
    return at === rest.length - 1
      ? `Q${point.x} ${point.y} ${last.x} ${last.y}`
      : `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  return `M${first.x} ${first.y}${middle.join("") || `L${last.x} ${last.y}`}`;
}
