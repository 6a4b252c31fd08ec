import { refusals } from "./errors";

type Item = Readonly<Record<string, unknown>>;
type Test = (item: Item) => boolean;

const literal = String.raw`(?:'((?:[^']|'')*)'|(true|false|null|[0-9T:.Z+-]+))`;
const comparison = new RegExp(String.raw`^([A-Za-z0-9_/]+)\s+(eq|ne|ge|gt|le|lt)\s+${literal}`);
const any = new RegExp(String.raw`^([A-Za-z0-9_/]+)/any\(\s*(\w+)\s*:\s*\2\s+eq\s+${literal}\s*\)`);
const starts = new RegExp(String.raw`^startswith\(\s*([A-Za-z0-9_/]+)\s*,\s*'((?:[^']|'')*)'\s*\)`, "i");

/**
 * OData's `$filter` as Graph's clients use it: `eq`, `ne`, `ge`, `gt`, `le`, `lt`, `startswith` and `any(x:x eq '...')`,
 * joined by `and`. Strings are compared without case, as the directory does. Throws `Request_UnsupportedQuery`.
 */
export function readFilter(filter: string): Test {
  const tests: Test[] = [];
  let rest = filter.trim();
  while (rest) {
    const [length, test] = readClause(rest) ?? [];
    if (!length || !test) throw refusals.filterUnsupported(filter);
    tests.push(test);
    rest = rest.slice(length).trim();
    if (!rest) break;
    const and = /^and\s+/i.exec(rest);
    if (!and) throw refusals.filterUnsupported(filter);
    rest = rest.slice(and[0].length);
  }
  return (item) => tests.every((test) => test(item));
}

function readClause(text: string): [length: number, test: Test] | undefined {
  const compared = comparison.exec(text);
  if (compared) {
    const [all, path, operator, quoted, bare] = compared as unknown as [string, string, string, string?, string?];
    const value = valueOf(quoted, bare);
    return [all.length, (item) => compare(at(item, path), operator, value)];
  }
  const anyOf = any.exec(text);
  if (anyOf) {
    const [all, path, , quoted, bare] = anyOf as unknown as [string, string, string, string?, string?];
    const value = valueOf(quoted, bare);
    return [all.length, (item) => [at(item, path) ?? []].flat().some((entry) => compare(entry, "eq", value))];
  }
  const start = starts.exec(text);
  if (start) {
    const [all, path, prefix] = start as unknown as [string, string, string];
    const wanted = prefix.replaceAll("''", "'").toLowerCase();
    return [
      all.length,
      (item) =>
        String(at(item, path) ?? "")
          .toLowerCase()
          .startsWith(wanted),
    ];
  }
  return undefined;
}

function valueOf(quoted: string | undefined, bare: string | undefined): unknown {
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  if (bare === "null") return null;
  if (bare === "true" || bare === "false") return bare === "true";
  return bare;
}

function at(item: Item, path: string): unknown {
  return path.split("/").reduce<unknown>((value, name) => (value as Item | null | undefined)?.[name], item);
}

function compare(actual: unknown, operator: string, wanted: unknown): boolean {
  const [one, other] = [fold(actual), fold(wanted)];
  if (operator === "eq") return one === other;
  if (operator === "ne") return one !== other;
  if (typeof one !== "string" || typeof other !== "string") return false;
  const order = Date.parse(one) - Date.parse(other) || 0;
  return { ge: order >= 0, gt: order > 0, le: order <= 0, lt: order < 0 }[operator] as boolean;
}

function fold(value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === "string" ? value.toLowerCase() : value;
}
