import { AzureError } from "./error";

/**
 * What the local Azure does not serve although the real service does. It says so in its own name and not in the real
 * service's words: whoever reads them would look for a mistake of his own.
 *
 * 400: clients repeat a 5xx for minutes, and a 404 means something to many of them. The header makes the terminal say it
 * as well, because many a client shows nothing of an answer but its status.
 * @param what for example `GET graph.microsoft.com/v1.0/me/events`
 * @param others who does, or may
 */
export function notServed(what: string, others = "Azure does"): AzureError {
  const message = `The local Azure does not serve ${what}; ${others}. docs/local-azure.md lists what it serves.`;
  const headers = { "x-ms-error-code": gapCode, [gapHeader]: encodeURI(what) };
  return new AzureError(400, gapCode, message, { error: { code: gapCode, message } }, headers);
}

const gapCode = "NotServedByLocalAzure";
const gapHeader = "x-local-azure-gap";

/** What an answer says is not served; undefined for every other answer. */
export function gapOf(response: Response): string | undefined {
  const what = response.headers.get(gapHeader);
  return what === null ? undefined : decodeURI(what);
}

/** A request as a refusal names it: `GET vault.vault.azure.net/certificates`. */
export function requestOf({ method, url }: Pick<Request, "method" | "url">): string {
  const { host, pathname } = new URL(url);
  return `${method} ${host}${pathname}`;
}
