import type { ZodType } from "zod";
import { check, isAbsent, type SchemaIssue } from "../schema-issue";
import { refusals } from "./errors";

type Json = Record<string, unknown>;

/** Reads a JSON object from a request. Throws `BadRequest` where there is none. */
export async function readBody(request: Request): Promise<Json> {
  let value: unknown;
  try {
    value = JSON.parse(await request.text());
  } catch {
    throw refusals.bodyUnreadable();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refusals.bodyUnreadable();
  return value as Json;
}

/** The body without OData's annotations (`@odata.type`, `owners@odata.bind`), which say nothing of the entity itself. */
function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !name.includes("@odata."));
  return Object.fromEntries(entries.map(([name, entry]) => [name, withoutAnnotations(entry)]));
}

/** Checks a body against a schema. Throws `Request_BadRequest` for an unknown or a wrong property. */
export function checkBody<T>(schema: ZodType<T>, body: unknown, resource: string): T {
  const result = check(schema, withoutAnnotations(body));
  if (result.success) return result.data;
  throw refusalOf(result.error.issues[0]!, resource);
}

function refusalOf(issue: SchemaIssue, resource: string): Error {
  if (issue.code === "unrecognized_keys") return refusals.propertyUnknown(issue.keys[0] as string);
  const path = issue.path.filter((part) => typeof part === "string").join(".");
  return isAbsent(issue) ? refusals.propertyRequired(path, resource) : refusals.propertyInvalid(path, resource);
}

/** Writes a partial body over an entity: objects are merged, lists and values replaced. */
export function merge<T extends object>(entity: T, change: object): T {
  const merged: Json = { ...(entity as Json) };
  for (const [name, value] of Object.entries(change)) {
    const before = merged[name];
    merged[name] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged as T;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Object ids in `owners@odata.bind` or `@odata.id`: the last segment of a directory object's address. */
export function referencedId(address: unknown): string {
  const id = /\/(?:directoryObjects|servicePrincipals|users|groups)\/([^/?]+)$/i.exec(String(address))?.[1];
  if (!id) throw refusals.propertyInvalid("@odata.id", "DirectoryObject");
  return decodeURIComponent(id);
}
