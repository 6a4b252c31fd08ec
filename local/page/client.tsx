import "./page.css";
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Exchange } from "../azure/trace";
import { parties, steps, type Arrow, type Party } from "./ten-steps";

const lane = 100 / parties.length;
const centre = (party: Party): number => lane * (parties.indexOf(party) + 0.5);

/** The ten steps as a list that fills, above the sequence of all exchanges. */
function Steps() {
  const [arrows, setArrows] = useState<readonly Arrow[]>([]);
  const [from, setFrom] = useState(0);
  const [open, setOpen] = useState<Exchange>();
  useEffect(() => {
    const events = new EventSource("/arrows");
    events.onmessage = ({ data }) => {
      const drawn = JSON.parse(String(data)) as Arrow;
      setArrows((known) => withArrow(known, drawn));
    };
    return () => events.close();
  }, []);
  const shown = arrows.filter(({ number }) => number > from);
  const show = async (number: number): Promise<void> => {
    const answer = await fetch(`/exchange?number=${number}`);
    if (answer.ok) setOpen((await answer.json()) as Exchange);
  };
  return (
    <>
      <header>
        <h1>The ten steps of a sign-in</h1>
        <button type="button" onClick={() => setFrom(arrows.at(-1)?.number ?? 0)}>
          Clear
        </button>
      </header>
      <ol class="ten">
        {steps.map((text, at) => {
          const of = shown.filter((drawn) => drawn.steps.includes(at + 1));
          const state = of.length === 0 ? "open" : of.at(-1)?.refused ? "refused" : "done";
          return (
            <li key={text} class={state}>
              {text}
              <span class="hidden">{state === "open" ? "" : state === "done" ? " (done)" : " (refused)"}</span>
            </li>
          );
        })}
      </ol>
      <Sequence arrows={shown} show={show} />
      {open && <Detail exchange={open} close={() => setOpen(undefined)} />}
    </>
  );
}

/** Exchanges are told when they end; drawn in the order in which they began, so that a request stands above what it led to. */
function withArrow(known: readonly Arrow[], drawn: Arrow): readonly Arrow[] {
  if (known.some(({ number }) => number === drawn.number)) return known;
  return [...known, drawn].sort((one, other) => one.number - other.number).slice(-400);
}

function Sequence({ arrows, show }: { arrows: readonly Arrow[]; show: (number: number) => Promise<void> }) {
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [arrows.length]);
  return (
    <div class="sequence">
      <div class="parties" aria-hidden="true">
        {parties.map((party) => (
          <span key={party}>{party}</span>
        ))}
      </div>
      {arrows.length === 0 && <p class="empty">Write “mail” in the chat and watch what happens.</p>}
      <ol>
        {arrows.map((drawn, at) => (
          <li key={drawn.number} ref={at === arrows.length - 1 ? end : null}>
            <button type="button" class={drawn.refused ? "refused" : ""} onClick={() => void show(drawn.number)}>
              <span class="label">
                {drawn.steps.map((step) => (
                  <b key={step}>{step}</b>
                ))}
                <span class="hidden">{`${drawn.from} to ${drawn.to}: `}</span>
                {drawn.label} <i>{`${drawn.status}, ${drawn.milliseconds} ms`}</i>
              </span>
              <Line from={centre(drawn.from)} to={centre(drawn.to)} />
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Line({ from, to }: { from: number; to: number }) {
  const back = to < from;
  return (
    <span class="line" aria-hidden="true">
      <span
        class={back ? "arrow back" : "arrow"}
        style={{ left: `${Math.min(from, to)}%`, width: `${Math.abs(to - from)}%` }}
      />
    </span>
  );
}

function Detail({ exchange, close }: { exchange: Exchange; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), [exchange]);
  return (
    <dialog ref={dialog} onClose={close} aria-label="Request and answer">
      <header>
        <h2>{`${exchange.caller} to ${exchange.service}`}</h2>
        <button type="button" onClick={close}>
          Close
        </button>
      </header>
      <h3>Request</h3>
      <pre tabIndex={0}>
        {`${exchange.method} ${exchange.url}\n${lines(exchange.requestHeaders)}\n\n${readable(exchange.requestBody)}`}
      </pre>
      <h3>Answer</h3>
      <pre
        tabIndex={0}
      >{`${exchange.status}\n${lines(exchange.responseHeaders)}\n\n${readable(exchange.responseBody)}`}</pre>
    </dialog>
  );
}

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

function readable(body: string | undefined): string {
  if (!body) return "";
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

const place = document.getElementById("steps");
if (place) render(<Steps />, place);
