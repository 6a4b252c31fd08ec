import type { Resource } from "../service";
import { authorize } from "./access";
import { envelope } from "./answer";
import { readBody } from "./body";
import { contextFor, type Asked, type Core } from "./core";
import { invalidLocation, invalidName, locationNotAvailable, propertyChange } from "./errors";
import { known, normalise, regions } from "./locations";
import type { ArmPath } from "./path";
import { lockType, refuseLocked } from "./types/locks";
import { refuseDisallowed } from "./types/policies";
import { demand, placeOf, type Place } from "./place";
import type { Context, ResourceType } from "./resource-type";

/** PUT and PATCH of a resource of any type: the checks in ARM's order, the type's hooks, the answer. */
export async function write(core: Core, asked: Asked, path: ArmPath, row: ResourceType): Promise<Response> {
  const method = asked.request.method as "PUT" | "PATCH";
  authorize(core.azure, asked.caller, `${row.type}/write`, `/${path.segments.join("/")}`);
  core.types.demandRegistration(row.type.split("/")[0]!);
  const place = placeOf(core, path, row, path.tail);
  if (method === "PATCH") demand(place, row);
  checkName(row, place.name);
  if (row.type !== lockType) refuseLocked(core, place.id, "write");
  const before = place.existing;
  // A copy of another resource may be made as that one is answered.
  const like = before ?? core.store.list(row.type).at(-1);
  const answered = (): unknown => like && shownAs(row, like, contextFor(core, asked, like.id));
  const body = await readBody(asked.request, row, method, answered);
  checkLocation(row, place, body);

  const wasBefore = before && structuredClone(before);
  const context = contextFor(core, asked, place.id, body);
  const draft = method === "PUT" ? put(core, row, place, body) : patch(core, before!, body);
  checkImmutable(row, draft, wasBefore, method === "PUT");
  await row.write?.(context, draft, wasBefore);
  refuseDisallowed(core.azure.resources, draft);
  const stored = core.store.set(draft);
  await row.written?.(context, stored, wasBefore);
  return answer(core, asked, row, path, { context, stored, created: !before });
}

/** A resource as its type answers a read. */
const shownAs = (row: ResourceType, resource: Resource, context: Context): Record<string, unknown> =>
  row.show?.(resource, "GET", context) ?? envelope(resource);

function put(core: Core, row: ResourceType, place: Place, body: Record<string, unknown>): Resource {
  const { location, kind, tags, sku, identity, properties } = body as Partial<Resource>;
  const now = core.azure.clock.now();
  return {
    id: place.id,
    name: place.name,
    type: row.type,
    kind,
    tags,
    sku,
    identity,
    // A later PUT may leave the location out of what it cannot change.
    location: typeof location === "string" ? normalise(location) : place.existing?.location,
    etag: place.existing?.etag,
    properties: { ...properties },
    createdAt: place.existing?.createdAt ?? now,
    changedAt: now,
  };
}

function patch(core: Core, before: Resource, body: Record<string, unknown>): Resource {
  const draft = structuredClone(before);
  const { kind, tags, sku, identity, properties } = body as Partial<Resource>;
  if (kind !== undefined) draft.kind = kind;
  if (tags !== undefined) draft.tags = tags;
  if (sku !== undefined) draft.sku = { ...draft.sku, ...sku };
  if (identity !== undefined) draft.identity = { ...draft.identity, ...identity };
  draft.properties = merge(draft.properties, properties ?? {});
  draft.changedAt = core.azure.clock.now();
  return draft;
}

/** Objects are merged, everything else is replaced. */
function merge(base: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...base };
  for (const [name, value] of Object.entries(change)) {
    const was = base[name];
    merged[name] = isObject(was) && isObject(value) ? merge(was, value) : value;
  }
  return merged;
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function checkName(row: ResourceType, name: string): void {
  if (!row.name || row.name.pattern.test(name)) return;
  throw row.name.error?.(name) ?? invalidName(name, row.type);
}

