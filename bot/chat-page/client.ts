import type { TokenAnswer } from "./token-endpoint";

/** What the page uses of Web Chat's own script (window.WebChat). */
interface WebChat {
  createDirectLine(options: { token: string; domain: string }): DirectLineConnection;
  createStore(state: object, middleware: (store: unknown) => (next: Dispatch) => Dispatch): unknown;
  renderWebChat(props: object, element: HTMLElement): void;
}

interface DirectLineConnection {
  connectionStatus$: { subscribe(next: (status: number) => void): { unsubscribe(): void } };
  end(): void;
}

type Dispatch = (action: { type: string; payload?: { activity?: Activity } }) => unknown;
interface Activity {
  from?: { role?: string };
  type?: string;
}

/** Direct Line's connection states that do not mend themselves: token expired, connection failed. */
const lost = [3, 4];

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}.`);
  return found;
};
const styleNonce = (document.currentScript as HTMLScriptElement | null)?.dataset.styleNonce;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Every address is relative: the page may live below a path, and its cookie with it. */
async function fetchToken(): Promise<TokenAnswer> {
  const answer = await fetch("./api/token", { method: "POST", credentials: "same-origin" });
  if (answer.status === 429) throw new Error("This browser has opened too many chats. Please wait a minute.");
  if (!answer.ok) throw new Error("The chat cannot be opened right now.");
  return (await answer.json()) as TokenAnswer;
}

function styleOptions(): object {
  const read = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return {
    accent: read("--accent"),
    primaryFont: '"Segoe UI", system-ui, sans-serif',
    backgroundColor: read("--page"),
    subtle: read("--quiet"),
    timestampColor: read("--quiet"),
    bubbleBackground: read("--bubble"),
    bubbleTextColor: read("--text"),
    bubbleBorderWidth: 0,
    bubbleBorderRadius: 10,
    bubbleMaxWidth: 640,
    bubbleFromUserBackground: read("--accent"),
    bubbleFromUserTextColor: read("--accent-text"),
    bubbleFromUserBorderWidth: 0,
    bubbleFromUserBorderRadius: 10,
    cardEmphasisBackgroundColor: read("--bubble"),
    paddingRegular: 12,
    sendBoxBackground: read("--page"),
    sendBoxTextColor: read("--text"),
    sendBoxPlaceholderColor: read("--quiet"),
    sendBoxButtonColor: read("--accent"),
    sendBoxBorderTop: `solid 1px ${read("--line")}`,
    hideUploadButton: true,
    rootHeight: "100%",
    rootWidth: "100%",
  };
}

/** Says what went wrong and offers a new chat; the sign-in stays, it belongs to the browser. */
function showProblem(text: string): void {
  element("loading").hidden = true;
  element("problem-text").textContent = text;
  element("problem").hidden = false;
}

function showHint(): void {
  element("hint").hidden = false;
}

function hideHintAfterTheAnswer(): (next: Dispatch) => Dispatch {
  return (next) => (action) => {
    const { activity } = action.payload ?? {};
    const isFromBot = action.type === "DIRECT_LINE/INCOMING_ACTIVITY" && activity?.from?.role === "bot";
    if (isFromBot && activity?.type === "message") element("hint").hidden = true;
    return next(action);
  };
}

async function open(): Promise<void> {
  const { WebChat: webChat } = window as unknown as { WebChat?: WebChat };
  if (!webChat) throw new Error("The chat's script could not be loaded.");
  const { token, domain } = await fetchToken();
  const directLine = webChat.createDirectLine({ token, domain });
  const store = webChat.createStore({}, hideHintAfterTheAnswer);
  const cardActionMiddleware =
    () =>
    (next: (options: { cardAction: { type?: string } }) => unknown) =>
    (options: { cardAction: { type?: string } }): unknown => {
      if (options.cardAction.type === "signin") showHint();
      return next(options);
    };
  // One middleware for the chat's life: Web Chat warns about, and reconnects for, props that change without need.
  const fixed = { directLine, store, nonce: styleNonce, cardActionMiddleware, locale: "en-US" };
  const render = (): void => webChat.renderWebChat({ ...fixed, styleOptions: styleOptions() }, element("chat"));

  directLine.connectionStatus$.subscribe((status) => {
    if (lost.includes(status)) showProblem("The connection to the chat has ended.");
  });
  render();
  dark.addEventListener("change", render);
}

element("again").addEventListener("click", () => location.reload());
open().catch((error: unknown) => showProblem(error instanceof Error ? error.message : "The chat cannot be opened."));
