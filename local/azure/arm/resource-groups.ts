import { z } from "zod";
import { AzureError } from "../error";
import type { Resource } from "../service";
import { authorize } from "./access";
import { envelope, page } from "./answer";
import { apiVersionsOf } from "./api-versions";
import { readBody } from "./body";
import { deleteTree, type Asked, type Core } from "./core";
import { groupLocation, groupNotFound, invalidName, locationNotAvailable, methodNotAllowed } from "./errors";
import { known, normalise, regions } from "./locations";
import type { ArmPath } from "./path";
import { existingGroup } from "./place";
import type { ResourceType } from "./resource-type";
import { refuseLocked } from "./types/locks";
import { refuseDisallowed } from "./types/policies";

const type = "Microsoft.Resources/resourceGroups";
const right = "Microsoft.Resources/subscriptions/resourceGroups";

/** How long the deletion of a group lasts, in milliseconds of the local Azure's clock. */
const deletionLasts = 0;

/** The api-versions and the body of a resource group; its id has no `providers` part, so its routes are its own. */
const row: ResourceType = {
  type,
  apiVersions: apiVersionsOf("Microsoft.Resources"),
  body: z.strictObject({
    location: z.string(),
    tags: z.record(z.string(), z.string()).nullish(),
    managedBy: z.string().nullish(),
    properties: z.looseObject({}).optional(),
  }),
};

/** `/subscriptions/x/resourceGroups`, one of them, and its resources. Undefined for another path. */
export async function groupRequest(core: Core, asked: Asked, path: ArmPath): Promise<Response | undefined> {
  if (path.namespace !== undefined || path.segments[2]?.toLowerCase() !== "resourcegroups") return undefined;
  const { method } = asked.request;
  if (path.segments.length === 3) {
    if (method !== "GET") throw methodNotAllowed(method);
    authorize(core.azure, asked.caller, `${right}/read`, path.scope.replace(/\/[^/]+$/, ""));
    const tag = tagFilter(asked.url);
    return page(asked.url, core.store.list(type).filter(tag).map(show));
  }
  if (path.segments.length === 5 && path.segments[4]!.toLowerCase() === "resources" && method === "GET") {
    authorize(core.azure, asked.caller, `${right}/resources/read`, path.scope);
    return listResources(core, asked, existingGroup(core, path).id);
  }
  if (path.segments.length !== 4) return undefined;
  switch (method) {
    case "PUT":
      return put(core, asked, path);
    case "PATCH":
      return patch(core, asked, path);
    case "DELETE":
      return remove(core, asked, path);
    case "HEAD":
      authorize(core.azure, asked.caller, `${right}/read`, path.scope);
      return new Response(null, { status: core.store.get(path.scope) ? 204 : 404 });
    case "GET":
      authorize(core.azure, asked.caller, `${right}/read`, path.scope);
      return Response.json(show(existingGroup(core, path)));
    default:
      throw methodNotAllowed(method);
  }
}

async function put(core: Core, asked: Asked, path: ArmPath): Promise<Response> {
  authorize(core.azure, asked.caller, `${right}/write`, path.scope);
  if (!/^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u.test(path.group!)) throw invalidName(path.group!, type);
  const body = await readBody(asked.request, row, "PUT");
  const location = String(body["location"]);
  const before = core.store.get(path.scope);
  refuseLocked(core, path.scope, "write");
  if (!known(location) || normalise(location) === "global") {
    throw locationNotAvailable(location, "Microsoft.Resources/resourceGroups", Object.keys(regions));
  }
  if (before && before.location !== normalise(location)) {
    throw groupLocation(before.location ?? "", location);
  }
  refuseDisallowed(core.azure.resources, { id: path.scope, name: path.group!, type, location: normalise(location) });
  const stored = core.store.set({
    id: before?.id ?? `/subscriptions/${path.subscription}/resourceGroups/${path.group}`,
    name: before?.name ?? path.group!,
    type,
    location: normalise(location),
    tags: (body["tags"] as Resource["tags"] | null) ?? undefined,
    properties: { provisioningState: "Succeeded", managedBy: body["managedBy"] ?? undefined },
  });
  return Response.json(show(stored), { status: before ? 200 : 201 });
}

