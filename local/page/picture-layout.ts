import { graphlib, layout } from "@dagrejs/dagre";
import type { Picture, PictureEdge, PictureNode } from "../../contract/set-up-picture";

/** Height of a line of a label, or of a box's name, in the units of the drawing. */
export const lineHeight = 13;
/** Height of a box besides its name: its type, and room above and below. */
const besidesName = 31;
/** How small it may be drawn: smaller, nobody reads the names. */
export const smallest = 0.7;
/** Longest line of a box's name. */
const longestLine = 13;
/** Longest name that a box shows; the whole stands in what is told of the box. */
const longestName = 22;
/** Width of a letter of a label, of a box's name, and of its type, at most. */
const letters = { label: 6, name: 6.2, type: 7 };

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle around its middle. */
export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

/** A relation with its line, and its label on that line. */
export interface PlacedEdge extends PictureEdge, Area {
  /** As SVG has it. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** A thing with its box. */
export interface PlacedNode extends PictureNode, Area {
  /** The name, where it is long the beginning and the end of it, on as many lines as it takes. */
  readonly lines: readonly string[];
}

/** The picture with a place for each of its things. */
export interface Placed {
  /** The whole, from its left upper corner. */
  readonly view: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/**
 * What these lead to stands above: the logs are of many, whose lines would run past all that stands between; and the plan would
 * make the row below the web app, the longest, longer.
 */
const upwards = ["logs to", "runs on"];

/** Places the picture from top to bottom, so that what is used stands below what uses it. */
export function placed({ nodes, edges }: Picture): Placed {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 6, ranksep: 38, edgesep: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, title, type } of nodes) {
    const lines = nameLines(title);
    const name = Math.max(...lines.map(({ length }) => length));
    const width = Math.max(84, name * letters.name + 14, type.length * letters.type + 14);
    graph.setNode(id, { width, height: besidesName + lines.length * lineHeight });
  }
  for (const { from, to, label } of edges) {
    const lines = wrapped(label);
    // Less than the label's own width: lines may pass behind a label, and the whole stays narrow.
    const size = { ...sizeOf(lines, letters.label * 0.4), labelpos: "c" };
    if (upwards.includes(label)) graph.setEdge(to, from, size);
    else graph.setEdge(from, to, size);
  }
  layout(graph);
  const boxes = nodes.map((node) => {
    const { x, y, width, height } = graph.node(node.id) as Area;
    return { ...node, x, y, width, height, lines: nameLines(node.title) };
  });
  const drawn = edges.map((edge) => {
    const up = upwards.includes(edge.label);
    const ends = up ? ([edge.to, edge.from] as const) : ([edge.from, edge.to] as const);
    const { points, x, y } = graph.edge(...ends) as unknown as Point & { points: Point[] };
    return { edge, curve: curveThrough(up ? points.toReversed() : points), wanted: { x, y } };
  });
  const labelled = labelsApart(drawn, boxes);
  return { view: around([...boxes, ...labelled]), nodes: boxes, edges: labelled };
}

/** The beginning and the end of a long name: those that one program gives differ at their ends. */
export function shortened(name: string): string {
  if (name.length <= longestName) return name;
  const end = 9;
  return `${name.slice(0, longestName - end - 1)}…${name.slice(-end)}`;
}

/** A box's name on one line or two, broken where its words end: at a sign, or before a capital. */
function nameLines(title: string): string[] {
  const name = shortened(title);
  if (name.length <= longestLine) return [name];
  const breaks = [...name.matchAll(/(?<=[-. …])(?=[^-. ])|(?<=[a-z])(?=[A-Z])/g)].map(({ index }) => index);
  const [best = Math.ceil(name.length / 2)] = breaks.sort((one, other) => longest(name, one) - longest(name, other));
  return [name.slice(0, best), name.slice(best)];
}

/** The longer part of a name that is broken there. */
const longest = (name: string, at: number): number => Math.max(at, name.length - at);

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

