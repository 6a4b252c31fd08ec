import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { BotError } from "../error";
import { type Log, logText } from "../log";
import { type Answer, write } from "./answer";
import { RefusalLog } from "./refusal-log";

/** What a route does with a request: gives an answer, or writes one itself and gives nothing. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => Promise<Answer | void> | Answer | void;

export interface Route {
  readonly method: "GET" | "POST";
  /** The path, or undefined for every path that no other route of the method has. */
  readonly path?: string;
  readonly handle: Handler;
}

/** Milliseconds within which a request must have arrived in full. */
const requestTimeout = 30_000;

/** The HTTP door: finds the route, writes its answer, turns a refusal into its status. It does not listen yet. */
export function createHost(routes: readonly Route[], log: Log): Server {
  const refusals = new RefusalLog(log);
  const server = createServer({ requestTimeout, headersTimeout: 10_000 }, (request, response) => {
    answer(routes, request, response).catch((error: unknown) => {
      refuse(request, response, error, refusals);
    });
  });
  return server;
}

async function answer(routes: readonly Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.parse(request.url ?? "/", "http://host");
  if (!url) throw new BotError("request-refused", "The address is malformed.", { status: 400 });
  const { pathname } = url;
  const here = routes.filter(({ path }) => path === pathname);
  const method = request.method === "HEAD" ? "GET" : request.method;
  const route = here.find((candidate) => candidate.method === method) ?? fallback(routes, here, method);
  if (!route && here.length > 0) {
    const allow = here.map((candidate) => candidate.method).join(", ");
    return write(request, response, {
      status: 405,
      headers: { allow },
      json: errorBody("request-refused", "Method not allowed."),
    });
  }
  const given = await route?.handle(request, response, url);
  if (given) return write(request, response, given);
  if (!route) write(request, response, notFound);
}

export const notFound: Answer = { status: 404, json: errorBody("request-refused", "There is nothing here.") };

function fallback(routes: readonly Route[], here: readonly Route[], method: string | undefined): Route | undefined {
  return here.length > 0 ? undefined : routes.find((route) => route.path === undefined && route.method === method);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown, refusals: RefusalLog): void {
  const path = logText((request.url ?? "").split("?")[0]);
  const known = error instanceof BotError && error.status !== undefined ? error : undefined;
  const status = known?.status ?? 500;
  const what = { status, check: known?.subject ?? known?.code ?? "internal_error", method: request.method, path };
  const { message: reason, fix } = known ?? {};
  // Whose fault it is not has no use for the place in the program where it was found.
  refusals.write(status < 500 ? { ...what, reason, fix } : { ...what, err: error });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What was not read of the body stays unread: the connection cannot be used again.
  const headers = { connection: "close", ...(status === 401 ? { "www-authenticate": "Bearer" } : {}) };
  const json = errorBody(known?.code ?? "internal_error", known?.message ?? "Something went wrong.");
  write(request, response, { status, headers, json });
}

function errorBody(code: string, message: string): object {
  return { error: { code, message } };
}
