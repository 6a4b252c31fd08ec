import { teamsCodeMessage } from "../../../azure/bot-service/teams/window-message";
import type { TeamsState } from "../../teams-panel";
import { ask } from "../own";

/** Who looks at which chat with which app; what is empty is the first, or the newest app. */
export interface View {
  readonly person: string;
  readonly place: string;
  readonly app: string;
}

export const startView: View = { person: "", place: "personal", app: "" };

/** Whether both look at the same: a press on what is open already changes nothing. */
export const isSameView = (one: View, other: View): boolean =>
  one.person === other.person && one.place === other.place && one.app === other.app;

const query = (view: View): string => new URLSearchParams({ ...view }).toString();

/** What a person sees; undefined while the local Azure does not answer. */
export async function stateOf(view: View): Promise<TeamsState | undefined> {
  const answer = await ask(`/teams?${query(view)}`).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as TeamsState) : undefined;
}

/** What a button's answer may say. */
export interface Told {
  readonly problem?: string;
  readonly address?: string;
  readonly app?: string;
  readonly name?: string;
  readonly warning?: string;
}

/** Presses something in a view. What goes wrong is told as a sentence. */
export async function act(view: View, action: string, body: object | Blob = {}): Promise<Told> {
  const isFile = body instanceof Blob;
  const answer = await ask(`/teams/${action}?${query(view)}`, {
    method: "POST",
    headers: { "content-type": isFile ? "application/zip" : "application/json" },
    body: isFile ? body : JSON.stringify(body),
  }).catch(() => undefined);
  if (!answer) return { problem: "The local Azure does not answer." };
  const told = (await answer.json().catch(() => ({}))) as Told;
  return answer.ok || told.problem ? told : { problem: "That did not work." };
}

/**
 * Opens the window behind a card, as Teams does, and tells Teams how it ended: by what its last page hands over, or by
 * the person who closes it. Has to be called by a press, else browsers open no window.
 */
export async function openWindow(view: View, card: string): Promise<string | undefined> {
  const popup = window.open("about:blank", "_blank", "popup,width=520,height=680");
  if (!popup) return "The browser opened no window. Allow this page to open windows, then press again.";
  const { address, problem } = await act(view, "window", { card });
  if (!address) {
    popup.close();
    return problem ?? "That did not work.";
  }
  popup.location.href = address;
  const result = await endOf(popup);
  popup.close();
  return (await act(view, "window-ended", { card, ...(result !== undefined && { result }) })).problem;
}

/** A page that closes its window has told before what it hands over: its words may arrive a little later. */
const wordsArrive = 300;

function endOf(popup: Window): Promise<string | undefined> {
  return new Promise((done) => {
    const end = (result: string | undefined): void => {
      clearInterval(timer);
      removeEventListener("message", hear);
      done(result);
    };
    const hear = ({ source, origin, data }: MessageEvent): void => {
      const { type, code } = (data ?? {}) as { type?: unknown; code?: unknown };
      if (source === popup && origin === location.origin && type === teamsCodeMessage) end(String(code));
    };
    addEventListener("message", hear);
    const timer = setInterval(() => {
      if (!popup.closed) return;
      clearInterval(timer);
      setTimeout(() => end(undefined), wordsArrive);
    }, 200);
  });
}
