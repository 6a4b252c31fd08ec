import { notServed, requestOf } from "../gap";
import { router, type Routes } from "../routes";
import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import type { DirectoryStore } from "../entra/directory-store";
import { applicationRoutes } from "./applications";
import { credentialRoutes } from "./application-credentials";
import { batchRoutes } from "./batch";
import { readCaller, type Caller } from "./caller";
import { deletedItemRoutes } from "./deleted-items";
import { directoryObjectRoutes } from "./directory-objects";
import { GraphError, refusals } from "./errors";
import type { Graph, GraphRoutes } from "./graph-call";
import { groupRoutes } from "./groups";
import { mailRoutes } from "./mail";
import { seedMailboxes } from "./mailbox";
import { ownerRoutes } from "./owners";
import { peopleRoutes } from "./people";
import { grantRoutes } from "./permission-grants";
import { policyRoutes } from "./policies";
import { graphSegments } from "./segments";
import { servicePrincipalRoutes } from "./service-principals";

const versions = ["v1.0", "beta"];

/** Microsoft Graph of the local Azure, over the directory that Entra signs people in by. */
export function createGraph(azure: Azure, directory: DirectoryStore): Service {
  seedMailboxes(directory);
  const graph: Graph = { azure, directory };
  const callers = new WeakMap<Request, Caller>();
  const routes: GraphRoutes = {
    ...batchRoutes(graph),
    ...peopleRoutes(graph),
    ...mailRoutes(graph),
    ...credentialRoutes(graph),
    ...ownerRoutes(graph),
    ...grantRoutes(graph),
    ...deletedItemRoutes(graph),
    ...groupRoutes(graph),
    ...directoryObjectRoutes(graph),
    ...policyRoutes(graph),
    ...applicationRoutes(graph),
    ...servicePrincipalRoutes(graph),
  };
  const route = router(bothVersions(routes, (request) => callers.get(request) as Caller));
  return {
    name: "Microsoft Graph",
    hosts: ["graph.microsoft.com"],
    lacks: ["groups other than security groups without mail"],
    paths: Object.keys(routes).map((row) => row.replace(" /", " /v1.0/")),
    async handle(received) {
      const request = withPlainPath(received);
      try {
        callers.set(request, await readCaller(azure, directory, request));
        const answer = await route(request);
        if (!answer) throw refusal(request);
        return answer;
      } catch (error) {
        throw error instanceof GraphError ? error.answer(request, azure.clock) : error;
      }
    },
  };
}

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

/** Clients may encode the quotes, brackets and dollar signs of OData's addresses, and join them with two slashes. */
function withPlainPath(request: Request): Request {
  const url = new URL(request.url);
  const plain = url.pathname
    .replace(/\/{2,}/g, "/")
    .replace(/%27/g, "'")
    .replace(/%28/g, "(")
    .replace(/%29/g, ")")
    .replace(/%24/g, "$");
  if (plain === url.pathname) return request;
  url.pathname = plain;
  return new Request(url, request);
}

/**
 * What no row serves. That a version or a first segment does not exist is certain, and told as Graph does; whether Graph has
 * the rest of the path, nobody here knows, and its own words would send people looking for a mistake of their own.
 */
function refusal(request: Request): Error {
  const [version = "", segment = ""] = new URL(request.url).pathname.split("/").slice(1);
  if (!versions.includes(version.toLowerCase())) return refusals.version(version);
  const name = segment.replace(/\(.*$/, "");
  if (version === "v1.0" && !graphSegments.has(name.toLowerCase())) return refusals.segment(name);
  return notServed(requestOf(request), "Microsoft Graph may");
}
