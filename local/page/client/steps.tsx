import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Exchange } from "../../azure/exchange";
import { talksOf } from "../talk";
import { parties, steps, type Arrow } from "../ten-steps";
import { consentMissing } from "../mistakes";
import { ConsentForEveryone } from "./consent";
import { Choice, Quiet } from "./controls";
import { Detail } from "./detail";
import { ask, loadAnew, ownAddress } from "./own";

/** At most this many arrows are drawn; older ones scroll out of memory. */
const kept = 300;

/** The ten steps, and below them every exchange as an arrow between lanes, as they happen. */
export function Steps({ visible }: { visible: boolean }): JSX.Element {
  const [arrows, setArrows] = useState<readonly Arrow[]>([]);
  const [from, setFrom] = useState(0);
  const [open, setOpen] = useState<{ exchange: Exchange; arrow: Arrow }>();
  useEffect(() => {
    const events = new EventSource(ownAddress("/arrows"));
    events.onmessage = ({ data }) => {
      const drawn = JSON.parse(String(data)) as Arrow;
      setArrows((known) => withArrow(known, drawn));
    };
    // A connection that ends is made again by itself; a refused one is not.
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) void loadAnew();
    };
    return () => events.close();
  }, []);
  const shown = arrows.filter(({ number }) => number > from);
  const show = async (arrow: Arrow): Promise<void> => {
    const answer = await ask(`/exchange?number=${arrow.number}`);
    if (answer.ok) setOpen({ exchange: (await answer.json()) as Exchange, arrow });
  };
  return (
    <>
      <div class="head">
        <h1>The ten steps of a sign-in</h1>
        <div class="actions">
          <ChangePerson />
          <Quiet disabled={shown.length === 0} onClick={() => setFrom(arrows.at(-1)?.number ?? 0)}>
            Clear
          </Quiet>
        </div>
      </div>
      <TenSteps arrows={shown} />
      <Sequence arrows={shown} show={show} visible={visible} />
      {open && <Detail {...open} close={() => setOpen(undefined)} />}
    </>
  );
}

/**
 * Ends the sign-ins of this browser. Every provider keeps a person signed in in his browser, as in life: the next sign-in
 * would pass unseen.
 */
function ChangePerson(): JSX.Element {
  const [told, tell] = useState("");
  const leave = async (): Promise<void> => {
    tell("");
    const answer = await ask("/sign-outs");
    const places = answer.ok ? ((await answer.json()) as { name: string; path: string }[]) : [];
    const left = await Promise.all(places.map(({ path }) => fetch(path).catch(() => undefined)));
    const names = places.map(({ name }) => name).join(", ");
    tell(left.length > 0 && left.every((one) => one?.ok) ? `Signed out: ${names}` : "That did not work. Try again.");
  };
  return (
    <>
      <span role="status" class="told">
        {told}
      </span>
      <Quiet onClick={() => void leave()}>Change person</Quiet>
    </>
  );
}

/** Exchanges are told when they end; drawn in the order in which they began, so that a request stands above what it led to. */
function withArrow(known: readonly Arrow[], drawn: Arrow): readonly Arrow[] {
  if (known.some(({ number }) => number === drawn.number)) return known;
  return [...known, drawn].sort((one, other) => one.number - other.number).slice(-kept);
}

/** One list a conversation: of the one that was spoken in last, unless the person chose another. */
function TenSteps({ arrows }: { arrows: readonly Arrow[] }) {
  const [chosen, choose] = useState("");
  const { talks, newest } = talksOf(arrows);
  const talk = talks.find(({ id }) => id === chosen) ?? newest;
  return (
    <>
      {talks.length > 1 && (
        <Choice
          label="Conversation"
          class="talks"
          value={chosen}
          options={[["", `The newest: ${newest.name}`], ...talks.map(({ id, name }) => [id, name] as const)]}
          choose={choose}
        />
      )}
      <ol class="ten">
        {steps.map((text, at) => {
          const { state, at: place } = talk.steps[at] ?? { state: "open" };
          return (
            <li key={text} class={state}>
              <b>{at + 1}</b>
              <span>
                {text}
                {place && <em>{` ${place}`}</em>}
                {state !== "open" && <span class="hidden">{state === "done" ? " (done)" : " (refused)"}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

interface SequenceProps {
  readonly arrows: readonly Arrow[];
  readonly show: (arrow: Arrow) => Promise<void>;
  readonly visible: boolean;
}

function Sequence({ arrows, show, visible }: SequenceProps) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  // New arrows scroll into view, unless the person has scrolled up to look at older ones.
  useEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [arrows.length, visible]);
  const onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = box.current as HTMLDivElement;
    follows.current = scrollTop + clientHeight > scrollHeight - 40;
  };
  return (
    <div class="sequence" ref={box} onScroll={onScroll} role="region" aria-label="Requests" tabIndex={0}>
      <div class="lanes" aria-hidden="true">
        {parties.map((party) => (
          <span key={party}>{party}</span>
        ))}
      </div>
      {arrows.length === 0 ? (
        <p class="empty">
          Write <strong>mail</strong> in the chat: every request appears here as it happens. Press one to see it whole.
        </p>
      ) : (
        <ol>
          {arrows.map((drawn) => (
            <Row key={drawn.number} arrow={drawn} show={show} />
          ))}
        </ol>
      )}
    </div>
  );
}

/** One arrow: the label above its line, both between the two lanes. */
function Row({ arrow, show }: { arrow: Arrow; show: (arrow: Arrow) => Promise<void> }) {
  const { from, to, outside, at, mistake } = arrow;
  const [begin, end] = [parties.indexOf(from), parties.indexOf(to)].sort((one, other) => one - other) as [
    number,
    number,
  ];
  const back = parties.indexOf(to) < parties.indexOf(from);
  // A label begins at its arrow's left lane, and takes the room to the right; on the last lanes it ends at the right.
  const place = { "--begin": begin, "--end": end };
  return (
    <li>
      <button
        type="button"
        class={arrow.refused ? "row refused" : "row"}
        style={place}
        onClick={() => void show(arrow)}
      >
        <span class={begin >= 3 ? "label late" : "label"}>
          {arrow.steps.map((step) => (
            <b key={step}>{step}</b>
          ))}
          <span class="hidden">{`${from} to ${outside ?? at ?? to}: `}</span>
          <span class="what">
            {(outside ?? at) && <em>{outside ?? at} </em>}
            {arrow.method} {arrow.path}
          </span>{" "}
          <span class="status">{arrow.status}</span> <span class="time">{`${arrow.milliseconds} ms`}</span>
        </span>
        <span class={outside ? "line outside" : back ? "line back" : "line"} aria-hidden="true" />
      </button>
      {mistake && (
        <p class="mistake">
          <strong>{mistake.number ? `Known mistake ${mistake.number}` : "Refused"}</strong> {mistake.what}{" "}
          <span class="fix">{mistake.fix}</span>
          {mistake.number === consentMissing && <ConsentForEveryone />}
        </p>
      )}
    </li>
  );
}
