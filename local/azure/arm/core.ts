import type { Azure, Claims, Resource } from "../service";
import type { ActivityLog } from "./activity-log";
import type { Operations } from "./operations";
import { namesOf, parsePath } from "./path";
import type { Context, ResourceType } from "./resource-type";
import type { Store } from "./store";
import type { TypeTable } from "./type-table";

/** What every request to ARM works on. */
export interface Core {
  readonly azure: Azure;
  readonly store: Store;
  readonly types: TypeTable;
  readonly operations: Operations;
  readonly activities: ActivityLog;
}

/** One authenticated request. */
export interface Asked {
  readonly request: Request;
  readonly url: URL;
  readonly caller: Claims;
  readonly apiVersion: string;
}

/** What a hook sees of a request about the resource with this id. */
export function contextFor(core: Core, asked: Asked, id: string, body: Record<string, unknown> = {}): Context {
  return {
    azure: core.azure,
    caller: asked.caller,
    names: namesOf(parsePath(encodeURI(id))),
    body,
    apiVersion: asked.apiVersion,
    query: asked.url.searchParams,
    accepted(address, result) {
      const headers = core.operations.begin(0, asked.apiVersion, address, { resource: id, result });
      delete headers["Azure-AsyncOperation"];
      return new Response(null, { status: 202, headers });
    },
  };
}

/**
 * Deletes a resource and all below it, the newest first. Only the resource itself may refuse (`delete`); what lies
 * below goes with it and is told (`deleted`).
 */
export async function deleteTree(core: Core, asked: Asked, resource: Resource, row: ResourceType): Promise<void> {
  const context = contextFor(core, asked, resource.id);
  await row.delete?.(context, resource);
  for (const child of core.store.all(resource.id).reverse()) {
    core.store.remove(child.id);
    await core.types.find(child.type)?.deleted?.(contextFor(core, asked, child.id), child);
  }
  core.store.remove(resource.id);
  await row.deleted?.(context, resource);
}
