/**
 * True where a request was made by a page of this very origin, or by no page at all (curl). Any web page that a person
 * has open could otherwise reach a port of this machine.
 */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return false;
  const origin = request.headers.get("origin");
  return origin === null || origin === new URL(request.url).origin;
}
