import { AsyncLocalStorage } from "node:async_hooks";
import { lastWordsTime, turnTime } from "../contract/turn";
import { BotError } from "./error";

/** A moment by which something has to be over. */
export class Deadline {
  /** Aborts at the moment; its reason is the {@link BotError} `turn-out-of-time`. */
  readonly signal: AbortSignal;
  /** The moment, in milliseconds since 1970, as another instance of the bot understands it. */
  readonly at: number;
  private readonly end: number;
  private readonly timer: NodeJS.Timeout;

  /** @param milliseconds from now */
  constructor(milliseconds: number) {
    const controller = new AbortController();
    this.signal = controller.signal;
    this.at = Date.now() + milliseconds;
    this.end = performance.now() + milliseconds;
    this.timer = setTimeout(() => controller.abort(outOfTime()), milliseconds).unref();
  }

  /** Milliseconds. */
  get left(): number {
    return Math.max(0, this.end - performance.now());
  }

  /** Throws {@link BotError} `turn-out-of-time` where the moment has passed: called before anything with an effect. */
  check(): void {
    if (this.signal.aborted || this.left === 0) throw outOfTime();
  }

  /**
   * What a promise comes to, or an error where that takes longer: `turn-out-of-time`, or the reason given. What the promise
   * stands for is not ended by this. `grace`: milliseconds that it gets to end by itself.
   */
  async race<Value>(promise: Promise<Value>, late: { reason?: BotError; grace?: number } = {}): Promise<Value> {
    promise.catch(() => undefined);
    this.check();
    let giveUp = (): void => undefined;
    const over = new Promise<never>((_, reject) => {
      const end = (): void => reject(late.reason ?? (this.signal.reason as BotError));
      giveUp = () => (late.grace ? void setTimeout(end, late.grace) : end());
      this.signal.addEventListener("abort", giveUp, { once: true });
    });
    try {
      return await Promise.race([promise, over]);
    } finally {
      this.signal.removeEventListener("abort", giveUp);
    }
  }

  /** Frees its timer. */
  clear(): void {
    clearTimeout(this.timer);
  }
}

function outOfTime(): BotError {
  return new BotError("turn-out-of-time", "The turn's time is over.", { status: 503 });
}

/** The time of the turn that is under way: `now` is what its calls have to keep to. */
interface TurnTime {
  readonly now: Deadline;
  readonly end: Deadline;
}

const times = new AsyncLocalStorage<TurnTime>();

/**
 * Runs a turn, which everything it calls can ask for its deadline. Its last {@link lastWordsTime} are kept for
 * {@link lastWords}: all else is over before. Throws `turn-out-of-time` where even that did not help.
 */
export async function inTurn<Value>(turn: (deadline: Deadline) => Promise<Value>): Promise<Value> {
  const end = new Deadline(turnTime);
  const now = new Deadline(turnTime - lastWordsTime);
  try {
    return await times.run({ now, end }, () => end.race(turn(now)));
  } finally {
    now.clear();
    end.clear();
  }
}

/** Says how a turn ended, in the time that is kept for that. Outside a turn there is no limit. */
export function lastWords<Value>(say: () => Promise<Value>): Promise<Value> {
  const time = times.getStore();
  return time ? times.run({ now: time.end, end: time.end }, say) : say();
}

/** The deadline of the turn that is under way; undefined outside a turn. */
export function turnDeadline(): Deadline | undefined {
  return times.getStore()?.now;
}

/** When the turn that is under way is over for certain; undefined outside a turn. */
export function turnEnd(): Deadline | undefined {
  return times.getStore()?.end;
}

/** Runs something on behalf of several turns, which has until the given moment. */
export function until<Value>(deadline: Deadline, run: () => Promise<Value>): Promise<Value> {
  return times.run({ now: deadline, end: deadline }, run);
}
