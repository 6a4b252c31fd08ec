import type { ZodType } from "zod";
import type { AzureError } from "../error";
import { branchesOf, check, isAbsent, type Path, type SchemaIssue } from "../schema-issue";
import { invalidContent, locationRequired, unsupportedMediaType } from "./errors";
import type { ResourceType } from "./resource-type";

/** Envelope members that a client may send back as it read them; ARM ignores them. */
const readOnly = ["id", "name", "type", "systemData", "etag"];

/**
 * Reads a PUT's or PATCH's body and checks it against the type's schema. A PATCH may leave required members out.
 * Throws `InvalidRequestContent` or `LocationRequired`.
 * @param answered what the type answers, which it also takes back ({@link takeBack})
 */
export async function readBody(
  request: Request,
  type: ResourceType | undefined,
  method: "PUT" | "PATCH" | "POST",
  answered?: () => unknown,
): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text !== "") demandJson(request);
  const raw = parse(text, method);
  if (method !== "POST") for (const member of readOnly) delete raw[member];
  if (!type?.body) return raw;
  let result = check(type.body, raw);
  if (!result.success && answered) {
    takeBack(type.body, raw, answered());
    result = check(type.body, raw);
  }
  if (result.success) return method === "PATCH" ? raw : (result.data as Record<string, unknown>);
  const issues = result.error.issues.flatMap((issue) => reachable(issue, method === "PATCH"));
  if (issues.length === 0) return raw;
  throw refusal(issues[0]!, type, text);
}

function demandJson({ headers }: Request): void {
  const type = headers.get("content-type");
  if (!/^application\/json\b/i.test(type ?? "")) throw unsupportedMediaType(type);
}

function parse(text: string, method: string): Record<string, unknown> {
  if (text.trim() === "") {
    if (method === "POST") return {};
    throw invalidContent("Unexpected end of content while loading JObject. Path '', line 0, position 0.");
  }
  let value: unknown;
  try {
    value = lenientJson(text);
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

/**
 * JSON as ARM's reader takes it: with comments, a comma before a closing bracket, and bare names of members. azure-cli
 * sends a template as its file has it. recorded: azure-cli test_group_deployment_lite
 */
function lenientJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const parts =
      /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*[}\]])|[A-Za-z_$][\w$]*(?=\s*:)/g;
    const strict = text.replace(parts, (part) => (/^["]/.test(part) ? part : /^[/,]/.test(part) ? "" : `"${part}"`));
    if (strict === text) throw error;
    return JSON.parse(strict);
  }
}

/** The issues that count: of a union, those of its nearest member; in a PATCH, none about something left out. */
function reachable(issue: SchemaIssue, patch: boolean): SchemaIssue[] {
  const branches = branchesOf(issue)?.map((branch) => branch.flatMap((inner) => reachable(inner, patch)));
  if (branches) {
    return (
      branches.sort((a, b) => depth(b) - depth(a) || a.length - b.length).find((b) => b.length === 0) ?? branches[0]!
    );
  }
  return patch && isAbsent(issue) ? [] : [issue];
}
const depth = (issues: SchemaIssue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

/**
 * Takes out of a body what its schema does not take though the type itself answers it: a member that only answers have,
 * and a value that is none for a write but came back unchanged, `null` for example. Who reads a resource, changes
 * something and writes it whole (`az resource update`, every `az ... update`) is refused for neither.
 * @param answered an answer of the type; nothing is taken out without one
 */
export function takeBack(schema: ZodType, body: Record<string, unknown>, answered: unknown): void {
  for (;;) {
    const issues = check(schema, body).error?.issues ?? [];
    const known = issues.flatMap(leaves).flatMap((issue) => answeredPaths(issue, body, answered));
    if (known.length === 0) return;
    for (const path of known) {
      const parent = valuesAt(body, path.slice(0, -1))[0] as Record<string, unknown> | undefined;
      if (parent) delete parent[String(path.at(-1))];
    }
  }
}

const leaves = (issue: SchemaIssue): SchemaIssue[] => branchesOf(issue)?.flat().flatMap(leaves) ?? [issue];

/** Where an issue's members stand that the type answers. An entry of a list goes with its list. */
function answeredPaths(issue: SchemaIssue, body: unknown, answered: unknown): Path[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .map((key) => [...issue.path, key])
      .filter(
        (path) =>
          valuesAt(
            answered,
            path.map((part) => (typeof part === "number" ? "*" : part)),
          ).length > 0,
      );
  }
  const path = issue.path.slice(0, issue.path.findLastIndex((part) => typeof part === "string") + 1);
  const [sent] = valuesAt(body, path);
  return sent !== undefined && JSON.stringify(sent) === JSON.stringify(valuesAt(answered, path)[0]) ? [path] : [];
}

/** The values at a path, in which `*` stands for every entry of a list; none where there is no such member. */
function valuesAt(value: unknown, path: Path): unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  if (name === "*") return Object.values(value).flatMap((inner) => valuesAt(inner, rest));
  return Object.hasOwn(value, name) ? valuesAt((value as Record<PropertyKey, unknown>)[name], rest) : [];
}

/** Words an issue as ARM's JSON reader does. */
function refusal(issue: SchemaIssue, type: ResourceType, text: string): AzureError {
  const path = issue.path.join(".").replace(/\.(\d+)(?=\.|$)/g, "[$1]");
  const object = issue.path.length === 0 ? "ResourceDefinition" : (type.type.split("/").at(-1) ?? type.type);
  const at = (member: string): string => `Path '${[path, member].filter(Boolean).join(".")}'${place(text, member)}`;
  if (issue.code === "unrecognized_keys") {
    const member = issue.keys[0]!;
    return invalidContent(`Could not find member '${member}' on object of type '${object}'. ${at(member)}.`);
  }
  const member = String(issue.path.at(-1) ?? "");
  const where = `Path '${path}'${place(text, member)}`;
  if (isAbsent(issue)) {
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
