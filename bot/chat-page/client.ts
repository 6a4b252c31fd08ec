import { type DirectLineConnection, watch } from "./client/connection";
import { element } from "./client/element";
import { noticeOf, type Trouble } from "./client/notice";
import { fetchToken, Refused, signOut } from "./client/server";
import { askToSignIn } from "./client/sign-in-panel";
import { styleOptions } from "./client/style";

/** What the page uses of Web Chat's own script (window.WebChat). */
interface WebChat {
  createDirectLine(options: { token: string; domain: string }): DirectLineConnection;
  createStore(state: object, middleware: (store: unknown) => (next: Dispatch) => Dispatch): unknown;
  renderWebChat(props: object, element: HTMLElement): void;
}

type Dispatch = (action: { type: string; payload?: { activity?: Activity } }) => unknown;
interface Activity {
  from?: { role?: string };
  type?: string;
}

const styleNonce = (document.currentScript as HTMLScriptElement | null)?.dataset.styleNonce;
const dark = matchMedia("(prefers-color-scheme: dark)");

let trouble: Trouble = { offline: !navigator.onLine, undelivered: false };

/** Tells what is wrong now, or nothing more. */
function tell(change: Partial<Trouble>): void {
  trouble = { ...trouble, ...change };
  const notice = noticeOf(trouble);
  element("problem").hidden = notice === undefined;
  if (!notice) return;
  element("problem-text").textContent = notice.text;
  element("again").hidden = !notice.startAgain;
}

/** No chat can be opened, or none any more; a new one is offered. The sign-in stays, it belongs to the browser. */
function showFailure(error: unknown): void {
  element("loading").hidden = true;
  tell({ over: error instanceof Refused ? error.message : "The chat cannot be opened." });
}

function hideHintAfterTheAnswer(): (next: Dispatch) => Dispatch {
  return (next) => (action) => {
    const { activity } = action.payload ?? {};
    const isFromBot = action.type === "DIRECT_LINE/INCOMING_ACTIVITY" && activity?.from?.role === "bot";
    if (isFromBot && activity?.type === "message") element("hint").hidden = true;
    return next(action);
  };
}

const showHintForSignIn =
  () =>
  (next: (options: { cardAction: { type?: string } }) => unknown) =>
  (options: { cardAction: { type?: string } }): unknown => {
    if (options.cardAction.type === "signin") element("hint").hidden = false;
    return next(options);
  };

async function open(): Promise<void> {
  const { WebChat: webChat } = window as unknown as { WebChat?: WebChat };
  if (!webChat) throw new Refused("The chat's script could not be loaded.");
  const answer = await fetchToken();
  element("loading").hidden = true;
  if ("signIn" in answer) {
    askToSignIn(answer.signIn, () => void open().catch(showFailure));
    return;
  }
  const directLine = webChat.createDirectLine({ token: answer.token, domain: answer.domain });
  watch(directLine, {
    connection: (over) => tell({ over }),
    message: (delivered) => tell({ undelivered: !delivered }),
  });
  const store = webChat.createStore({}, hideHintAfterTheAnswer);
  // One middleware for the chat's life: Web Chat warns about, and reconnects for, props that change without need.
  const fixed = { directLine, store, nonce: styleNonce, cardActionMiddleware: showHintForSignIn, locale: "en-US" };
  const render = (): void => webChat.renderWebChat({ ...fixed, styleOptions: styleOptions() }, element("chat"));
  render();
  dark.addEventListener("change", render);
  element("leave").hidden = false;
}

element("again").addEventListener("click", () => location.reload());
element("leave").addEventListener("click", () => {
  signOut().then(() => location.reload(), showFailure);
});
addEventListener("offline", () => tell({ offline: true }));
addEventListener("online", () => tell({ offline: false }));
tell({});
open().catch(showFailure);
