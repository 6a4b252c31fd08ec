import type { Resource } from "../service";
import type { Blob } from "./blobs";
import { escape } from "./errors";

/** One page of blobs as XML. https://learn.microsoft.com/rest/api/storageservices/list-blobs */
export function listBlobs(url: URL, account: Resource, container: Resource, blobs: readonly Blob[]): Response {
  const prefix = url.searchParams.get("prefix") ?? "";
  const delimiter = url.searchParams.get("delimiter") ?? "";
  const entries = grouped(
    blobs.filter(({ name }) => name.startsWith(prefix)),
    prefix,
    delimiter,
  );
  const { part, nextMarker, size } = pageOf(url, entries);
  const withMetadata = (url.searchParams.get("include") ?? "").split(",").includes("metadata");
  const body = part
    .map((entry) =>
      typeof entry === "string" ? tag("BlobPrefix", tag("Name", escape(entry))) : blobXml(entry, withMetadata),
    )
    .join("");
  const attributes = `ServiceEndpoint="${endpoint(account)}" ContainerName="${escape(container.name)}"`;
  return xml(
    `<EnumerationResults ${attributes}>${tag("Prefix", escape(prefix))}${size ? tag("MaxResults", String(size)) : ""}` +
      `${delimiter ? tag("Delimiter", escape(delimiter)) : ""}${tag("Blobs", body)}${tag("NextMarker", nextMarker)}` +
      "</EnumerationResults>",
  );
}

/** One page of an account's containers as XML. https://learn.microsoft.com/rest/api/storageservices/list-containers2 */
export function listContainers(url: URL, account: Resource, containers: readonly Resource[]): Response {
  const prefix = url.searchParams.get("prefix") ?? "";
  const found = containers.filter(({ name }) => name.startsWith(prefix));
  const { part, nextMarker } = pageOf(
    url,
    found.sort((one, other) => (one.name < other.name ? -1 : 1)),
  );
  const body = part
    .map(({ name, etag = "", changedAt }) =>
      tag("Container", tag("Name", escape(name)) + tag("Properties", changed(changedAt, etag))),
    )
    .join("");
  return xml(
    `<EnumerationResults ServiceEndpoint="${endpoint(account)}">${tag("Prefix", escape(prefix))}` +
      `${tag("Containers", body)}${tag("NextMarker", nextMarker)}</EnumerationResults>`,
  );
}

/** Names below a delimiter stand once, as their common prefix. */
function grouped(blobs: readonly Blob[], prefix: string, delimiter: string): (Blob | string)[] {
  if (delimiter === "") return [...blobs];
  const entries: (Blob | string)[] = [];
  for (const blob of blobs) {
    const end = blob.name.indexOf(delimiter, prefix.length);
    if (end < 0) entries.push(blob);
    else {
      const common = blob.name.slice(0, end + delimiter.length);
      if (!entries.includes(common)) entries.push(common);
    }
  }
  return entries;
}

function pageOf<T>(url: URL, entries: readonly T[]): { part: T[]; nextMarker: string; size: number } {
  const size = Number(url.searchParams.get("maxresults") ?? 0);
  const start = Number(url.searchParams.get("marker") ?? 0);
  const end = start + (size > 0 ? Math.min(size, 5000) : 5000);
  return { part: entries.slice(start, end), nextMarker: end < entries.length ? String(end) : "", size };
}

function blobXml(blob: Blob, withMetadata: boolean): string {
  const properties =
    tag("Creation-Time", blob.createdAt.toUTCString()) +
    changed(blob.changedAt, blob.etag) +
    tag("Content-Length", String(blob.content.length)) +
    tag("Content-Type", escape(blob.headers["Content-Type"] ?? "")) +
    tag("Content-MD5", blob.md5) +
    tag("BlobType", "BlockBlob") +
    tag("LeaseStatus", "unlocked") +
    tag("LeaseState", "available") +
    tag("ServerEncrypted", "true");
  const metadata = Object.entries(blob.metadata).map(([name, value]) => tag(name, escape(value)));
  return tag(
    "Blob",
    tag("Name", escape(blob.name)) +
      tag("Properties", properties) +
      (withMetadata ? tag("Metadata", metadata.join("")) : ""),
  );
}

const changed = (at: Date, etag: string): string =>
  tag("Last-Modified", at.toUTCString()) + tag("Etag", etag.replaceAll('"', ""));

const tag = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const endpoint = (account: Resource): string => `https://${account.name}.blob.core.windows.net/`;

const xml = (text: string): Response =>
  new Response(`<?xml version="1.0" encoding="utf-8"?>${text}`, { headers: { "Content-Type": "application/xml" } });
