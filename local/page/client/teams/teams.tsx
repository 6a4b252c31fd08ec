import "./teams.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { TeamsState } from "../../teams-panel";
import { Choice } from "../controls";
import { loadAnew, ownAddress } from "../own";
import { act, isSameView, startView, stateOf, type View } from "./actions";
import { App, Upload } from "./app";
import { Messages } from "./messages";

const deviceChoices = [
  ["browser", "Browser"],
  ["desktop", "Desktop"],
  ["phone", "Phone"],
  ["browser phone", "Browser and phone"],
] as const;

/** Teams, as one person has it open. Others are a choice away: each has a sign-in and chats of their own. */
export function Teams(): JSX.Element {
  const [view, setView] = useState<View>(startView);
  const [seen, setSeen] = useState<{ readonly view: View; readonly state: TeamsState }>();
  const choose = (change: Partial<View>): void => setView({ ...view, ...change });
  useEffect(() => {
    let ended = false;
    const look = async (): Promise<void> => {
      const state = await stateOf(view);
      if (state && !ended) setSeen({ view, state });
    };
    void act(view, "open").then(look);
    const events = new EventSource(ownAddress("/teams/changes"));
    events.onmessage = () => void look();
    // The first look may be older than the stream.
    events.onopen = () => void act(view, "open").then(look);
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) void loadAnew();
    };
    return () => {
      ended = true;
      events.close();
    };
  }, [view.person, view.place, view.app]);
  if (!seen) return <p class="empty">One moment.</p>;
  const { state } = seen;
  // Nobody sees for a moment what another was told.
  const messages = isSameView(seen.view, view) ? state.messages : [];
  const app = state.apps.find(({ id }) => id === view.app) ?? state.apps.at(-1);
  return (
    <>
      <div class="bar">
        <Choice
          label="You are"
          value={view.person}
          options={state.people.map(({ id, name }, at) => [at === 0 ? "" : id, name])}
          choose={(person) => choose({ person })}
        />
        <Choice
          label="Devices"
          value={state.devices.join(" ")}
          disabled={!app?.installed}
          options={deviceChoices}
          choose={(devices) => void act(view, "devices", { devices: devices.split(" ") })}
        />
      </div>
      <div class="places" role="group" aria-label="Chats">
        {state.places.map(({ kind, name }) => (
          <button key={kind} type="button" aria-pressed={view.place === kind} onClick={() => choose({ place: kind })}>
            {name}
          </button>
        ))}
      </div>
      <App view={view} state={state} app={app} choose={(id) => choose({ app: id })} />
      {app?.installed ? (
        <>
          <Messages view={view} app={app.name} messages={messages} />
          <Compose key={view.place} view={view} bot={app.name} />
        </>
      ) : (
        <NotHere view={view} state={state} choose={(id) => choose({ app: id })} />
      )}
    </>
  );
}

interface NotHereProps {
  readonly view: View;
  readonly state: TeamsState;
  readonly choose: (app: string) => void;
}

/** A chat without the app: nobody reaches the bot there. */
function NotHere({ view, state, choose }: NotHereProps): JSX.Element {
  const app = state.apps.find(({ id }) => id === view.app) ?? state.apps.at(-1);
  if (!app) {
    return (
      <div class="empty">
        <p role="status">
          {state.making || "No app is in Teams. npm run teams:package -- <stack> writes the package; upload it here."}
        </p>
        {!state.making && <Upload view={view} choose={choose} />}
      </div>
    );
  }
  if (!app.takes) {
    return (
      <p class="empty">
        {`${app.name} cannot be added here: its package names the scopes ${app.scopes.join(", ")}. With the setting teams.groups it is for groups and channels, too; npm start -- --stack teams has it.`}
      </p>
    );
  }
  return (
    <p class="empty">
      {`${app.name} is not in this chat. `}
      <button type="button" class="main" onClick={() => void act(view, "add")}>
        Add
      </button>
    </p>
  );
}

function Compose({ view, bot }: { view: View; bot: string }): JSX.Element {
  const [text, setText] = useState("");
  const [mention, setMention] = useState(true);
  const [problem, tell] = useState("");
  const among = view.place !== "personal";
  const send = (): void => {
    if (text.trim() === "") return;
    setText("");
    tell("");
    void act(view, "say", { text: text.trim(), mention }).then((told) => tell(told.problem ?? ""));
  };
  return (
    <form
      class="compose"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div role="alert">{problem && <p class="mistake">{problem}</p>}</div>
      {among && (
        <label class="mention">
          <input type="checkbox" checked={mention} onChange={(event) => setMention(event.currentTarget.checked)} />
          {`Mention ${bot}: without it the bot is not sent the message`}
        </label>
      )}
      <div class="write">
        <input
          aria-label="Message"
          placeholder="Type a message"
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="main">
          Send
        </button>
      </div>
    </form>
  );
}
