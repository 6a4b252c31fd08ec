import type { ZodIssue } from "zod";
import type { AzureError } from "../error";
import { invalidContent, locationRequired } from "./errors";
import type { ResourceType } from "./resource-type";

/** Envelope members that a client may send back as it read them; ARM ignores them. */
const readOnly = ["id", "name", "type", "systemData", "etag"];

/**
 * Reads a PUT's or PATCH's body and checks it against the type's schema. A PATCH may leave required members out.
 * Throws `InvalidRequestContent` or `LocationRequired`.
 */
export async function readBody(
  request: Request,
  type: ResourceType | undefined,
  method: "PUT" | "PATCH" | "POST",
): Promise<Record<string, unknown>> {
  const text = await request.text();
  const raw = parse(text, method);
  if (method !== "POST") for (const member of readOnly) delete raw[member];
  if (!type?.body) return raw;
  const result = type.body.safeParse(raw);
  if (result.success) return method === "PATCH" ? raw : (result.data as Record<string, unknown>);
  const issues = result.error.issues.flatMap((issue) => reachable(issue, method === "PATCH"));
  if (issues.length === 0) return raw;
  throw refusal(issues[0]!, type, text);
}

function parse(text: string, method: string): Record<string, unknown> {
  if (text.trim() === "") {
    if (method === "POST") return {};
    throw invalidContent("Unexpected end of content while loading JObject. Path '', line 0, position 0.");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1] ?? text.length;
    throw invalidContent(
      `Unexpected character encountered while parsing value. Path '', line 1, position ${position}.`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidContent("Error reading JObject from JsonReader. Current JsonReader item is not an object. Path ''.");
  }
  return value as Record<string, unknown>;
}

/** The issues that count: of a union, those of its nearest member; in a PATCH, none about something left out. */
function reachable(issue: ZodIssue, patch: boolean): ZodIssue[] {
  if (issue.code === "invalid_union") {
    const branches = issue.unionErrors.map((error) => error.issues.flatMap((inner) => reachable(inner, patch)));
    return (
      branches.sort((a, b) => depth(b) - depth(a) || a.length - b.length).find((b) => b.length === 0) ?? branches[0]!
    );
  }
  return patch && issue.code === "invalid_type" && issue.received === "undefined" ? [] : [issue];
}
const depth = (issues: ZodIssue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

/** Words an issue as ARM's JSON reader does. */
function refusal(issue: ZodIssue, type: ResourceType, text: string): AzureError {
  const path = issue.path.join(".").replace(/\.(\d+)(?=\.|$)/g, "[$1]");
  const object = issue.path.length === 0 ? "ResourceDefinition" : (type.type.split("/").at(-1) ?? type.type);
  const at = (member: string): string => `Path '${[path, member].filter(Boolean).join(".")}'${place(text, member)}`;
  if (issue.code === "unrecognized_keys") {
    const member = issue.keys[0]!;
    return invalidContent(`Could not find member '${member}' on object of type '${object}'. ${at(member)}.`);
  }
  const member = String(issue.path.at(-1) ?? "");
  const where = `Path '${path}'${place(text, member)}`;
  if (issue.code === "invalid_type" && issue.received === "undefined") {
    if (path === "location") return locationRequired();
    const parent = issue.path.slice(0, -1).join(".");
    return invalidContent(`Required property '${member}' not found in JSON. Path '${parent}'`);
  }
  return invalidContent(`Error converting value: ${issue.message}. ${where}.`);
}

/** Line and position of a member in the text, as Json.NET counts them: just behind its colon. */
function place(text: string, member: string): string {
  const found = text.search(new RegExp(`"${member.replace(/[^\w-]/g, "\\$&")}"\\s*:`));
  if (found < 0) return "";
  const before = text.slice(0, text.indexOf(":", found) + 1);
  const lines = before.split("\n");
  return `, line ${lines.length}, position ${lines.at(-1)!.length}`;
}
