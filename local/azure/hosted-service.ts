import type { WebSocket } from "ws";
import type { Kept } from "../data/folder";
import type { ResourceType } from "./arm/resource-type";

/**
 * One of Azure's services, reached by host name. It speaks real names only: every address it makes is
 * `https://<its real host>/...`. What a browser without a proxy needs, the door rewrites.
 */
export interface Service {
  /** As Azure names it: `Entra ID`, `Microsoft Graph`, `Azure Resource Manager`, `Key Vault`, ... */
  readonly name: string;
  /** Hosts it answers for: a name, or `*.suffix` for any name that ends in `.suffix`. The first match wins. */
  readonly hosts: readonly string[];
  /** What it serves by path, for the documentation: `GET /user`. Absent where a whole protocol is served. */
  readonly paths?: readonly string[];
  /** What it refuses in the local Azure's own name though it serves the path, for the documentation. */
  readonly lacks?: readonly string[];
  /** Path at its first host where a person ends the sign-in of his browser: `/logout`. Absent where nobody signs in. */
  readonly signOut?: string;
  /** Answers one request, whose address is `https://<host>/...`. Refuses by throwing an `AzureError`. */
  handle(request: Request): Promise<Response> | Response;
  /** Takes over a WebSocket, or refuses it with an answer. Absent where the service has none. */
  upgrade?(request: Request): Promise<((socket: WebSocket) => void) | Response>;
  /** Resource types that this service brings to ARM. */
  readonly resourceTypes?: readonly ResourceType[];
  /** True where it also answers at plain http, if only by sending on to https. The others do not listen there. */
  readonly plainHttp?: boolean;
  /** What of it outlives a restart. Put back before the first request. */
  readonly kept?: readonly Kept[];
  /** After everything kept was put back and requests can be answered. */
  restored?(): void;
  /** Takes note that the clock was moved on purpose; awaited. */
  clockMoved?(): Promise<void>;
  /** Ends processes and timers; awaited at Ctrl-C. */
  close?(): Promise<void> | void;
}
