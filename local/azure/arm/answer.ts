import type { Resource } from "../service";

/** A resource as ARM answers it, with these properties (default: all it has). What is undefined is left out. */
export function envelope(
  resource: Resource,
  properties: Record<string, unknown> = resource.properties,
): Record<string, unknown> {
  const { id, name, type, kind, etag, location, tags, sku, identity } = resource;
  const all = { id, name, type, kind, etag, location, tags, sku, identity, properties };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * A list in ARM's pages: `$top` entries each (default: all), the next by `$skiptoken`.
 * @param members what the answer has beside them
 */
export function page(url: URL, value: readonly unknown[], members: Readonly<Record<string, unknown>> = {}): Response {
  const start = Number(Buffer.from(url.searchParams.get("$skiptoken") ?? "", "base64url").toString() || "0");
  const asked = Number(url.searchParams.get("$top") ?? value.length);
  const top = Number.isInteger(asked) && asked > 0 ? asked : value.length;
  const end = start + top;
  if (end >= value.length) return Response.json({ value: value.slice(start), ...members });
  const next = new URL(url);
  next.searchParams.set("$skiptoken", Buffer.from(String(end)).toString("base64url"));
  return Response.json({ value: value.slice(start, end), ...members, nextLink: next.href });
}
