import { router, type Routes } from "../routes";
import type { Azure, Service } from "../service";
import type { DirectoryStore } from "../entra/directory-store";
import { applicationRoutes } from "./applications";
import { credentialRoutes } from "./application-credentials";
import { batchRoutes } from "./batch";
import { readCaller, type Caller } from "./caller";
import { deletedItemRoutes } from "./deleted-items";
import { GraphError, refusals } from "./errors";
import type { Graph, GraphRoutes } from "./graph-call";
import { mailRoutes } from "./mail";
import { seedMailboxes } from "./mailbox";
import { ownerRoutes } from "./owners";
import { peopleRoutes } from "./people";
import { grantRoutes } from "./permission-grants";
import { servicePrincipalRoutes } from "./service-principals";

const versions = ["v1.0", "beta"];

/** Microsoft Graph of the local Azure, over the directory that Entra signs people in by. */
export function createGraph(azure: Azure, directory: DirectoryStore): Service {
  seedMailboxes(directory);
  const graph: Graph = { azure, directory };
  const callers = new WeakMap<Request, Caller>();
  const routes = bothVersions(
    {
      ...batchRoutes(graph),
      ...peopleRoutes(graph),
      ...mailRoutes(graph),
      ...credentialRoutes(graph),
      ...ownerRoutes(graph),
      ...grantRoutes(graph),
      ...deletedItemRoutes(graph),
      ...applicationRoutes(graph),
      ...servicePrincipalRoutes(graph),
    },
    (request) => callers.get(request) as Caller,
  );
  const route = router(routes);
  const findPath = router(
    Object.fromEntries(Object.keys(routes).map((row) => [row.replace(/^\S+/, "GET"), () => found])),
  );
  return {
    name: "Microsoft Graph",
    hosts: ["graph.microsoft.com"],
    async handle(received) {
      const request = withPlainPath(received);
      try {
        callers.set(request, await readCaller(azure, directory, request));
        const answer = await route(request);
        if (!answer) throw refusal(request, (address) => findPath(new Request(address)) !== undefined);
        return answer;
      } catch (error) {
        throw error instanceof GraphError ? error.answer(request, azure.clock) : error;
      }
    },
  };
}

const found = new Response();

/** Every request exists below `/v1.0` and below `/beta`. */
function bothVersions(routes: GraphRoutes, callerOf: (request: Request) => Caller): Routes {
  return Object.fromEntries(
    versions.flatMap((version) =>
      Object.entries(routes).map(([row, handler]) => [
        row.replace(" /", ` /${version}/`),
        (call: Parameters<Routes[string]>[0]) => handler({ ...call, caller: callerOf(call.request) }),
      ]),
    ),
  );
}

/** Clients may encode the quotes, brackets and dollar signs of OData's addresses. */
function withPlainPath(request: Request): Request {
  const url = new URL(request.url);
  const plain = url.pathname.replace(/%27/g, "'").replace(/%28/g, "(").replace(/%29/g, ")").replace(/%24/g, "$");
  if (plain === url.pathname) return request;
  url.pathname = plain;
  return new Request(url, request);
}

/** Says whether the version, the path or only the method is unknown, as Graph does. */
function refusal(request: Request, isPath: (path: string) => boolean): GraphError {
  const [, version = "", ...segments] = new URL(request.url).pathname.split("/");
  if (!versions.includes(version.toLowerCase())) return refusals.version(version);
  if (isPath(request.url)) return refusals.method();
  return refusals.segment(segments.find((segment) => !collections.has(segment.toLowerCase())) ?? segments.at(-1) ?? "");
}

const collections = new Set([
  "me",
  "users",
  "applications",
  "serviceprincipals",
  "directory",
  "oauth2permissiongrants",
]);
