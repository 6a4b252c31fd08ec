import { AzureError } from "../error";
import { notServed } from "../gap";
import type { Resource } from "../service";
import { authorize } from "./access";
import { envelope, page } from "./answer";
import { readBody } from "./body";
import { contextFor, deleteTree, type Asked, type Core } from "./core";
import { methodNotAllowed } from "./errors";
import { matchTemplate, typeOf, type ArmPath } from "./path";
import { belowOf, demand, home, placeOf, type Place } from "./place";
import type { Context, ResourceType } from "./resource-type";
import { lockType, refuseLocked } from "./types/locks";
import { underWay, write } from "./write";

type Action = (context: Context, resource: Resource) => unknown;

/** A request below `/providers/<namespace>/`: about a resource, a list, an action, or the namespace itself. */
export async function providerRequest(core: Core, asked: Asked, path: ArmPath): Promise<Response> {
  // `providers/Microsoft.Features/providers/<namespace>/features` is a path of the first one, which is not served.
  if (path.segments.some((segment) => segment.toLowerCase() === "microsoft.features")) {
    throw notServed("the namespace Microsoft.Features");
  }
  const { rows } = core.types.ofNamespace(path.namespace!);
  const { method } = asked.request;
  const row = core.types.find(typeOf(path.namespace!, path.tail));
  if (row && method !== "POST") {
    demandVersion(core, asked, row, locationOf(core, path));
    if (path.tail.length % 2 === 0) return resourceRequest(core, asked, path, row);
    if (method === "GET") return list(core, asked, path, row);
    throw methodNotAllowed(method);
  }
  const answer = (await namespaceAction(core, asked, path, rows)) ?? (await resourceAction(core, asked, path));
  if (answer) return answer;
  if (row && path.tail.length % 2 === 0) throw methodNotAllowed(method);
  throw core.types.unknown(method, path.namespace!, path.tail, asked.apiVersion);
}

async function resourceRequest(core: Core, asked: Asked, path: ArmPath, row: ResourceType): Promise<Response> {
  const { method } = asked.request;
  const methods = ["GET", "HEAD", "PUT", ...(row.methods ?? ["PATCH", "DELETE"])];
  if (!methods.includes(method)) throw methodNotAllowed(method);
  if (method === "PUT" || method === "PATCH") return write(core, asked, path, row);
  if (method === "DELETE") return remove(core, asked, path, row);
  if (method === "GET" && path.scope === "" && row.notBuiltIn) throw row.notBuiltIn(path.tail.at(-1)!);
  authorize(core.azure, asked.caller, `${row.type}/read`, textOf(path));
  if (method === "HEAD") {
    return new Response(null, { status: placeOf(core, path, row, path.tail).existing ? 204 : 404 });
  }
  const place = placeOf(core, path, row, path.tail);
  const resource = row.find?.(contextFor(core, asked, place.id), path.scope, place.name) ?? demand(place, row);
  const context = contextFor(core, asked, resource.id);
  const shown = row.show?.(resource, "GET", context) ?? envelope(resource);
  return Response.json(underWay(core, resource.id, shown));
}

async function remove(core: Core, asked: Asked, path: ArmPath, row: ResourceType): Promise<Response> {
  authorize(core.azure, asked.caller, `${row.type}/delete`, textOf(path));
  const { existing } = placeOf(core, path, row, path.tail);
  if (!existing) return new Response(null, { status: 204 });
  if (row.type !== lockType) refuseLocked(core, existing.id, "delete");
  const shown = row.show?.(existing, "GET", contextFor(core, asked, existing.id)) ?? envelope(existing);
  await deleteTree(core, asked, existing, row);
  const lasts = row.asynchronous?.delete;
  if (lasts === undefined) {
    return row.deleteShows === true ? Response.json(shown) : new Response(null, { status: 200 });
  }
  const namespace = row.type.split("/")[0]!;
  const address = `/subscriptions/${path.subscription}/providers/${namespace}/locations/${existing.location ?? "global"}`;
  const headers = core.operations.begin(lasts, asked.apiVersion, address, { resource: existing.id });
  return new Response(null, { status: 202, headers });
}

function list(core: Core, asked: Asked, path: ArmPath, row: ResourceType): Response {
  authorize(core.azure, asked.caller, `${row.type}/read`, path.scope);
  // A list over a whole subscription is asked above the resource groups.
  const wide = (row.level ?? "group") === "group" && belowOf(row).startsWith("providers/") && path.group === undefined;
  const above = wide ? path.scope : home(core, path, row, path.tail);
  const context = contextFor(core, asked, above);
  const found =
    row.list?.(context, above) ??
    core.store.list(row.type, above).filter((resource) => wide || isDirect(resource, above, row));
  return page(
    asked.url,
    found.map((resource) => underWay(core, resource.id, row.show?.(resource, "LIST", context) ?? envelope(resource))),
    row.listMembers,
  );
}

