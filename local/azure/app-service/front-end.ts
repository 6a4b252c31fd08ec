import { randomUUID } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { hopByHop } from "../../door/node-http";
import type { Azure, Resource } from "../service";
import type { App } from "./app";
import { refusedAtTheGate } from "./front-gate";
import { applicationErrorPage, badGatewayPage, startingPage, stoppedPage, timeoutPage, waitingPage } from "./pages";
import { siteProperties } from "./site";

/** How long a request waits for an app that is starting, in milliseconds. */
const timeout = 20_000;
/** Milliseconds before a request that found nobody listening is tried again. */
const between = 50;
/** How long the front end waits for an app's answer, in milliseconds. */
const answerLimit = 230_000;

/** Answers a request to a site's own host: hands it to the app, or shows the page that says why it cannot. */
export async function answerFor(azure: Azure, app: App, site: Resource, request: Request): Promise<Response> {
  if (siteProperties(site).state === "Stopped") return stoppedPage();
  const refused = refusedAtTheGate(azure, site, request);
  if (refused) return refused;
  if (!app.current && !(await app.hasContent())) return waitingPage();
  const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined;
  for (const end = Date.now() + timeout; ; await pause(between)) {
    const container = await app.whenStarted(Math.max(0, end - Date.now()));
    if (!container) return app.starting ? startingPage() : applicationErrorPage();
    const answer = await forward(container.port, site.name, request, body);
    if (answer !== "refused") return answer;
    if (Date.now() > end) return badGatewayPage();
  }
}

/**
 * Hands a request on to a port of loopback. The host header keeps the real name. `refused` says that nothing listened
 * there, as in the moment between an app's end and its next start: then the request did not reach anybody.
 */
async function forward(
  port: number,
  siteName: string,
  request: Request,
  body: Buffer | undefined,
): Promise<Response | "refused"> {
  const timeout = AbortSignal.timeout(answerLimit);
  try {
    return await new Promise<Response>((resolve, reject) => {
      const url = new URL(request.url);
      const outgoing = httpRequest({
        host: "127.0.0.1",
        port,
        method: request.method,
        path: url.pathname + url.search,
        headers: requestHeaders(request, url, siteName),
        signal: AbortSignal.any([timeout, request.signal]),
        agent: false,
      });
      outgoing.once("response", (incoming) => resolve(toResponse(incoming, request.method)));
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return "refused";
    return timeout.aborted ? timeoutPage() : badGatewayPage();
  }
}

/** What App Service's front end adds: https://learn.microsoft.com/azure/app-service/overview-app-service-front-ends */
function requestHeaders(request: Request, url: URL, siteName: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers) if (!hopByHop.has(name)) headers[name] = value;
  const path = url.pathname + url.search;
  return {
    ...headers,
    host: url.host,
    "x-forwarded-for": [headers["x-forwarded-for"], "127.0.0.1:0"].filter(Boolean).join(", "),
    "x-forwarded-proto": url.protocol.replace(":", ""),
    "x-appservice-proto": url.protocol.replace(":", ""),
    "x-arr-log-id": randomUUID(),
    "x-arr-ssl": "2048|256|CN=local|CN=local",
    "x-client-ip": "127.0.0.1",
    "x-original-url": path,
    "x-waws-unencoded-url": path,
    "x-site-deployment-id": siteName,
    "was-default-hostname": url.host,
    "disguised-host": url.host,
  };
}

function toResponse(incoming: IncomingMessage, method: string): Response {
  const headers = new Headers();
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    const name = incoming.rawHeaders[at]!.toLowerCase();
    // Node writes an app's Date by this machine's clock, also where the platform's was moved: the door gives it by that one.
    if (!hopByHop.has(name) && name !== "date") headers.append(name, incoming.rawHeaders[at + 1]!);
  }
  const status = incoming.statusCode ?? 502;
  const empty = method === "HEAD" || status === 204 || status === 205 || status === 304;
  if (empty) incoming.resume();
  return new Response(empty ? null : (Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>), {
    status,
    headers,
  });
}
