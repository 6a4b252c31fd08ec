import { AzureError } from "./error";

/**
 * What the local Azure does not serve although the real service does. It says so in its own name and not in the real
 * service's words: whoever reads them would look for a mistake of his own.
 *
 * 400: clients repeat a 5xx for minutes, and a 404 means something to many of them.
 * @param what for example `GET graph.microsoft.com/v1.0/me/events`
 * @param others who does, or may
 */
export function notServed(what: string, others = "Azure does"): AzureError {
  const message = `The local Azure does not serve ${what}; ${others}. docs/local-azure.md lists what it serves.`;
  return new AzureError(400, gapCode, message, { error: { code: gapCode, message } });
}

export const gapCode = "NotServedByLocalAzure";
