/** What may be wrong with an open chat; more than one at a time. */
export interface Trouble {
  /** Why the chat cannot go on: only a new one helps. */
  readonly over?: string;
  readonly offline: boolean;
  /** The last message did not arrive, or nobody knows whether it did. */
  readonly undelivered: boolean;
}

export interface Notice {
  readonly text: string;
  /** Whether a new chat helps. */
  readonly startAgain: boolean;
}

const stays = "Start again to go on; you stay signed in.";

/** Direct Line's connection state in which all is well: ConnectionStatus of botframework-directlinejs. */
export const online = 2;

/** Those that do not mend themselves. */
const lost: Readonly<Record<number, string>> = {
  3: `This chat has expired. ${stays}`,
  4: "The chat cannot be reached. Check your network, then start again.",
  5: `This conversation has ended. ${stays}`,
};

/** Why a chat in this connection state cannot go on; undefined where it can: not begun, connecting, online. */
export function lostBecause(connectionStatus: number): string | undefined {
  return lost[connectionStatus];
}

/** The stream of activities broke for good, without any connection state that says so. */
export const streamEnded = `The connection to the chat has ended. ${stays}`;

/** The one thing to tell the person now, the worst first. */
export function noticeOf({ over, offline, undelivered }: Trouble): Notice | undefined {
  if (over) return { text: over, startAgain: true };
  if (offline) return { text: "You are offline. What you write now is not sent.", startAgain: false };
  if (undelivered) return { text: notDelivered, startAgain: false };
  return undefined;
}

/** Direct Line answers 502 for a bot that did not take the message and for one whose answer came too late alike. */
const notDelivered =
  "Your message was not delivered, or its answer was lost. If it was to send a mail, look in Sent Items before you send it again.";
