import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ShownApp, TeamsState } from "../../teams-panel";
import { act, type View } from "./actions";

interface AppProps {
  readonly view: View;
  readonly state: TeamsState;
  readonly app: ShownApp | undefined;
  readonly choose: (app: string) => void;
}

/** The app: which it is, where it can be added, how it is uploaded, and how its silent sign-in is to fail. */
export function App({ view, state, app, choose }: AppProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <div class="app">
      <div class="app-line">
        {app && <img src={app.icons.color} alt="" width="28" height="28" />}
        <span class="name">
          {app ? app.name : "No app yet"}
          {app && <small>{` ${app.version}`}</small>}
        </span>
        {app?.installed && (
          <button type="button" class="quiet" onClick={() => void act(view, "take-out")}>
            Uninstall
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-expanded={open}
          aria-controls="app-more"
          onClick={() => setOpen(!open)}
        >
          App and faults
        </button>
      </div>
      <div id="app-more" class="more" hidden={!open}>
        {state.apps.length > 1 && (
          <label class="field">
            App
            <select value={app?.id} onChange={(event) => choose(event.currentTarget.value)}>
              {state.apps.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        {app && <Facts app={app} />}
        <Upload view={view} choose={choose} />
        {app && (
          <button type="button" class="quiet" onClick={() => void act(view, "remove")}>
            Delete the app from Teams
          </button>
        )}
        <Failure view={view} state={state} />
      </div>
    </div>
  );
}

function Facts({ app }: { app: ShownApp }): JSX.Element {
  const rows: readonly (readonly [string, string])[] = [
    ["Description", app.description],
    ["Developer", app.developer],
    ["Scopes", app.scopes.join(", ")],
    ["Bot", app.botId],
    ["Single sign-on", app.webApplicationInfo?.resource ?? "none: people sign in by the card"],
    ["Commands", app.commands.join(", ") || "none"],
  ];
  return (
    <>
      <p class="icons">
        <img src={app.icons.color} alt="Color icon" width="48" height="48" />
        <img class="outline" src={app.icons.outline} alt="Outline icon" width="32" height="32" />
      </p>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Takes a package as a person uploads it in Teams: Apps, Manage your apps, Upload a custom app. */
export function Upload({ view, choose }: { view: View; choose: (app: string) => void }): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [told, tell] = useState<{ text: string; refused: boolean }>();
  const upload = async (): Promise<void> => {
    const file = input.current?.files?.[0];
    if (!file) return;
    const { problem, app, name, warning } = await act(view, "upload", file);
    // The same file can be chosen again.
    if (input.current) input.current.value = "";
    const text = problem ? `${file.name} was not taken. ${problem}` : `${name} is in Teams. ${warning ?? ""}`;
    tell({ text, refused: problem !== undefined });
    if (app) choose(app);
  };
  return (
    <div class="upload">
      <label class="field">
        Upload an app package (zip)
        <input ref={input} type="file" accept=".zip,application/zip" onChange={() => void upload()} />
      </label>
      <div role={told?.refused ? "alert" : "status"}>
        {told && <p class={told.refused ? "mistake" : "note"}>{told.text}</p>}
      </div>
    </div>
  );
}

function Failure({ view, state }: { view: View; state: TeamsState }): JSX.Element {
  const chosen = state.failures.find(({ code }) => code === state.failure);
  return (
    <>
      <label class="field">
        Silent sign-in
        <select
          value={state.failure}
          onChange={(event) => void act(view, "failure", { failure: event.currentTarget.value })}
        >
          <option value="">works</option>
          {state.failures.map(({ code }) => (
            <option key={code} value={code}>{`fails: ${code}`}</option>
          ))}
        </select>
      </label>
      {chosen && <p class="note">{chosen.meaning}</p>}
      {state.switches.map(({ name, effect, on }) => (
        <label key={name} class="switch">
          <input
            type="checkbox"
            checked={on}
            onChange={(event) => void act(view, "switch", { name, on: event.currentTarget.checked })}
          />
          {effect}
        </label>
      ))}
    </>
  );
}
