import { refusals } from "./errors";
import { readFilter } from "./filter";

type Item = Record<string, unknown>;

/** What a list can be asked for. */
export interface CollectionOptions {
  /** `application`: the entity's name in refusals and in the answer's context. */
  readonly type: string;
  /** Whose directory a created object stands in: its creation then says where it is. */
  readonly tenantId?: string;
  /** `applications`, `users('...')/messages` */
  readonly context: string;
  /** Items a page, where `$top` says nothing; default 100. */
  readonly pageSize?: number;
  /** Properties that an answer has whatever `$select` says. */
  readonly always?: readonly string[];
  /** Properties that an answer has where `$select` says nothing; default all. */
  readonly usual?: readonly string[];
}

const understood = ["$filter", "$select", "$top", "$skip", "$skiptoken", "$orderby", "$count"];

/**
 * Answers a list: filtered, ordered, cut into pages, each item with the properties asked for.
 * https://learn.microsoft.com/graph/query-parameters
 */
export function answerCollection(url: URL, items: readonly Item[], options: CollectionOptions): Response {
  const query = url.searchParams;
  refuseUnknown(query);
  const filter = query.get("$filter");
  const found = order(filter ? items.filter(readFilter(filter)) : [...items], query.get("$orderby"));
  const size = readCount(query.get("$top"), options.pageSize ?? 100, 999);
  const start = readSkip(query);
  const page = found.slice(start, start + size);
  return Response.json({
    "@odata.context": contextOf(url, options.context, query.get("$select")),
    ...(query.get("$count") === "true" && { "@odata.count": found.length }),
    ...(start + size < found.length && { "@odata.nextLink": nextPage(url, start + size) }),
    value: page.map((item) => select(item, query.get("$select"), options)),
  });
}

/** Answers one entity with the properties asked for. */
export function answerEntity(url: URL, item: Item, options: CollectionOptions, status = 200): Response {
  refuseUnknown(url.searchParams);
  const wanted = url.searchParams.get("$select");
  const body = {
    "@odata.context": `${contextOf(url, options.context, wanted)}/$entity`,
    ...select(item, wanted, options),
  };
  return Response.json(body, { status, ...(status === 201 && { headers: whereMade(item, options) }) });
}

/** Where a new object of the directory is. recorded: azure-cli test_sp_credential, test_group_scenario */
function whereMade(
  { id }: Item,
  { type, tenantId }: Pick<CollectionOptions, "type" | "tenantId">,
): Record<string, string> {
  if (tenantId === undefined) return {};
  const name = `Microsoft.DirectoryServices.${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  return { location: `https://graph.microsoft.com/v2/${tenantId}/directoryObjects/${String(id)}/${name}` };
}

function refuseUnknown(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (name.startsWith("$") && !understood.includes(name)) throw refusals.queryUnsupported(name);
  }
}

function select(item: Item, wanted: string | null, options: CollectionOptions): Item {
  const { type, always = [], usual } = options;
  const names = wanted?.split(",").map((name) => name.trim()) ?? usual;
  if (!names) return item;
  const unknown = names.find((name) => !(name in item));
  if (unknown !== undefined) throw refusals.selectUnknown(unknown, type);
  return Object.fromEntries([...new Set([...always, ...names])].map((name) => [name, item[name]]));
}

function order(items: Item[], orderby: string | null): Item[] {
  if (!orderby) return items;
  const [name = "", direction = "asc"] = orderby.trim().split(/\s+/);
  const sign = direction.toLowerCase() === "desc" ? -1 : 1;
  return items.sort((one, other) => sign * String(one[name] ?? "").localeCompare(String(other[name] ?? "")));
}

function readCount(text: string | null, usual: number, most: number): number {
  if (text === null) return usual;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most) throw refusals.propertyInvalid("$top", "query");
  return count;
}

function readSkip(query: URLSearchParams): number {
  const token = query.get("$skiptoken");
  if (token === null) return readCount(query.get("$skip") === "0" ? null : query.get("$skip"), 0, 100_000);
  const start = /^page-(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"))?.[1];
  if (start === undefined) throw refusals.skipTokenInvalid();
  return Number(start);
}

function nextPage(url: URL, start: number): string {
  const next = new URL(url);
  next.searchParams.delete("$skip");
  next.searchParams.set("$skiptoken", Buffer.from(`page-${start}`).toString("base64url"));
  return next.href.replaceAll("%24", "$");
}

function contextOf(url: URL, context: string, wanted: string | null): string {
  const version = url.pathname.split("/")[1];
  return `https://graph.microsoft.com/${version}/$metadata#${context}${wanted ? `(${wanted})` : ""}`;
}
