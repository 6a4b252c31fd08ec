import { z } from "zod";
import type { Resource } from "../service";
import { authorize } from "./access";
import { readBody } from "./body";
import type { Asked, Core } from "./core";
import { invalidContent, methodNotAllowed, resourceNotFound } from "./errors";
import type { ArmPath } from "./path";
import { existingGroup } from "./place";
import type { ResourceType } from "./resource-type";
import { refuseLocked } from "./types/locks";

type Tags = Record<string, string>;

const type = "Microsoft.Resources/tags";

/** How a PATCH changes what is there. */
const operations: Readonly<Record<string, (now: Tags, given: Tags) => Tags>> = {
  replace: (_now, given) => given,
  merge: (now, given) => ({ ...now, ...given }),
  delete: (now, given) => Object.fromEntries(Object.entries(now).filter(([name, value]) => given[name] !== value)),
};

const row: ResourceType = {
  type,
  apiVersions: [],
  body: z.strictObject({
    operation: z.string().optional(),
    properties: z.strictObject({ tags: z.record(z.string(), z.string()) }),
  }),
};

/**
 * The tags of anything that has some, at `{scope}/providers/Microsoft.Resources/tags/default`: who may only tag needs
 * no right to write the resource. Undefined for another path.
 * https://learn.microsoft.com/rest/api/resources/tags
 */
export async function tagsRequest(core: Core, asked: Asked, path: ArmPath): Promise<Response | undefined> {
  const [collection, name] = path.tail.map((segment) => segment.toLowerCase());
  if (path.namespace?.toLowerCase() !== "microsoft.resources" || collection !== "tags" || path.tail.length !== 2) {
    return undefined;
  }
  if (name !== "default") throw resourceNotFound(`${type}/${path.tail[1]}`, path.group);
  const { method } = asked.request;
  const verb = { GET: "read", PUT: "write", PATCH: "write", DELETE: "delete" }[method];
  if (!verb) throw methodNotAllowed(method);
  authorize(core.azure, asked.caller, `${type}/${verb}`, path.scope);
  const tagged = taggedAt(core, path);
  if (method !== "GET") refuseLocked(core, tagged.id, "write");
  if (method === "DELETE") {
    write(core, tagged, {});
    return new Response(null, { status: 200 });
  }
  if (method !== "GET") write(core, tagged, await changed(asked.request, tagged.tags ?? {}));
  const tags = core.store.get(tagged.id)?.tags ?? {};
  return Response.json({ id: `${tagged.id}/providers/${type}/default`, name: "default", type, properties: { tags } });
}

async function changed(request: Request, now: Tags): Promise<Tags> {
  const { operation = "Replace", properties } = await readBody(request, row, "PUT");
  const { tags } = properties as { tags: Tags };
  if (request.method === "PUT") return tags;
  const change = operations[String(operation).toLowerCase()];
  if (!change) {
    throw invalidContent(`The tag operation '${String(operation)}' is not one of 'Replace', 'Merge', 'Delete'.`);
  }
  return change(now, tags);
}

/** The resource, group or subscription with the path's tags. */
function taggedAt(core: Core, path: ArmPath): Omit<Resource, "createdAt" | "changedAt"> {
  if (path.plain && path.group !== undefined) return existingGroup(core, path);
  const resource = core.store.get(path.scope);
  if (resource) return resource;
  if (path.plain && path.subscription !== undefined) {
    const name = core.azure.tenant.subscriptionId;
    return { id: `/subscriptions/${name}`, name, type: "Microsoft.Resources/subscriptions", properties: {} };
  }
  const after = path.scope.slice(path.scope.toLowerCase().lastIndexOf("/providers/") + "/providers/".length);
  throw resourceNotFound(after, path.group);
}

function write(core: Core, tagged: Omit<Resource, "createdAt" | "changedAt">, tags: Tags): void {
  core.store.set({ ...tagged, tags });
}
