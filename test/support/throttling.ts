import type { LocalAzure } from "../../local/azure/azure";

/**
 * Has a host answer its next requests with 429 and `Retry-After: 0`, as a service does whose limit is reached.
 * The function returned ends it.
 */
export function throttleNext(azure: LocalAzure, host: string, times: number): () => void {
  const service = azure.hosts.find(host);
  if (!service) throw new Error(`no service has the host ${host}`);
  const handle = service.handle.bind(service);
  let left = times;
  service.handle = (request) => {
    if (left-- <= 0) return handle(request);
    return Response.json(
      { error: { code: "TooManyRequests", message: "Too many requests. Please retry after some seconds." } },
      { status: 429, headers: { "retry-after": "0" } },
    );
  };
  return () => {
    service.handle = handle;
  };
}