async function patch(core: Core, asked: Asked, path: ArmPath): Promise<Response> {
  authorize(core.azure, asked.caller, `${right}/write`, path.scope);
  const group = existingGroup(core, path);
  refuseLocked(core, group.id, "write");
  const { tags } = await readBody(asked.request, row, "PATCH");
  return Response.json(show(core.store.set({ ...group, tags: (tags as Resource["tags"]) ?? group.tags })));
}

/** Deletes all that the group holds, the newest first; the first refusal ends it, as the group's own operation tells. */
async function remove(core: Core, asked: Asked, path: ArmPath): Promise<Response> {
  authorize(core.azure, asked.caller, `${right}/delete`, path.scope);
  const group = core.store.get(path.scope);
  if (!group) throw groupNotFound(path.group!);
  refuseLocked(core, group.id, "delete");
  let failure: AzureError | undefined;
  for (const resource of core.store.all(group.id).reverse()) {
    const type = core.types.find(resource.type);
    // A resource below another goes with that one.
    if (!type || !core.store.get(resource.id) || isBelowAnother(core, resource, group)) continue;
    try {
      await deleteTree(core, asked, resource, type);
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      failure = new AzureError(409, "ResourceGroupDeletionBlocked", error.message, {
        error: {
          code: "ResourceGroupDeletionBlocked",
          message: `Deletion of resource group '${group.name}' failed as resources with identifiers '${resource.id}' could not be deleted.`,
          details: [{ code: error.code, target: resource.id, message: error.message }],
        },
      });
      break;
    }
  }
  if (!failure) core.store.remove(group.id);
  const headers = core.operations.begin(deletionLasts, asked.apiVersion, `/subscriptions/${path.subscription}`, {
    resource: group.id,
    ...(failure ? { failure } : {}),
  });
  delete headers["Azure-AsyncOperation"];
  return new Response(null, { status: 202, headers });
}

function isBelowAnother(core: Core, resource: Resource, group: Resource): boolean {
  return core.store
    .all(group.id)
    .some((other) => other !== resource && resource.id.toLowerCase().startsWith(`${other.id.toLowerCase()}/`));
}

/** A group as ARM answers it: without tags and manager where it was given none. recorded: azure-cli test_resource_group */
function show(group: Resource): Record<string, unknown> {
  const { managedBy, ...properties } = group.properties;
  return { ...envelope(group, properties), ...(managedBy === undefined ? {} : { managedBy }) };
}

/** Top-level resources below an id, as `GET .../resources` lists them; `$filter` by resourceType or tag. */
export function listResources(core: Core, asked: Asked, above: string): Response {
  const wanted = /resourceType\s+eq\s+'([^']+)'/i.exec(asked.url.searchParams.get("$filter") ?? "")?.[1]?.toLowerCase();
  const tag = tagFilter(asked.url);
  const found = core.store
    .all(above)
    .filter((resource) =>
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+$/i.test(resource.id),
    )
    .filter((resource) => core.types.find(resource.type)?.level !== "scope")
    .filter((resource) => !resource.type.startsWith("Microsoft.Resources/"))
    .filter((resource) => wanted === undefined || resource.type.toLowerCase() === wanted)
    .filter(tag);
  return page(
    asked.url,
    found.map((resource) => {
      const { properties: _, etag: __, ...shown } = envelope(resource);
      return shown;
    }),
  );
}

function tagFilter(url: URL): (resource: Resource) => boolean {
  const filter = url.searchParams.get("$filter") ?? "";
  const name = /tagName\s+eq\s+'([^']+)'/i.exec(filter)?.[1];
  const value = /tagValue\s+eq\s+'([^']*)'/i.exec(filter)?.[1];
  return ({ tags }) =>
    name === undefined || (tags?.[name] !== undefined && (value === undefined || tags[name] === value));
}
