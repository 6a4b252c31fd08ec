import { minute } from "../../contract/time";
import type { Log } from "../log";

/** Lines that one kind of refusal writes within a time, in milliseconds; the rest of them is counted in one line more. */
const limit = { lines: 10, within: minute };

/** The fields of a line. `status` and `check` say of what kind the refusal is: neither is a client's to choose. */
export interface Refusal extends Record<string, unknown> {
  readonly status: number;
  readonly check: string;
}

/**
 * Writes requests that were refused into the log, a line each, until there are too many of a kind: a flood of requests
 * is no flood of lines. Each kind has its own limit, so that what anybody can cause hides nothing else.
 */
export class RefusalLog {
  /** How many of each kind there were since the count began. */
  private counts = new Map<string, { readonly first: Refusal; count: number }>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly log: Log) {}

  write(refusal: Refusal): void {
    this.timer ??= setTimeout(() => this.sum(), limit.within).unref();
    const kind = `${refusal.status} ${refusal.check}`;
    const known = this.counts.get(kind) ?? { first: refusal, count: 0 };
    this.counts.set(kind, known);
    known.count++;
    if (known.count <= limit.lines) this.log[levelOf(refusal)](refusal, "request refused");
  }

  /** Says how many refusals have written no line, and begins to count anew. */
  private sum(): void {
    for (const { first, count } of this.counts.values()) {
      const { status, check } = first;
      const unwritten = count - limit.lines;
      if (unwritten > 0) this.log[levelOf(first)]({ status, check, unwritten }, "more requests refused");
    }
    this.counts = new Map();
    this.timer = undefined;
  }
}

const levelOf = ({ status }: Refusal): "warn" | "error" => (status < 500 ? "warn" : "error");
