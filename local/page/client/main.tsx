import "./page.css";
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Faults } from "./faults";
import { ask } from "./own";
import { PictureTab } from "./picture";
import { Steps } from "./steps";
import { Teams } from "./teams/teams";

const tabs = [
  { id: "chat", title: "Chat" },
  { id: "steps", title: "Ten steps" },
  { id: "picture", title: "What was deployed" },
  { id: "faults", title: "Faults" },
] as const;
type Tab = (typeof tabs)[number]["id"];

const wide = matchMedia("(min-width: 801px)");

/** Everything beside the chat. Where the window is narrow, the chat is a tab like the others, and the first. */
function Side() {
  const [isWide, setWide] = useState(wide.matches);
  const [chosen, choose] = useState<Tab>("chat");
  useEffect(() => {
    const follow = (): void => setWide(wide.matches);
    wide.addEventListener("change", follow);
    return () => wide.removeEventListener("change", follow);
  }, []);
  const shown = isWide ? tabs.slice(1) : tabs;
  const tab: Tab = isWide && chosen === "chat" ? "steps" : chosen;
  useEffect(() => void (document.body.dataset.tab = tab), [tab]);
  return (
    <>
      <Tabs shown={shown} tab={tab} choose={choose} />
      {tabs.slice(1).map(({ id }) => (
        <section
          key={id}
          id={`panel-${id}`}
          role="tabpanel"
          aria-labelledby={`tab-${id}`}
          class={`panel ${id}`}
          hidden={tab !== id}
        >
          {id === "steps" && <Steps visible={tab === "steps"} />}
          {id === "picture" && tab === "picture" && <PictureTab />}
          {id === "faults" && tab === "faults" && <Faults />}
        </section>
      ))}
    </>
  );
}

interface TabsProps {
  readonly shown: readonly (typeof tabs)[number][];
  readonly tab: Tab;
  readonly choose: (tab: Tab) => void;
}

/** Tabs as the ARIA practices have them: one stop for Tab, arrows and Home and End move between them. */
function Tabs({ shown, tab, choose }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = shown.findIndex(({ id }) => id === tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    const next = to === undefined ? undefined : shown.at(to % shown.length);
    if (!next) return;
    event.preventDefault();
    choose(next.id);
    list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Local Azure" ref={list} onKeyDown={onKeyDown}>
      {shown.map(({ id, title }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === tab}
          aria-controls={id === "chat" ? "talk" : `panel-${id}`}
          tabIndex={id === tab ? 0 : -1}
          onClick={() => choose(id)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

const places = [
  { id: "web", title: "Web chat" },
  { id: "teams", title: "Teams" },
] as const;

/** Where the person talks to the bot: on its web page, or in Teams, which `#teams` in the address opens. */
function Where() {
  const [where, go] = useState(() => (location.hash === "#teams" ? "teams" : "web"));
  useEffect(() => {
    document.body.dataset.where = where;
    history.replaceState(null, "", where === "teams" ? "#teams" : location.pathname);
    // Teams is opened, and its people signed in, once somebody looks.
    const place = document.getElementById("teams");
    if (place && where === "teams" && !place.hasChildNodes()) render(<Teams />, place);
  }, [where]);
  return (
    <div class="where" role="group" aria-label="Where you talk to the bot">
      {places.map(({ id, title }) => (
        <button key={id} type="button" aria-pressed={where === id} onClick={() => go(id)}>
          {title}
        </button>
      ))}
    </div>
  );
}

/** Opens the chat as soon as there is a bot. */
async function openChat(): Promise<void> {
  const talk = document.getElementById("web");
  while (talk && !document.getElementById("chat")) {
    await new Promise((wake) => setTimeout(wake, 1000));
    const answer = await ask("/bot").catch(() => undefined);
    const { chat } = answer?.ok ? ((await answer.json()) as { chat: string | null }) : { chat: null };
    if (!chat) continue;
    const frame = document.createElement("iframe");
    Object.assign(frame, { id: "chat", title: "The bot's chat page", src: chat });
    talk.replaceChildren(frame);
  }
}

const side = document.getElementById("side");
if (side) render(<Side />, side);
const where = document.getElementById("where");
if (where) render(<Where />, where);
void openChat();
