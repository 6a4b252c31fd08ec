import type { Clock } from "../clock";
import type { Person } from "../tenant";

/** Requests an hour: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const limits = { signedIn: 5_000, anonymous: 60 } as const;
const hour = 3600;

/** How many requests somebody has made in the present hour. */
export class RateLimit {
  readonly #used = new Map<string, { count: number; readonly reset: number }>();

  constructor(private readonly clock: () => Clock) {}

  /** Counts a request. Gives the headers of its answer. */
  spend(person: Person | undefined): Record<string, string> {
    this.#of(person).count += 1;
    return this.headers(person);
  }

  isOver(person: Person): boolean {
    return this.#of(person).count > limits.signedIn;
  }

  headers(person: Person | undefined): Record<string, string> {
    const { limit, remaining, reset, used } = this.show(person);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String(reset),
      "x-ratelimit-used": String(used),
      "x-ratelimit-resource": "core",
    };
  }

  show(person: Person | undefined): { limit: number; used: number; remaining: number; reset: number } {
    const { count, reset } = this.#of(person);
    const limit = person ? limits.signedIn : limits.anonymous;
    const used = Math.min(count, limit);
    return { limit, used, remaining: limit - used, reset };
  }

  #of(person: Person | undefined): { count: number } & { readonly reset: number } {
    const key = person?.objectId ?? "";
    const now = this.clock().seconds();
    const known = this.#used.get(key);
    if (known && known.reset > now) return known;
    const fresh = { count: 0, reset: now + hour };
    this.#used.set(key, fresh);
    return fresh;
  }
}
