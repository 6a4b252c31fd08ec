import type { IncomingHttpHeaders } from "node:http";
import type { RateLimiterRes } from "rate-limiter-flexible";
import RateLimiterMemory from "rate-limiter-flexible/lib/RateLimiterMemory";

/** Takes a point from a client's account. Gives 0, or the seconds to wait where the account is empty. */
export type RateLimit = (client: string) => Promise<number>;

/** A limit in this process's memory: enough against one page that asks in a loop, on each instance by itself. */
export function rateLimit(points: number, seconds: number): RateLimit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (client) => {
    try {
      await limiter.consume(client);
      return 0;
    } catch (refusal) {
      if (refusal instanceof Error) throw refusal;
      return Math.max(1, Math.ceil((refusal as RateLimiterRes).msBeforeNext / 1000));
    }
  };
}

/**
 * Who asks. App Service's front end appends the address it saw to X-Forwarded-For; what stands before that was written
 * by the client and may be invented.
 */
export function clientAddress(headers: IncomingHttpHeaders, remoteAddress: string | undefined): string {
  const last = String(headers["x-forwarded-for"] ?? "")
    .split(",")
    .at(-1)
    ?.trim();
  const address = last || remoteAddress || "unknown";
  return address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1").replace(/^\[(.+)\](:\d+)?$/, "$1");
}
