/** A messaging endpoint as messages show it: without its query, in which Azure Functions has a key. */
export function shownEndpoint(endpoint: string): string {
  const bare = endpoint.split(/[?#]/)[0]!;
  return bare === endpoint ? endpoint : `${bare}?...`;
}
