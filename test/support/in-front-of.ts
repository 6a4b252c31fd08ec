import type { LocalAzure } from "../../local/azure/azure";

/**
 * Puts something in front of the bot's app: whatever Direct Line and the Token Service deliver to it goes through `handle`,
 * which passes requests on, more than once or elsewhere, as a channel does. The function given undoes it.
 */
export function inFrontOfBot(
  azure: LocalAzure,
  endpoint: string,
  handle: (delivery: Request, deliver: (again: Request) => Promise<Response>) => Promise<Response>,
): () => void {
  const { hostname, pathname } = new URL(endpoint);
  const service = azure.hosts.find(hostname);
  if (!service) throw new Error(`nothing serves ${hostname}`);
  const original = service.handle.bind(service);
  service.handle = (request) =>
    new URL(request.url).pathname === pathname ? handle(request, async (again) => original(again)) : original(request);
  return () => {
    service.handle = original;
  };
}
