import { lostBecause, online, streamEnded } from "./notice";

interface Observer<Value> {
  next?(value: Value): void;
  error?(error: unknown): void;
  complete?(): void;
}

interface Observable<Value> {
  subscribe(observer: Observer<Value>): { unsubscribe(): void };
}

/** What Web Chat uses of a Direct Line connection, as far as this page looks at it. */
export interface DirectLineConnection {
  activity$: Observable<unknown>;
  readonly connectionStatus$: Observable<number>;
  postActivity(activity: { readonly type?: string }): Observable<string>;
}

/** Who is told what becomes of the connection and of what is sent over it. */
export interface Listener {
  /** Why the chat cannot go on, or undefined where it goes on. */
  connection(lostBecause: string | undefined): void;
  message(delivered: boolean): void;
}

/**
 * Has a listener told what botframework-directlinejs keeps to itself, and Web Chat what it would take for a success: a
 * failed post gives the id "retry" and no error, so that Web Chat shows the message as sent
 * (https://github.com/microsoft/BotFramework-WebChat/issues/5424).
 */
export function watch(directLine: DirectLineConnection, listener: Listener): void {
  const post = directLine.postActivity.bind(directLine);
  directLine.postActivity = (activity) => ({
    subscribe(observer) {
      const isMessage = activity.type === "message";
      const failed = (error: unknown): void => {
        if (isMessage) listener.message(false);
        observer.error?.(error);
      };
      return post(activity).subscribe({
        next(id) {
          if (id === "retry") return failed(new Error("The message was not delivered."));
          if (isMessage) listener.message(true);
          observer.next?.(id);
        },
        error: failed,
        complete: () => observer.complete?.(),
      });
    },
  });

  // What was lost first says why: Web Chat ends a connection itself that has expired.
  let lost: string | undefined;
  const note = (because: string | undefined): void => listener.connection((lost ??= because));
  directLine.connectionStatus$.subscribe({
    next(status) {
      if (status === online) lost = undefined;
      note(lostBecause(status));
    },
  });
  // Where a conversation cannot be found again, the stream of its activities ends, and the connection still says "online".
  const { activity$ } = directLine;
  directLine.activity$ = {
    subscribe: (observer) =>
      activity$.subscribe({
        next: (activity) => observer.next?.(activity),
        error(error) {
          note(streamEnded);
          observer.error?.(error);
        },
        complete() {
          note(streamEnded);
          observer.complete?.();
        },
      }),
  };
}
