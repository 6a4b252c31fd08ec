import type { Call } from "../routes";
import type { Azure } from "../service";
import type { DirectoryStore } from "../entra/directory-store";
import type { Caller } from "./caller";

/** A request to Graph as a handler gets it: its bearer token is already checked. */
export interface GraphCall extends Call {
  readonly caller: Caller;
}

export type GraphHandler = (call: GraphCall) => Response | Promise<Response>;

/** Requests by method and path below the version: `"GET /me"`. */
export type GraphRoutes = Readonly<Record<string, GraphHandler>>;

/** What every part of Graph works on. */
export interface Graph {
  readonly azure: Azure;
  readonly directory: DirectoryStore;
}

/** `204 No Content`, with which Graph answers most changes. */
export function noContent(): Response {
  return new Response(null, { status: 204 });
}
