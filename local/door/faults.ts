import { minute } from "../../contract/time";

/** Which calls a fault meets: every call of its service, where nothing more is said. */
interface Calls {
  /** As the host table names it, for example `Microsoft Graph`. */
  readonly service: string;
  readonly method?: string;
  /** Only calls whose path contains this, without case. */
  readonly path?: string;
  /** Ends by itself after one call. */
  readonly once?: boolean;
  /** Of a hundred calls so many, which ones is decided by the seed: the same calls meet the same faults again. */
  readonly percent?: number;
  readonly seed?: number;
}

/** A service that answers late. */
export interface Latency extends Calls {
  readonly kind: "latency";
  /** What an answer waits, in milliseconds: at least this, and at most {@link most} where that is given. */
  readonly milliseconds: number;
  readonly most?: number;
}

/** Calls that a service refuses, worded as that service words a refusal. */
export interface Refusal extends Calls {
  readonly kind: "refusal";
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** The service's own code: `ErrorAccessDenied`, `AADSTS7000222`, ... */
  readonly code: string;
  /** The service's own sentence; absent where {@link code} says enough. */
  readonly message?: string;
}

/** Calls whose answer is lost: the service does its work, then the connection breaks. */
export interface Cut extends Calls {
  readonly kind: "cut";
}

/** Calls whose answer breaks off: its headers and the first half of its body arrive. */
export interface Truncation extends Calls {
  readonly kind: "truncation";
}

/** Thrown in the place of an answer that is lost: whoever writes it ends the connection instead. */
export class ConnectionCut extends Error {
  override readonly name = "ConnectionCut";
}

export type Fault = Latency | Refusal | Cut | Truncation;

/** A fault that is switched on. */
export type ActiveFault = Fault & {
  readonly id: number;
};

/** What becomes of one request. */
export interface Encounter {
  /** Milliseconds to wait before anything else. */
  readonly wait: number;
  readonly refusal?: Refusal;
  /** What becomes of the answer: all of it is lost, or its second half. */
  readonly lost?: "all" | "half";
}

const longestLatency = minute;

/** A fault that a person asked for and that cannot be. Says what is allowed. */
export class FaultInvalid extends Error {
  override readonly name = "FaultInvalid";
  readonly code = "fault-invalid";

  constructor(
    readonly value: string,
    fix: string,
  ) {
    super(`The fault "${value}" cannot be switched on. ${fix}`);
  }
}

/** The faults that a person has switched on. Nothing is on at start. */
export class Faults {
  #active: ActiveFault[] = [];
  #count = 0;
  /** The chances of each fault that has a rate or a spread. */
  readonly #chances = new Map<number, () => number>();

  /** The faults that are on, oldest first. */
  list(): readonly ActiveFault[] {
    return this.#active;
  }

  /**
   * Switches a fault on; gives its number.
   * @throws FaultInvalid where the time or the status is out of range
   */
  switchOn(fault: Fault): number {
    if (fault.kind === "latency") {
      const { milliseconds, most = milliseconds } = fault;
      if (!(milliseconds > 0 && milliseconds <= most && most <= longestLatency)) {
        throw new FaultInvalid(`${milliseconds} ms`, `A latency is 1 to ${longestLatency} milliseconds.`);
      }
    }
    if (fault.percent !== undefined && !(fault.percent >= 1 && fault.percent <= 100)) {
      throw new FaultInvalid(`${fault.percent} %`, "A rate is 1 to 100 percent of the calls.");
    }
    if (fault.kind === "refusal" && !(Number.isInteger(fault.status) && fault.status >= 400 && fault.status < 600)) {
      throw new FaultInvalid(String(fault.status), "A refusal's status is 400 to 599.");
    }
    this.#active = [...this.#active, { ...fault, id: ++this.#count }];
    this.#chances.set(this.#count, chances(fault.seed ?? 1));
    return this.#count;
  }

  /** Switches one off by its number; all of them without one. */
  switchOff(id?: number): void {
    this.#active = id === undefined ? [] : this.#active.filter((fault) => fault.id !== id);
  }

  /** What becomes of a request to a service. A fault of one call is used up by this. */
  meet(service: string, request: { readonly url: string; readonly method: string }): Encounter {
    if (this.#active.length === 0 || request.method === "OPTIONS") return { wait: 0 };
    const path = new URL(request.url).pathname;
    const name = serviceAsPeopleSayIt(service, path);
    let wait = 0;
    let end: Pick<Encounter, "refusal" | "lost"> | undefined;
    for (const fault of this.#active) {
      if (!concerns(fault, name, request.method, path) || (end && fault.kind !== "latency")) continue;
      const chance = this.#chances.get(fault.id) as () => number;
      if (fault.percent !== undefined && chance() * 100 >= fault.percent) continue;
      if (fault.once) this.switchOff(fault.id);
      if (fault.kind === "latency") {
        const { milliseconds, most = milliseconds } = fault;
        wait += Math.round(milliseconds + (most - milliseconds) * chance());
      } else if (fault.kind === "refusal") end = { refusal: fault };
      else end = { lost: fault.kind === "cut" ? "all" : "half" };
    }
    return { wait, ...end };
  }
}

/** Numbers from 0 to 1 that look like chance and are the same for the same seed (mulberry32, public domain). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The connector's host serves the Token Service's API too; a person means the latter by its own name. */
function serviceAsPeopleSayIt(service: string, path: string): string {
  return service === "Bot Connector" && !/^\/v3\//i.test(path) ? "Token Service" : service;
}

function concerns(fault: Fault, service: string, method: string, path: string): boolean {
  return (
    fault.service === service &&
    (!fault.method || fault.method === method) &&
    (!fault.path || path.toLowerCase().includes(fault.path.toLowerCase()))
  );
}
