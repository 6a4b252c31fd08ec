import type { WebSocket } from "ws";
import type { Account, Activity } from "../activity";
import type { Bot } from "../registration";

/** Activities kept of one conversation. */
const kept = 500;

/** What carries a conversation. */
export interface Channel {
  /** As activities name it. */
  readonly id: "directline" | "msteams";
  /** As the trace names it. */
  readonly name: string;
}

export const directLine: Channel = { id: "directline", name: "Direct Line" };
export const teams: Channel = { id: "msteams", name: "Teams" };

/** What a client gets at once: activities, and the watermark to ask from the next time. */
export interface ActivitySet {
  readonly activities: readonly Activity[];
  readonly watermark: string;
}

/** A conversation between one user and one bot, with what was said in it. */
export class Conversation {
  /** Who talks to the bot; known from the token, or from the first activity. */
  user?: Account;
  /** Settles when the bot has been told of the conversation. */
  started: Promise<void> = Promise.resolve();
  #activities: Activity[] = [];
  /** How many activities were dropped, so that watermarks stay what they were. */
  #dropped = 0;
  #numbers = 0;
  readonly #streams = new Set<WebSocket>();
  readonly #listeners = new Set<(activities: readonly Activity[]) => void>();
  #members: readonly Account[] | undefined;

  constructor(
    readonly id: string,
    readonly bot: Pick<Bot, "id" | "account">,
    /** Where the bot answers, with a slash at its end. */
    readonly serviceUrl: string,
    readonly channel: Channel = directLine,
    /** What activities say of the conversation besides its id. */
    private readonly about: Readonly<Record<string, unknown>> = {},
  ) {}

  /** The conversation as its activities name it. */
  get account(): { readonly id: string } {
    return { ...this.about, id: this.id };
  }

  get hasReaders(): boolean {
    return this.#streams.size > 0 || this.#listeners.size > 0;
  }

  /** Everybody in it but the bot: of most conversations the one user. */
  get members(): readonly Account[] {
    return this.#members ?? (this.user ? [this.user] : []);
  }

  set members(members: readonly Account[]) {
    this.#members = members;
  }

  /** Has a function told of each activity that is added or changed, until what this gives is called. */
  subscribe(listener: (activities: readonly Activity[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Id of the next activity: `<conversation>|0000001`. */
  nextId(): string {
    return `${this.id}|${String(this.#numbers++).padStart(7, "0")}`;
  }

  /** Adds an activity for its readers. Typing reaches open streams only: who polls does not see it. */
  add(activity: Activity): void {
    if (activity.type !== "typing") {
      this.#activities.push(activity);
      this.#dropped += this.#activities.splice(0, this.#activities.length - kept).length;
    }
    this.#send([activity]);
  }

  /** Replaces an activity and shows it again to open streams; false where it is not kept. */
  replace(activity: Activity): boolean {
    const at = this.#activities.findIndex(({ id }) => id === activity.id);
    if (at < 0) return false;
    this.#activities[at] = activity;
    this.#send([activity]);
    return true;
  }

  /** Removes an activity's content, not its place: watermarks count places. False where it is not kept. */
  remove(id: string): boolean {
    const at = this.#activities.findIndex((activity) => activity.id === id);
    if (at < 0) return false;
    const removed = this.#activities[at] as Activity;
    this.#activities[at] = {
      type: "messageDelete",
      id,
      timestamp: removed.timestamp,
      from: removed.from,
      conversation: removed.conversation,
      ...(removed.recipient?.isTargeted && { recipient: removed.recipient }),
    };
    this.#send([this.#activities[at]]);
    return true;
  }

  /** What came after a watermark; everything that is kept where there is none. */
  since(watermark: string | null | undefined): ActivitySet {
    const from = Math.max(0, (Number.parseInt(watermark ?? "", 10) || 0) - this.#dropped);
    return { activities: this.#activities.slice(from), watermark: this.#watermark() };
  }

  #watermark(): string {
    return String(this.#dropped + this.#activities.length);
  }

  #send(activities: readonly Activity[]): void {
    for (const listener of this.#listeners) listener(activities);
    if (this.#streams.size === 0) return;
    const frame = JSON.stringify({ activities, watermark: this.#watermark() } satisfies ActivitySet);
    for (const stream of this.#streams) stream.send(frame);
  }

  /** Streams to a client from a watermark on. What it sends (empty frames, to keep the line open) is not read. */
  stream(socket: WebSocket, watermark: string | null): void {
    const missed = this.since(watermark);
    if (missed.activities.length > 0) socket.send(JSON.stringify(missed));
    this.#streams.add(socket);
    socket.on("close", () => this.#streams.delete(socket));
    socket.on("error", () => this.#streams.delete(socket));
  }

  /** Ends the streams. */
  close(): void {
    for (const stream of this.#streams) stream.close(1000);
    this.#streams.clear();
  }
}
