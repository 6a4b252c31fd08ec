import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ShownMessage } from "../../teams-panel";
import { Quiet } from "../controls";
import { act, openWindow, type View } from "./actions";
import { Markdown } from "./markdown";

interface MessagesProps {
  readonly view: View;
  readonly app: string;
  readonly messages: readonly ShownMessage[];
}

/** What was said, newest at the bottom and in sight. */
export function Messages({ view, app, messages }: MessagesProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const last = messages.at(-1);
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [messages.length, last?.id, last?.card?.state.stage]);
  return (
    <div class="messages" ref={box} role="log" aria-label="Messages" tabIndex={0}>
      <ol>
        {messages.map((message) => (
          <li key={message.id} class={`by-${message.by}`}>
            <span class="who">{message.by === "you" ? "You" : message.from}</span>
            <div class="bubble">
              {message.targeted && <small class="targeted">Only you can see this message.</small>}
              {message.by === "bot" ? <Markdown text={message.text} /> : <p>{message.text}</p>}
              {message.card && <Card view={view} app={app} id={message.id} card={message.card} />}
            </div>
          </li>
        ))}
      </ol>
      {last && last.replies.length > 0 && <Replies view={view} replies={last.replies} />}
    </div>
  );
}

/** What the bot offers to say for the person; gone once something was said. */
function Replies({ view, replies }: { view: View; replies: readonly string[] }): JSX.Element {
  const say = (text: string): void => {
    void act(view, "say", { text });
    // The button goes: who works by keyboard goes on where he writes.
    document.querySelector<HTMLElement>("#teams .write input")?.focus();
  };
  return (
    <div class="replies" role="group" aria-label="Quick replies">
      {replies.map((text) => (
        <Quiet key={text} onClick={() => say(text)}>
          {text}
        </Quiet>
      ))}
    </div>
  );
}

interface CardProps {
  readonly view: View;
  readonly app: string;
  readonly id: string;
  readonly card: NonNullable<ShownMessage["card"]>;
}

/** A sign-in card, as far as Teams has come with it. */
function Card({ view, app, id, card }: CardProps): JSX.Element {
  const [problem, tell] = useState("");
  const { stage, note } = card.state;
  const open = (): void => {
    tell("");
    void openWindow(view, id).then((said) => {
      tell(said ?? "");
      // The button may be gone: who works by keyboard goes on where the answer is answered.
      if (!document.activeElement || document.activeElement === document.body)
        document.querySelector<HTMLElement>("#teams .write input")?.focus();
    });
  };
  if (stage === "silent" || stage === "failed") {
    const failed = `Silent sign-in failed: ${note}. Teams shows people nothing here.`;
    return (
      <p class="stage" role="status">
        {stage === "silent" ? "Teams signs you in." : failed}
      </p>
    );
  }
  const said = problem || note;
  const asks = stage === "consent";
  return (
    <div class="card">
      {!asks && card.title && <strong>{card.title}</strong>}
      {!asks && <Markdown text={card.text} />}
      <div role="status">
        {stage === "window" && <p class="stage">Go on in the window that has opened.</p>}
        {asks && <p>{`${app} needs your permission before it can sign you in.`}</p>}
        {said && <p class="stage">{said}</p>}
      </div>
      {stage !== "window" && (
        <p class="buttons">
          <button type="button" class="main" onClick={open}>
            {asks ? "Continue" : card.button}
          </button>
          {asks && <Quiet onClick={() => void act(view, "decline", { card: id })}>Not now</Quiet>}
        </p>
      )}
    </div>
  );
}
