import type { LocalAzure } from "../../../local/azure/azure";
import type { Exchange } from "../../../local/azure/exchange";

/** POSTs that change nothing: tokens, the actions by which ARM hands out keys, and the question whether a name is free. */
const reads = /\/oauth2\/v2\.0\/token$|\/list[A-Za-z]*$|\/checkNameAvailability$/i;

/** The number after which {@link writesSince} counts. */
export function now(azure: LocalAzure): number {
  return azure.trace.exchanges().at(-1)?.number ?? 0;
}

/** Whether the deployer asked for a change. */
export function isWrite({ caller, method, url }: Pick<Exchange, "caller" | "method" | "url">): boolean {
  if (caller !== "deployer" || method === "GET" || method === "HEAD") return false;
  return method !== "POST" || !reads.test(new URL(url).pathname);
}

/** What the deployer wrote: `PUT /subscriptions/.../sites/x`, in order. */
export function writesSince(azure: LocalAzure, since: number): string[] {
  return azure.trace
    .exchanges(since)
    .filter(isWrite)
    .map(({ method, url }) => `${method} ${new URL(url).pathname}`);
}

/** Whether the deployer has made a vault, in the midst of an `up`. */
export function makesVault({ caller, method, url, status }: Exchange): boolean {
  return caller === "deployer" && method === "PUT" && status < 300 && /\/vaults\/[^/]+$/.test(new URL(url).pathname);
}
