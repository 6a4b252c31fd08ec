import type { LocalAzure } from "../../../local/azure/azure";

/** POSTs that change nothing: tokens, and the actions by which ARM hands out keys. */
const reads = /\/oauth2\/v2\.0\/token$|\/list[A-Za-z]*$/;

/** The number after which {@link writesSince} counts. */
export function now(azure: LocalAzure): number {
  return azure.trace.exchanges().at(-1)?.number ?? 0;
}

/** What the deployer wrote: `PUT /subscriptions/.../sites/x`, in order. */
export function writesSince(azure: LocalAzure, since: number): string[] {
  return azure.trace
    .exchanges(since)
    .filter(({ caller, method }) => caller === "deployer" && method !== "GET" && method !== "HEAD")
    .map(({ method, url }) => ({ method, path: new URL(url).pathname }))
    .filter(({ method, path }) => method !== "POST" || !reads.test(path))
    .map(({ method, path }) => `${method} ${path}`);
}
