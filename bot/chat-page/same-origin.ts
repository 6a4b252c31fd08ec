import type { IncomingHttpHeaders } from "node:http";

/** The origin of the page as the browser knows it: App Service ends TLS and passes the host on. */
export function ownOrigin(headers: IncomingHttpHeaders): string {
  return `https://${headers.host ?? ""}`;
}

/**
 * Whether a request comes from a page of this very host. Browsers say so with `Origin` on every POST, newer ones with
 * `Sec-Fetch-Site` too; a request with neither is no browser's. A page elsewhere must not get Direct Line tokens here.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  if (headers.origin !== undefined) return headers.origin === ownOrigin(headers);
  return site === "same-origin";
}
