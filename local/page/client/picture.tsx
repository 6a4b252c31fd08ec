import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { nobodyConsented, type Picture, type PictureEdge, type PictureNode } from "../../../contract/set-up-picture";
import { lineHeight, placed as placedPicture, type Placed, smallest } from "../picture-layout";
import { ConsentForEveryone } from "./consent";
import { ask, ownAddress } from "./own";

/** What was deployed, drawn from what the local ARM and Graph keep. */
export function PictureTab(): JSX.Element {
  const [picture, setPicture] = useState<Picture>();
  const [chosen, choose] = useState<string>();
  const load = async (): Promise<void> => {
    const answer = await ask("/picture.json");
    if (answer.ok) setPicture((await answer.json()) as Picture);
  };
  useEffect(() => void load(), []);
  const placed = useMemo(() => picture && placedPicture(picture), [picture]);
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
      {placed && placed.nodes.length > 0 && <Shown placed={placed} chosen={chosen} choose={choose} />}
      {picture && node && <About node={node} picture={picture} close={() => choose(undefined)} load={load} />}
    </>
  );
}

interface DrawingProps {
  readonly placed: Placed;
  readonly chosen: string | undefined;
  readonly choose: (id: string | undefined) => void;
}

/** The drawing where it can be read as wide as there is room, else the same as a list: nobody has to scroll sideways. */
function Shown(props: DrawingProps) {
  const place = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<number>();
  useLayoutEffect(() => {
    const watch = new ResizeObserver(([entry]) => setRoom(entry?.contentRect.width));
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, []);
  const fits = room !== undefined && room >= props.placed.view.width * smallest;
  return (
    <div ref={place} class="drawing" role="region" aria-label="Picture of what was deployed" tabIndex={0}>
      {room !== undefined && (fits ? <Drawing {...props} /> : <List {...props} />)}
    </div>
  );
}

/** Each thing with what it is related to, one below the other. */
function List({ placed: { nodes, edges }, chosen, choose }: DrawingProps) {
  const named = (id: string): PictureNode | undefined => nodes.find((node) => node.id === id);
  return (
    <ul class="stack">
      {nodes.map(({ id, type, title, kind }) => (
        <li key={id}>
          <button
            type="button"
            class={`card ${kind}${id === chosen ? " chosen" : ""}`}
            aria-pressed={id === chosen}
            onClick={() => choose(id === chosen ? undefined : id)}
          >
            <strong>{type}</strong> {title}
          </button>
          <ul>
            {edges
              .filter(({ from }) => from === id)
              .map(({ to, label }) => (
                <li key={to}>
                  {label} → <strong>{named(to)?.type}</strong> {named(to)?.title}
                </li>
              ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Drawing({ placed, chosen, choose }: DrawingProps) {
  const near = (edge: PictureEdge): boolean => edge.from === chosen || edge.to === chosen;
  const { left, top, width, height } = placed.view;
  return (
    <svg style={{ "--width": `${width}px` }} viewBox={`${left} ${top} ${width} ${height}`}>
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
          transform={`translate(${node.x - node.width / 2} ${node.y - node.height / 2})`}
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
          <rect width={node.width} height={node.height} rx="8" />
          <text x={node.width / 2} y="18" class="title">
            {node.type}
          </text>
          <text class="type">
            {node.lines.map((line, at) => (
              <tspan key={line} x={node.width / 2} y={33 + at * lineHeight}>
                {line}
              </tspan>
            ))}
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
