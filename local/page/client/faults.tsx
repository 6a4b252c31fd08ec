import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ActiveFault } from "../../door/faults";
import { clockSteps } from "../../door/known-faults";
import type { FaultState } from "../fault-panel";
import { Choice, Quiet } from "./controls";
import { ask } from "./own";

/** Switches faults on and off. */
export function Faults(): JSX.Element {
  const [state, setState] = useState<FaultState>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const load = async (): Promise<void> => {
    const answer = await ask("/faults").catch(() => undefined);
    if (answer?.ok) setState((await answer.json()) as FaultState);
  };
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), 2000);
    return () => clearInterval(timer);
  }, []);
  const send = async (action: string, body: object = {}): Promise<void> => {
    setBusy(true);
    const answer = await ask(`/faults/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const told = (await answer.json().catch(() => ({}))) as FaultState & { message?: string };
    if (answer.ok) setState(told);
    setProblem(answer.ok ? "" : (told.message ?? "That did not work."));
    setBusy(false);
  };
  const on = (fault: string): void => void send("on", { fault });
  if (!state) return <p class="empty">One moment.</p>;
  return (
    <>
      <div class="head">
        <h1>Faults</h1>
        <Quiet disabled={state.active.length === 0} onClick={() => void send("off")}>
          All off
        </Quiet>
      </div>
      <div class="scroll">
        {problem && (
          <p class="mistake" role="alert">
            {problem}
          </p>
        )}
        <On faults={state.active} off={(id) => void send("off", { id })} />
        <h2>Switch one on</h2>
        <ul class="known">
          {state.known.map(({ name, title, effect }) => (
            <li key={name}>
              <Quiet disabled={busy} onClick={() => on(name)} aria-label={`Switch on: ${title}`}>
                Switch on
              </Quiet>
              <span>
                <strong>{title}</strong>
                <small>{effect}</small>
              </span>
            </li>
          ))}
        </ul>
        <h2>Move the clock</h2>
        <p class="note">
          {`The local Azure's time is ${state.now.slice(0, 16).replace("T", " ")} UTC`}
          {state.ahead >= 60_000 ? `, ${ahead(state.ahead)} ahead of this machine. ` : ". "}
          The bot is started again under the new time.
        </p>
        <ul class="known">
          {clockSteps.map(({ fault, title, effect }) => (
            <li key={fault}>
              <Quiet disabled={busy} onClick={() => on(fault)} aria-label={`Move the clock ahead: ${title}`}>
                {title}
              </Quiet>
              <span>
                <small>{effect}</small>
              </span>
            </li>
          ))}
          <li>
            <Quiet onClick={openChatAnew}>New chat</Quiet>
            <span>
              <small>Opens the chat anew, as one does who comes back later.</small>
            </span>
          </li>
          {state.ahead >= 60_000 && (
            <li>
              <Quiet disabled={busy} onClick={() => void send("clock-back")}>
                Back to now
              </Quiet>
              <span>
                <small>Tokens issued meanwhile are not valid yet: the bot then asks for a sign-in.</small>
              </span>
            </li>
          )}
        </ul>
        <Own state={state} on={on} busy={busy} />
      </div>
    </>
  );
}

function openChatAnew(): void {
  const chat = document.querySelector<HTMLIFrameElement>("iframe#chat");
  if (chat) chat.src = chat.getAttribute("src") ?? "/";
}

function On({ faults, off }: { faults: readonly ActiveFault[]; off: (id: number) => void }) {
  return (
    <div role="status">
      {faults.length === 0 ? (
        <p class="note">No fault is on: every service answers as it should.</p>
      ) : (
        <ul class="on">
          {faults.map((fault) => (
            <li key={fault.id}>
              <span>{sentence(fault)}</span>
              <Quiet onClick={() => off(fault.id)} aria-label={`Switch off: ${sentence(fault)}`}>
                Off
              </Quiet>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const kinds = [
  ["latency", "answers late"],
  ["refuse", "refuses calls"],
  ["refuse-once", "refuses one call"],
  ["cut", "loses its answers"],
  ["truncate", "breaks its answers off"],
] as const;

/** A fault of one's own making. */
function Own({ state, on, busy }: { state: FaultState; on: (fault: string) => void; busy: boolean }) {
  const [service, setService] = useState("Microsoft Graph");
  const [kind, setKind] = useState("latency");
  const [value, setValue] = useState("3000");
  const [percent, setPercent] = useState("");
  const valued = kind === "latency" || kind.startsWith("refuse");
  const rate = /^\d+$/.test(percent) && percent !== "100" ? `%${percent}` : "";
  const text = `${kind}:${service.toLowerCase().replaceAll(" ", "-")}${valued ? `:${value}` : ""}${rate}`;
  return (
    <>
      <h2>Your own</h2>
      <form
        class="own"
        onSubmit={(event) => {
          event.preventDefault();
          on(text);
        }}
      >
        <Choice label="Service" value={service} options={state.services.map((one) => [one, one])} choose={setService} />
        <Choice
          label="What"
          value={kind}
          options={kinds}
          choose={(chosen) => {
            setKind(chosen);
            setValue(chosen === "latency" ? "3000" : "503");
          }}
        />
        {valued && (
          <label>
            {kind === "latency" ? "Milliseconds" : "Status"}
            <input inputMode="numeric" value={value} onInput={(event) => setValue(event.currentTarget.value)} />
          </label>
        )}
        <label>
          % of calls
          <input
            inputMode="numeric"
            placeholder="100"
            value={percent}
            onInput={(event) => setPercent(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="quiet" disabled={busy}>
          Switch on
        </button>
      </form>
      <p class="note">
        The same from a terminal: <code>{`npm start -- --fault ${text}`}</code>
      </p>
    </>
  );
}

function sentence(fault: ActiveFault): string {
  const { service, path, percent } = fault;
  const many = percent === undefined ? "every call" : `${percent} % of the calls`;
  const calls = `${fault.once ? "its next call" : many}${path ? ` to ${path}` : ""}`;
  switch (fault.kind) {
    case "latency": {
      const most = fault.most === undefined ? "" : ` to ${fault.most}`;
      return `${service} answers ${calls === "every call" ? "" : `${calls} `}${fault.milliseconds}${most} ms late`;
    }
    case "refusal":
      return `${service} refuses ${calls}: ${fault.status} ${fault.code}`;
    case "cut":
      return `${service} loses its answer to ${calls}`;
    case "truncation":
      return `${service} breaks off its answer to ${calls}`;
  }
}

function ahead(milliseconds: number): string {
  const hours = Math.round(milliseconds / 3_600_000);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
