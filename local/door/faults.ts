/** A service that answers late. */
export interface Latency {
  readonly kind: "latency";
  /** As the host table names it, for example `Microsoft Graph`. */
  readonly service: string;
  /** What every answer waits, in milliseconds. */
  readonly milliseconds: number;
}

/** Calls that a service refuses, worded as that service words a refusal. */
export interface Refusal {
  readonly kind: "refusal";
  readonly service: string;
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** The service's own code: `ErrorAccessDenied`, `AADSTS7000222`, ... */
  readonly code: string;
  /** The service's own sentence; absent where {@link code} says enough. */
  readonly message?: string;
  readonly method?: string;
  /** Refuses only calls whose path contains this, without case. */
  readonly path?: string;
  /** Ends by itself after one call. */
  readonly once?: boolean;
}

/** Calls whose answer is lost: the service does its work, then the connection breaks. */
export interface Cut {
  readonly kind: "cut";
  readonly service: string;
  readonly method?: string;
  /** Only calls whose path contains this, without case. */
  readonly path?: string;
  /** Ends by itself after one call. */
  readonly once?: boolean;
}

/** Thrown in the place of an answer that is lost: whoever writes it ends the connection instead. */
export class ConnectionCut extends Error {
  override readonly name = "ConnectionCut";
}

export type Fault = Latency | Refusal | Cut;

/** A fault that is switched on. */
export type ActiveFault = Fault & { readonly id: number };

/** What becomes of one request. */
export interface Encounter {
  /** Milliseconds to wait before anything else. */
  readonly wait: number;
  readonly refusal?: Refusal;
  /** The answer is lost. */
  readonly cut?: true;
}

const longestLatency = 60_000;

/** A fault that a person asked for and that cannot be. Says what is allowed. */
export class FaultInvalid extends Error {
  override readonly name = "FaultInvalid";
  readonly code = "FAULT_INVALID";

  constructor(
    readonly value: string,
    cure: string,
  ) {
    super(`The fault "${value}" cannot be switched on. ${cure}`);
  }
}

/** The faults that a person has switched on. Nothing is on at start. */
export class Faults {
  #active: ActiveFault[] = [];
  #count = 0;

  /** The faults that are on, oldest first. */
  list(): readonly ActiveFault[] {
    return this.#active;
  }

  /**
   * Switches a fault on; gives its number.
   * @throws FaultInvalid where the time or the status is out of range
   */
  switchOn(fault: Fault): number {
    if (fault.kind === "latency" && !(fault.milliseconds > 0 && fault.milliseconds <= longestLatency)) {
      throw new FaultInvalid(`${fault.milliseconds} ms`, `A latency is 1 to ${longestLatency} milliseconds.`);
    }
    if (fault.kind === "refusal" && !(Number.isInteger(fault.status) && fault.status >= 400 && fault.status < 600)) {
      throw new FaultInvalid(String(fault.status), "A refusal's status is 400 to 599.");
    }
    this.#active = [...this.#active, { ...fault, id: ++this.#count }];
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
    for (const fault of this.#active) {
      if (fault.kind === "latency" && fault.service === name) wait += fault.milliseconds;
    }
    const hit = this.#active.find(
      (fault) => fault.kind !== "latency" && concerns(fault, name, request.method, path),
    ) as (ActiveFault & (Refusal | Cut)) | undefined;
    if (!hit) return { wait };
    if (hit.once) this.switchOff(hit.id);
    return hit.kind === "cut" ? { wait, cut: true } : { wait, refusal: hit };
  }
}

/** The connector's host serves the Token Service's API too; a person means the latter by its own name. */
export function serviceAsPeopleSayIt(service: string, path: string): string {
  return service === "Bot Connector" && !/^\/v3\//i.test(path) ? "Token Service" : service;
}

function concerns(fault: Refusal | Cut, service: string, method: string, path: string): boolean {
  return (
    fault.service === service &&
    (!fault.method || fault.method === method) &&
    (!fault.path || path.toLowerCase().includes(fault.path.toLowerCase()))
  );
}
