import { redactExchange } from "../door/redaction";

/** One HTTP request that reached the local Azure: who asked whom for what, and the answer. */
export interface Exchange {
  readonly number: number;
  /** When it arrived, by the local Azure's clock. */
  readonly at: Date;
  /** `browser`, `deployer`, `bot`, or a service's name (`Token Service`, `Direct Line`, `App Service`, ...). */
  readonly caller: string;
  /** Name of the service that answered. */
  readonly service: string;
  readonly method: string;
  /** The address by its real name: `https://graph.microsoft.com/v1.0/me/messages`. */
  readonly url: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Text of the body; absent for binary ones. The trace keeps the first 64 Ki characters. */
  readonly requestBody?: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: string;
}

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
