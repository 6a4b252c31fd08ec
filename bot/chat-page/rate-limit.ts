import type { IncomingHttpHeaders } from "node:http";
import { isIPv4, isIPv6 } from "node:net";
import type { RateLimiterRes } from "rate-limiter-flexible";
import RateLimiterMemory from "rate-limiter-flexible/lib/RateLimiterMemory";

/** Takes a point from a client's account. Gives 0, or the seconds to wait where the account is empty. */
export type RateLimit = (client: string) => Promise<number>;

/**
 * A limit in this process's memory: enough against one page that asks in a loop, on each instance by itself. A client is
 * an address, or the network of one: {@link networkOf}.
 */
export function rateLimit(points: number, seconds: number): RateLimit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (client) => {
    try {
      await limiter.consume(networkOf(client));
      return 0;
    } catch (refusal) {
      if (refusal instanceof Error) throw refusal;
      return Math.max(1, Math.ceil((refusal as RateLimiterRes).msBeforeNext / 1000));
    }
  };
}

/**
 * Who asks: an address written in one way only, or `unknown`. App Service's front end appends the address it saw to
 * X-Forwarded-For; what stands before that was written by the client and may be invented.
 */
export function clientAddress(headers: IncomingHttpHeaders, remoteAddress: string | undefined): string {
  const last = String(headers["x-forwarded-for"] ?? "")
    .split(",")
    .at(-1)
    ?.trim();
  const address = (last || remoteAddress || "")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/^\[(.+)\](:\d+)?$/, "$1")
    // The interface through which a link-local address was reached says nothing of the client.
    .replace(/%.*$/, "");
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return "unknown";
  return (
    ipv4Within(address) ??
    groupsOf(address)
      .map((group) => group.toString(16))
      .join(":")
  );
}

/**
 * What shares one account: an IPv4 address, and of IPv6 the /64, which is the least that a client gets and within which it
 * has more addresses than can be counted (RFC 6177).
 */
export function networkOf(client: string): string {
  if (!isIPv6(client)) return client;
  return (
    ipv4Within(client) ??
    `${groupsOf(client)
      .slice(0, 4)
      .map((group) => group.toString(16))
      .join(":")}::/64`
  );
}

/** A socket that takes both families names an IPv4 client in IPv6's way: `::ffff:203.0.113.7`, in either spelling. */
function ipv4Within(address: string): string | undefined {
  const groups = groupsOf(address);
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join(".");
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // URL writes an address's last four bytes in hexadecimal, too, however they were written.
  const [head = "", tail] = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1).split("::");
  const read = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return read(head);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
