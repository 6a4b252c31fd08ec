import { randomUUID } from "node:crypto";
import { AzureError } from "../error";
import { notServed, requestOf } from "../gap";
import type { Azure, Resource, Resources, Roles } from "../service";
import type { Service } from "../hosted-service";
import { authenticate } from "./access";
import { ActivityLog, type Activity } from "./activity-log";
import { activityLogRequest, recordWrite } from "./activity-requests";
import type { Asked, Core } from "./core";
import { apiVersionsOf } from "./api-versions";
import { invalidApiVersion, missingApiVersion } from "./errors";
import { endpoints } from "./metadata";
import { Operations } from "./operations";
import { parsePath, type ArmPath } from "./path";
import { providerRequest } from "./requests";
import { groupRequest } from "./resource-groups";
import type { Context, ResourceType } from "./resource-type";
import type { Step } from "./template";
import { StoredRoles } from "./roles";
import { Store } from "./store";
import { demandSubscription, subscriptionRequest } from "./subscription";
import { tagsRequest } from "./tags";
import { TypeTable } from "./type-table";
import { ownTypes } from "./types";
import { assignOwners } from "./types/role-assignments";

export { envelope } from "./answer";
export { providerError } from "./errors";

/** Azure Resource Manager with what other services use of it. */
export interface Arm {
  readonly service: Service;
  readonly resources: Resources;
  readonly roles: Roles;
  /** Namespaces in lower case that the subscription has not registered; tests add to it. */
  readonly unregistered: Set<string>;
}

/**
 * Azure Resource Manager: one store and one table of resource types for all services.
 * @param types the rows that the other services bring; read at the first request
 */
export function createArm(azure: Azure, types: () => readonly ResourceType[]): Arm {
  const store = new Store(() => azure.clock);
  const own = ownTypes((context, step) => writeStep(core, context, step));
  const table = new TypeTable(() => [...types(), ...own.types]);
  const core: Core = { azure, store, types: table, operations: new Operations(azure), activities: new ActivityLog() };
  assignOwners(store, azure.tenant);
  return {
    resources: store,
    roles: new StoredRoles(store, (objectId) => azure.directory.groupsOf?.(objectId) ?? new Set()),
    unregistered: table.unregistered,
    service: {
      name: "Azure Resource Manager",
      hosts: ["management.azure.com"],
      lacks: ["deployments outside a resource group, of the mode Complete, and with linked templates"],
      resourceTypes: own.types,
      kept: [
        { name: "resources", snapshot: () => store.all(), restore: (kept) => store.restore(kept as Resource[]) },
        {
          name: "activity log",
          snapshot: () => core.activities.entries.toReversed(),
          restore: (kept) => core.activities.restore(kept as Activity[]),
        },
        {
          name: "unregistered namespaces",
          snapshot: () => table.unregistered,
          restore: (kept) => {
            table.unregistered.clear();
            for (const namespace of kept as Set<string>) table.unregistered.add(namespace);
          },
        },
        ...own.kept,
      ],
      async handle(request) {
        return answer(core, request);
      },
    },
  };
}

/** The checks of every request, in ARM's order; then the answer, which the activity log keeps where it was a write. */
async function answer(core: Core, request: Request): Promise<Response> {
  const checked = await check(core, request).catch(refusalOf);
  if (checked instanceof Response) return named(request, checked);
  const { asked, path } = checked;
  const response = named(request, await answerOf(core, asked, path).catch(refusalOf));
  recordWrite(core, asked, path, response);
  return response;
}

/** Writes a resource of a template as its deployer would, with an entry of its own in the activity log. */
async function writeStep(core: Core, { caller }: Context, { id, apiVersion, body }: Step): Promise<Response> {
  const url = new URL(`https://management.azure.com${id}?api-version=${apiVersion}`);
  const headers = { "content-type": "application/json" };
  const request = new Request(url, { method: "PUT", headers, body: JSON.stringify(body) });
  const path = parsePath(url.pathname);
  const asked = { request, url, caller, apiVersion };
  const response = await answerOf(core, asked, path).catch(refusalOf);
  recordWrite(core, asked, path, response);
  return response;
}

async function check(core: Core, request: Request): Promise<Response | { asked: Asked; path: ArmPath }> {
  const url = new URL(request.url);
  if (url.pathname.toLowerCase() === "/metadata/endpoints") return Response.json(endpoints());
  const caller = await authenticate(core.azure, request);
  const path = parsePath(url.pathname);
  const apiVersion = url.searchParams.get("api-version");
  if (!apiVersion) throw missingApiVersion();
  if (path.namespace === undefined || !/^\d{4}-\d\d-\d\d(-[a-z]+)?$/i.test(apiVersion)) {
    const supported = apiVersionsOf("Microsoft.Resources");
    if (!supported.includes(apiVersion)) throw invalidApiVersion(apiVersion, supported);
  }
  demandSubscription(core, path);
  return { asked: { request, url, caller, apiVersion }, path };
}

/** The answer of the first part of ARM that knows the path. */
async function answerOf(core: Core, asked: Asked, path: ArmPath): Promise<Response> {
  const answered =
    core.operations.poll(asked.request, path.segments) ??
    subscriptionRequest(core, asked, path) ??
    (await groupRequest(core, asked, path)) ??
    (await tagsRequest(core, asked, path)) ??
    activityLogRequest(core, asked, path);
  if (answered) return answered;
  if (path.namespace !== undefined) return providerRequest(core, asked, path);
  throw notServed(requestOf(asked.request), "Azure may");
}

function refusalOf(error: unknown): Response {
  if (error instanceof AzureError) return error.toResponse();
  throw error;
}

/** Adds the headers that every answer of ARM carries. */
function named(request: Request, response: Response): Response {
  const id = randomUUID();
  const headers = new Headers(response.headers);
  headers.set("x-ms-request-id", id);
  headers.set("x-ms-correlation-request-id", request.headers.get("x-ms-correlation-request-id") ?? id);
  headers.set("Cache-Control", "no-cache");
  if (headers.get("Content-Type") === "application/json")
    headers.set("Content-Type", "application/json; charset=utf-8");
  return new Response(response.body, { status: response.status, headers });
}
