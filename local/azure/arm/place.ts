import type { Resource } from "../service";
import type { Core } from "./core";
import { notServed } from "../gap";
import { groupNotFound, parentNotFound, resourceNotFound } from "./errors";
import type { ArmPath } from "./path";
import type { ResourceType } from "./resource-type";

/** Where a resource of a type stands: its id as it is or would be spelt, and the resource if it exists. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly existing: Resource | undefined;
  /** The resource's group, as it was spelt at its creation. */
  readonly group: string | undefined;
}

/**
 * The id above a type's resources: its resource group, subscription, scope or parent, which must exist.
 * Throws `ResourceGroupNotFound`, `ParentResourceNotFound`, or says that the type is not served there.
 */
export function home(core: Core, path: ArmPath, row: ResourceType, tail: readonly string[]): string {
  const level = row.level ?? (row.type.split("/").length > 2 ? "parent" : "group");
  const group = path.group === undefined ? undefined : existingGroup(core, path);
  if (level === "scope") return scopeId(core, path);
  if (level === "group" && (!group || !path.plain)) throw elsewhere(row, path);
  if (level === "subscription" && (group || !path.subscription)) throw elsewhere(row, path);
  if (level !== "parent") return path.plain ? (group?.id ?? path.scope) : path.scope;
  const parentTail = tail.slice(0, 2 * Math.floor((tail.length - 1) / 2));
  const parentId = `${path.plain ? (group?.id ?? path.scope) : scopeId(core, path)}/providers/${path.namespace}/${parentTail.join("/")}`;
  const parent = core.store.get(parentId);
  if (!parent) throw parentNotFound(parentTail.at(-1)!);
  return parent.id;
}

/** Finds the place of a resource. `tail` ends in the resource's name. Throws as {@link home} does. */
export function placeOf(core: Core, path: ArmPath, row: ResourceType, tail: readonly string[]): Place {
  const above = home(core, path, row, tail);
  const name = tail.at(-1)!;
  const id = `${above}/${belowOf(row)}/${name}`;
  const existing = core.store.get(id);
  return { id: existing?.id ?? id, name: existing?.name ?? name, existing, group: path.group };
}

/** The resource that a request is about; throws `ResourceNotFound` where there is none. */
export function demand(place: Place, row: ResourceType): Resource {
  if (place.existing) return place.existing;
  throw resourceNotFound(typeAndName(place.id, row), place.group);
}

/** `providers/Microsoft.Web/sites`, or `config` for a child. */
export function belowOf(row: ResourceType): string {
  return isChild(row) ? row.type.split("/").at(-1)! : `providers/${row.type}`;
}

const isChild = (row: ResourceType): boolean => row.level === "parent" || row.type.split("/").length > 2;

/** `Microsoft.BotService/botServices/bot/channels/Teams`, as ARM's 404 names it. */
function typeAndName(id: string, row: ResourceType): string {
  const after = id.slice(id.toLowerCase().lastIndexOf("/providers/") + "/providers/".length).split("/");
  return [row.type.split("/")[0], ...after.slice(1)].join("/");
}

export function existingGroup(core: Core, path: ArmPath): Resource {
  const group = core.store.get(`/subscriptions/${path.subscription}/resourceGroups/${path.group}`);
  if (!group) throw groupNotFound(path.group!);
  return group;
}

/** The id of an extension's scope, which must exist. */
function scopeId(core: Core, path: ArmPath): string {
  if (path.plain) return path.group === undefined ? path.scope : existingGroup(core, path).id;
  const resource = core.store.get(path.scope);
  if (resource) return resource.id;
  const after = path.scope.slice(path.scope.toLowerCase().lastIndexOf("/providers/") + "/providers/".length);
  throw resourceNotFound(after, path.group);
}

const elsewhere = (row: ResourceType, path: ArmPath): Error =>
  notServed(`${row.type} at /${path.segments.join("/")}`, "Azure may");
