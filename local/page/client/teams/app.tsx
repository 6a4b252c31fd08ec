import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ShownApp, TeamsState } from "../../teams-panel";
import { Choice, Facts, Quiet } from "../controls";
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
        {app?.installed && <Quiet onClick={() => void act(view, "take-out")}>Uninstall</Quiet>}
        <Quiet aria-expanded={open} aria-controls="app-more" onClick={() => setOpen(!open)}>
          App and faults
        </Quiet>
      </div>
      <div id="app-more" class="more" hidden={!open}>
        {state.apps.length > 1 && (
          <Choice
            label="App"
            class="field"
            value={app?.id}
            options={state.apps.map(({ id, name }) => [id, name])}
            choose={choose}
          />
        )}
        {app && <AppFacts app={app} />}
        <Upload view={view} choose={choose} />
        {app && <Quiet onClick={() => void act(view, "remove")}>Delete the app from Teams</Quiet>}
        <Failure view={view} state={state} />
      </div>
    </div>
  );
}

function AppFacts({ app }: { app: ShownApp }): JSX.Element {
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
      <Facts class="facts" rows={rows} />
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
      <Choice
        label="Silent sign-in"
        class="field"
        value={state.failure}
        options={[["", "works"], ...state.failures.map(({ code }) => [code, `fails: ${code}`] as const)]}
        choose={(failure) => void act(view, "failure", { failure })}
      />
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
