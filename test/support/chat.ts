import { globalAgent } from "node:https";
import { type Activity, ConnectionStatus, DirectLine, type Message } from "botframework-directlinejs";
import XMLHttpRequest = require("xhr2");

/**
 * Microsoft's client is written for browsers and finds XMLHttpRequest as a global; Node 24 brings WebSocket itself. xhr2
 * keeps the agent that was Node's when it was loaded, so it is told the present one, which knows the proxy.
 */
function bringXmlHttpRequest(): void {
  XMLHttpRequest.nodejsSet({ httpsAgent: globalAgent });
  (globalThis as { XMLHttpRequest?: unknown }).XMLHttpRequest = XMLHttpRequest;
}

/** What the bot's chat page gives its script: a Direct Line token for this browser, and where to use it. */
export interface ChatToken {
  readonly token: string;
  readonly domain: string;
}

/** A conversation with the bot, held by Microsoft's own Direct Line client. */
export class Chat {
  readonly #client: DirectLine;
  readonly #received: Activity[] = [];
  readonly #waiting = new Set<() => void>();
  #read = 0;

  constructor({ token, domain }: ChatToken, options: { webSocket?: boolean } = {}) {
    bringXmlHttpRequest();
    this.#client = new DirectLine({ token, domain, webSocket: options.webSocket ?? true, pollingInterval: 200 });
    this.#client.activity$.subscribe(
      (activity) => {
        this.#received.push(activity);
        for (const wake of this.#waiting) wake();
      },
      // The end of a conversation comes as an error; a test that still waits fails by its own time limit.
      () => undefined,
    );
  }

  /** Waits until the conversation is open. */
  opened(): Promise<void> {
    return new Promise((done, failed) => {
      this.#client.connectionStatus$.subscribe((status) => {
        if (status === ConnectionStatus.Online) done();
        if (status === ConnectionStatus.FailedToConnect) failed(new Error("Direct Line: failed to connect"));
      });
    });
  }

  /** Sends a message and gives its id, or what Direct Line said instead (`retry`). */
  say(text: string, from = "dl_anything"): Promise<string> {
    return new Promise((done, failed) => {
      this.#client.postActivity({ type: "message", text, from: { id: from } } as Message).subscribe(done, failed);
    });
  }

  /** The bot's next message that was not read yet and matches; fails after some seconds, saying what came instead. */
  async answer(matches: (message: Message) => boolean = () => true, milliseconds = 8_000): Promise<Message> {
    const until = Date.now() + milliseconds;
    for (;;) {
      for (; this.#read < this.#received.length; this.#read++) {
        const activity = this.#received[this.#read] as Activity;
        if (activity.type === "message" && !activity.from.id.startsWith("dl_") && matches(activity)) {
          this.#read++;
          return activity;
        }
      }
      const left = until - Date.now();
      if (left <= 0) throw new Error(`no such answer; received: ${JSON.stringify(this.#received.slice(-6), null, 1)}`);
      await new Promise<void>((wake) => {
        const timer = setTimeout(done, left);
        const waiting = this.#waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          wake();
        }
        waiting.add(done);
      });
    }
  }

  /** Says something and gives the bot's first answer to it that matches: the greeting may come late, and is none. */
  async ask(text: string, matches: (message: Message) => boolean = () => true): Promise<Message> {
    this.#read = this.#received.length;
    const id = await this.say(text);
    return this.answer((message) => (message as { replyToId?: string }).replyToId === id && matches(message));
  }

  end(): void {
    this.#client.end();
  }
}

/** The sign-in address of a message's OAuth card; undefined where it has none. */
export function signInAddress(message: Message): string | undefined {
  const card = message.attachments?.find(({ contentType }) => contentType === "application/vnd.microsoft.card.oauth");
  const content = card && "content" in card ? (card.content as { buttons?: { value?: string }[] }) : undefined;
  return content?.buttons?.[0]?.value;
}

export const hasCard = (message: Message): boolean => signInAddress(message) !== undefined;