const isDirect = (resource: Resource, above: string, row: ResourceType): boolean =>
  resource.id.length === `${above}/${belowOf(row)}/`.length + resource.id.split("/").at(-1)!.length;

/** Actions and reads below a resource: the longest resource id in the path that has one of that name. */
async function resourceAction(core: Core, asked: Asked, path: ArmPath): Promise<Response | undefined> {
  const { method } = asked.request;
  if (method !== "GET" && method !== "POST") return undefined;
  for (let length = 2 * Math.floor((path.tail.length - 1) / 2); length >= 2; length -= 2) {
    const tail = path.tail.slice(0, length);
    const row = core.types.find(typeOf(path.namespace!, tail));
    const below = path.tail.slice(length);
    const draft = row && method === "POST" ? matching(row.draftActions, below) : undefined;
    const found = draft ?? (row && matching(method === "POST" ? row.actions : row.reads, below));
    if (!row || !found) continue;
    demandVersion(core, asked, row, locationOf(core, path));
    const right = method === "POST" ? `${found.template}/action` : `${readable(found.template)}/read`;
    authorize(core.azure, asked.caller, `${row.type}/${right}`, textOf(path, path.tail.length - length));
    const place = placeOf(core, path, row, tail);
    const resource = (draft && draftAt(core, place, row)) ?? demand(place, row);
    if (method === "POST") refuseLocked(core, resource.id, "write");
    const body = method === "POST" ? await readBody(asked.request, undefined, "POST") : {};
    const context = contextFor(core, asked, resource.id, body);
    return toResponse(await found.value({ ...context, names: { ...context.names, ...found.names } }, resource));
  }
  return undefined;
}

/** What is at a place, or would be there. */
function draftAt(core: Core, { existing, id, name }: Place, { type }: ResourceType): Resource {
  const now = core.azure.clock.now();
  return existing ?? { id, name, type, properties: {}, createdAt: now, changedAt: now };
}

/** Requests of the namespace itself, at the tenant or below a subscription. */
async function namespaceAction(
  core: Core,
  asked: Asked,
  path: ArmPath,
  rows: readonly ResourceType[],
): Promise<Response | undefined> {
  if (path.group !== undefined || !path.plain) return undefined;
  const { method } = asked.request;
  for (const row of rows) {
    const found = matching(row.namespaceActions, path.tail, method);
    if (!found) continue;
    demandVersion(core, asked, row, "global");
    const verb = method === "GET" ? "read" : method === "DELETE" ? "delete" : "action";
    const action = `${row.type.split("/")[0]}/${readable(found.template.split(" ")[1]!)}/${verb}`;
    if (path.subscription !== undefined) authorize(core.azure, asked.caller, action, path.scope);
    const body = method === "POST" ? await readBody(asked.request, undefined, "POST") : {};
    const context = contextFor(core, asked, path.scope, body);
    return toResponse(await found.value({ ...context, names: { ...context.names, ...found.names } }));
  }
  return undefined;
}

/** A row of a table of templates that fits a path. With a method, templates begin with theirs: `POST checkName`. */
function matching<T extends Action | ((context: Context) => unknown)>(
  table: Readonly<Record<string, T>> | undefined,
  segments: readonly string[],
  method?: string,
): { template: string; value: T; names: Record<string, string> } | undefined {
  for (const [template, value] of Object.entries(table ?? {})) {
    const [verb, path] = method === undefined ? [undefined, template] : (template.split(" ") as [string, string]);
    const names = verb === method ? matchTemplate(path, segments) : undefined;
    if (names) return { template, value, names };
  }
  return undefined;
}

/** `locations/{location}/deletedVaults` to `locations/deletedVaults`, as rights are named. */
const readable = (template: string): string => template.replace(/\/?\{\w+\}/g, "");

function toResponse(result: unknown): Response {
  if (result instanceof Response) return result;
  if (result instanceof AzureError) throw result;
  return result === undefined ? new Response(null, { status: 200 }) : Response.json(result);
}

const demandVersion = (core: Core, { apiVersion }: Asked, row: ResourceType, location: string): void =>
  core.types.demandVersion(row, apiVersion, location, core.azure.clock.now());

const textOf = (path: ArmPath, without = 0): string =>
  `/${path.segments.slice(0, path.segments.length - without).join("/")}`;

const locationOf = (core: Core, path: ArmPath): string =>
  core.store.get(textOf(path))?.location ??
  core.store.get(`/subscriptions/${path.subscription}/resourceGroups/${path.group}`)?.location ??
  "global";