const sizeOf = (lines: readonly string[], letter: number): { width: number; height: number } => ({
  width: Math.max(...lines.map(({ length }) => length)) * letter,
  height: lines.length * lineHeight,
});

/** What two rectangles share. */
export function shared(one: Area, other: Area): number {
  const wide = (one.width + other.width) / 2 - Math.abs(one.x - other.x);
  const high = (one.height + other.height) / 2 - Math.abs(one.y - other.y);
  return wide > 0 && high > 0 ? wide * high : 0;
}

interface Drawn {
  readonly edge: PictureEdge;
  readonly curve: readonly Piece[];
  /** Where the label would stand best. */
  readonly wanted: Point;
}

/**
 * Puts each label on its own line, as near to its best place as it can stand without covering another label or a box; where
 * it can nowhere, where it covers least. The widest first: they have the fewest places.
 */
function labelsApart(drawn: readonly Drawn[], boxes: readonly Area[]): PlacedEdge[] {
  const taken: Area[] = [...boxes];
  const labels = new Map<PictureEdge, PlacedEdge>();
  const widest = drawn.map((one) => ({ ...one, lines: wrapped(one.edge.label) }));
  widest.sort((one, other) => sizeOf(other.lines, 1).width - sizeOf(one.lines, 1).width);
  for (const { edge, curve, wanted, lines } of widest) {
    const size = sizeOf(lines, letters.label);
    const places = curve.flatMap(pointsOf).map((at) => {
      const area = { ...at, ...size };
      const covers = taken.reduce((sum, other) => sum + shared(area, other), 0);
      return { area, covers, far: Math.hypot(at.x - wanted.x, at.y - wanted.y) };
    });
    const [best] = places.sort((one, other) => one.covers - other.covers || one.far - other.far);
    const area = best?.area ?? { ...wanted, ...size };
    taken.push(area);
    labels.set(edge, { ...edge, ...area, lines, path: pathOf(curve) });
  }
  return drawn.flatMap(({ edge }) => labels.get(edge) ?? []);
}

/** A quadratic curve: where it begins, what draws it aside, where it ends. */
type Piece = readonly [begin: Point, aside: Point, end: Point];

/** A smooth line through the points, straight at both ends. */
function curveThrough(points: readonly Point[]): Piece[] {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (!first || !last) return [];
  if (rest.length === 0) return [[first, middle(first, last), last]];
  let begin = first;
  return rest.map((aside, at) => {
    const next = rest[at + 1];
    const piece: Piece = [begin, aside, next ? middle(aside, next) : last];
    begin = piece[2];
    return piece;
  });
}

const middle = (one: Point, other: Point): Point => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });

function pathOf(curve: readonly Piece[]): string {
  const [first] = curve;
  if (!first) return "";
  const pieces = curve.map(([, aside, end]) => `Q${aside.x} ${aside.y} ${end.x} ${end.y}`);
  return `M${first[0].x} ${first[0].y}${pieces.join("")}`;
}

const samples = 24;

function pointsOf([begin, aside, end]: Piece): Point[] {
  return Array.from({ length: samples + 1 }, (_, at) => {
    const [after, before] = [at / samples, 1 - at / samples];
    const along = (axis: "x" | "y"): number =>
      before * before * begin[axis] + 2 * before * after * aside[axis] + after * after * end[axis];
    return { x: along("x"), y: along("y") };
  });
}

/** A margin around all that is drawn: the tip of an arrow, and the frame of a box that is chosen. */
const margin = 10;

function around(areas: readonly Area[]): Placed["view"] {
  const edge = (side: (area: Area) => number, most: (...values: number[]) => number): number =>
    areas.length === 0 ? 0 : most(...areas.map(side));
  const left = edge(({ x, width }) => x - width / 2, Math.min) - margin;
  const top = edge(({ y, height }) => y - height / 2, Math.min) - margin;
  const right = edge(({ x, width }) => x + width / 2, Math.max) + margin;
  const bottom = edge(({ y, height }) => y + height / 2, Math.max) + margin;
  return { left, top, width: right - left, height: bottom - top };
}