function checkLocation(row: ResourceType, place: Place, body: Record<string, unknown>): void {
  const asked = body["location"];
  if (typeof asked !== "string") return;
  if (!known(asked) || (row.regional && normalise(asked) === "global")) {
    throw locationNotAvailable(asked, row.type, [...(row.regional ? [] : ["global"]), ...Object.keys(regions)]);
  }
  const was = place.existing?.location;
  if (was !== undefined && normalise(was) !== normalise(asked)) {
    throw invalidLocation(place.name, was, place.group ?? "", asked);
  }
}

/** A property left out of a PUT keeps its value only if it cannot change; one that differs is refused. */
function checkImmutable(row: ResourceType, draft: Resource, before: Resource | undefined, restore: boolean): void {
  if (!before) return;
  for (const path of row.immutable ?? []) {
    const was = at(before, path);
    const now = at(draft, path);
    if (now === undefined && restore) setAt(draft, path, was);
    else if (JSON.stringify(now) !== JSON.stringify(was))
      throw row.immutableError?.(path, before) ?? propertyChange(path);
  }
}
const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
function setAt(resource: Resource, path: string, value: unknown): void {
  const names = path.split(".");
  const parent = at(resource, names.slice(0, -1).join(".")) ?? (names.length === 1 ? resource : undefined);
  if (isObject(parent) && value !== undefined) parent[names.at(-1)!] = value;
}

function answer(
  core: Core,
  asked: Asked,
  row: ResourceType,
  path: ArmPath,
  done: { context: Context; stored: Resource; created: boolean },
): Response {
  const { context, stored, created } = done;
  const status = created ? (row.created ?? 201) : (row.updated ?? 200);
  const shown = (): Record<string, unknown> => row.show?.(stored, "PUT", context) ?? envelope(stored);
  const lasts = row.asynchronous?.put;
  const style = row.asynchronous?.style ?? "azure-async-operation";
  if (lasts === undefined || (style !== "azure-async-operation" && !created)) {
    const body = shown();
    return Response.json(body, { status, ...(created && { headers: whereMade(row, body, asked) }) });
  }
  if (style === "state") {
    const body = readUntilDone(core, row, stored, shown());
    return Response.json(body, { status, headers: whereMade(row, body, asked) });
  }
  const namespace = row.type.split("/")[0]!;
  const address = `/subscriptions/${path.subscription}/providers/${namespace}/locations/${stored.location ?? "global"}`;
  const result = (): Response => Response.json(shown());
  const failure = row.failure?.(stored);
  const state = created ? "Creating" : "Updating";
  const headers = core.operations.begin(lasts, asked.apiVersion, address, {
    resource: stored.id,
    state,
    result,
    ...(failure && { failure }),
  });
  if (style === "location") {
    delete headers["Azure-AsyncOperation"];
    return new Response(null, { status: 202, headers });
  }
  delete headers["Location"];
  const first = row.asynchronous?.state;
  const answered = first === undefined ? underWay(core, stored.id, shown()) : inState(shown(), first);
  return Response.json(answered, { status, headers });
}

/** Answers a creation that clients follow by reading the resource; what says that it is done already is. */
function readUntilDone(
  core: Core,
  row: ResourceType,
  { id }: Resource,
  shown: Record<string, unknown>,
): Record<string, unknown> {
  const { put = 0, state } = row.asynchronous ?? {};
  const first = state === undefined ? shown : inState(shown, state);
  const now = at(first, "properties.provisioningState");
  if (typeof now === "string" && now !== "Succeeded") core.operations.begin(put, "", "", { resource: id, state: now });
  return first;
}

function whereMade(row: ResourceType, body: Record<string, unknown>, { apiVersion }: Asked): Record<string, string> {
  if (row.createdLocation === undefined) return {};
  const id = String(body["id"]);
  return {
    Location: row.createdLocation === "id" ? id : `https://management.azure.com${id}?api-version=${apiVersion}`,
  };
}

/** Shows `provisioningState` as it is while an operation on the resource runs. */
export function underWay(core: Core, id: string, shown: Record<string, unknown>): Record<string, unknown> {
  const state = core.operations.stateOf(id);
  return state === undefined ? shown : inState(shown, state);
}

function inState(shown: Record<string, unknown>, provisioningState: string): Record<string, unknown> {
  const properties = shown["properties"];
  if (!isObject(properties) || !("provisioningState" in properties)) return shown;
  return { ...shown, properties: { ...properties, provisioningState } };
}
