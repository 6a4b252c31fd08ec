import { redactExchange } from "../door/redaction";
import type { Exchange } from "./exchange";

/** What the local Azure saw, in order. Keeps the newest exchanges only, so that memory stays flat. */
export class Trace {
  readonly #exchanges: Exchange[] = [];
  readonly #listeners = new Set<(exchange: Exchange) => void>();
  #count = 0;

  constructor(private readonly limit = 5_000) {}

  /** Number of the next exchange. */
  next(): number {
    return ++this.#count;
  }

  /** Keeps an exchange; what people must not see is taken out here, so that nothing gets past it. */
  record(told: Exchange): void {
    const exchange = redactExchange(told);
    this.#exchanges.push(exchange);
    if (this.#exchanges.length > this.limit) this.#exchanges.splice(0, this.#exchanges.length - this.limit);
    for (const listener of this.#listeners) listener(exchange);
  }

  /** The kept exchanges, oldest first; with `since`, those numbered above it. */
  exchanges(since = 0): readonly Exchange[] {
    return this.#exchanges.filter((exchange) => exchange.number > since);
  }

  /** Calls `listener` with every exchange from now on; the function returned ends that. */
  subscribe(listener: (exchange: Exchange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
