import { randomUUID } from "node:crypto";
import type { Asked } from "./asked";
import { rights } from "./access";
import { contentHeaders, md5Of, type Blob, type Blobs, type Copy } from "./blobs";
import { checkConditions } from "./conditions";
import {
  blobNotFound,
  invalidBlockList,
  invalidHeader,
  invalidQuery,
  invalidRange,
  md5Mismatch,
  missingHeader,
  otherAccount,
  sourceNotFound,
  verbNotSupported,
} from "./errors";

/** A request about one blob. */
export async function blobRequest(asked: Asked, blobs: Blobs, name: string): Promise<Response> {
  const { request, query } = asked;
  const comp = query.get("comp");
  switch (request.method) {
    case "GET":
    case "HEAD":
      if (comp !== null && comp !== "metadata") throw invalidQuery("comp", comp);
      return read(asked, blobs, name);
    case "DELETE":
      return remove(asked, blobs, name);
    case "PUT":
      switch (comp) {
        case null:
          return putBlob(asked, blobs, name);
        case "block":
          return putBlock(asked, blobs, name);
        case "blocklist":
          return putBlockList(asked, blobs, name);
        case "metadata":
        case "properties":
          return describe(asked, blobs, name, comp);
        default:
          throw invalidQuery("comp", comp);
      }
    default:
      throw verbNotSupported();
  }
}

function read(asked: Asked, blobs: Blobs, name: string): Response {
  asked.demand(rights.readBlob);
  const blob = blobs.get(name);
  if (!blob) throw blobNotFound();
  const { headers, method } = asked.request;
  checkConditions(headers, blob, false);
  const range = rangeOf(headers, blob.content.length);
  const all = shown(blob);
  if (!range) {
    const body = method === "HEAD" ? null : Buffer.from(blob.content);
    return new Response(body, { headers: { ...all, "Content-Length": String(blob.content.length) } });
  }
  const part = blob.content.slice(range.start, range.end + 1);
  const { "Content-MD5": md5, ...others } = all;
  return new Response(method === "HEAD" ? null : Buffer.from(part), {
    status: 206,
    headers: {
      ...others,
      ...(md5 ? { "x-ms-blob-content-md5": md5 } : {}),
      "Content-Length": String(part.length),
      "Content-Range": `bytes ${range.start}-${range.end}/${blob.content.length}`,
    },
  });
}

/** `bytes=0-99` of `x-ms-range` or `Range`; undefined for the whole blob. */
function rangeOf(headers: Headers, size: number): { start: number; end: number } | undefined {
  const header = headers.get("x-ms-range") ?? headers.get("range");
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? "");
  if (!match) return undefined;
  const start = Number(match[1]);
  if (start >= size) throw invalidRange(size);
  return { start, end: Math.min(match[2] ? Number(match[2]) : size - 1, size - 1) };
}

function remove(asked: Asked, blobs: Blobs, name: string): Response {
  asked.demand(rights.deleteBlob);
  const blob = blobs.get(name);
  if (!blob) throw blobNotFound();
  checkConditions(asked.request.headers, blob, true);
  blobs.delete(name);
  return new Response(null, { status: 202, headers: { "x-ms-delete-type-permanent": "true" } });
}

async function putBlob(asked: Asked, blobs: Blobs, name: string): Promise<Response> {
  const { headers } = asked.request;
  asked.demand(blobs.get(name) ? rights.writeBlob : rights.createBlob);
  const source = headers.get("x-ms-copy-source");
  if (source !== null) return copyBlob(asked, blobs, name, source);
  const type = headers.get("x-ms-blob-type");
  if (type === null) throw missingHeader("x-ms-blob-type");
  if (type !== "BlockBlob") throw invalidHeader("x-ms-blob-type", type);
  const content = await contentOf(asked.request);
  checkConditions(headers, blobs.get(name), true);
  return stored(blobs.set({ name, content, headers: headersOf(headers), metadata: metadataOf(headers) }));
}

/**
 * Copies a blob of the same account, which is done at once. https://learn.microsoft.com/rest/api/storageservices/copy-blob
 * Put Blob from URL, which copies too, names a blob type and is refused.
 */
function copyBlob(asked: Asked, blobs: Blobs, name: string, source: string): Response {
  const { request, url, accounts } = asked;
  const { headers } = request;
  if (headers.has("x-ms-blob-type")) throw invalidHeader("x-ms-blob-type", headers.get("x-ms-blob-type")!);
  const from = URL.parse(source);
  if (!from) throw invalidHeader("x-ms-copy-source", source);
  if (from.hostname !== url.hostname) throw otherAccount();
  const [containerName = "", ...rest] = from.pathname.slice(1).split("/").map(decodeURIComponent);
  asked.demandOfSource(from, containerName);
  const container = accounts.container(asked.account, containerName);
  const blob = container && accounts.blobs(container).get(rest.join("/"));
  if (!blob) throw sourceNotFound();
  checkConditions(headers, blobs.get(name), true);
  const metadata = metadataOf(headers);
  const { etag, changedAt, copy } = blobs.set({
    name,
    content: blob.content,
    headers: blob.headers,
    metadata: Object.keys(metadata).length > 0 ? metadata : blob.metadata,
    copy: { id: randomUUID(), source, at: accounts.now() },
  });
  return new Response(null, {
    status: 202,
    headers: {
      ETag: etag,
      "Last-Modified": changedAt.toUTCString(),
      "x-ms-copy-id": copy!.id,
      "x-ms-copy-status": "success",
    },
  });
}

async function putBlock(asked: Asked, blobs: Blobs, name: string): Promise<Response> {
  asked.demand(rights.createBlocks);
  const id = asked.query.get("blockid");
  if (!id) throw invalidQuery("blockid", "");
  const content = await contentOf(asked.request);
  blobs.stage(name, id, content);
  return new Response(null, { status: 201, headers: { "x-ms-request-server-encrypted": "true" } });
}

async function putBlockList(asked: Asked, blobs: Blobs, name: string): Promise<Response> {
  const { headers } = asked.request;
  asked.demand(blobs.get(name) ? rights.writeBlob : rights.createBlocks);
  const xml = await asked.request.text();
  const ids = [...xml.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)<\//g)].map((match) => match[1]!);
  checkConditions(headers, blobs.get(name), true);
  const content = blobs.join(name, ids);
  if (!content) throw invalidBlockList();
  return stored(blobs.set({ name, content, headers: headersOf(headers), metadata: metadataOf(headers) }));
}

/** Set Blob Metadata and Set Blob Properties: each replaces its own part. */
function describe(asked: Asked, blobs: Blobs, name: string, part: "metadata" | "properties"): Response {
  asked.demand(rights.writeBlob);
  const blob = blobs.get(name);
  if (!blob) throw blobNotFound();
  const { headers } = asked.request;
  checkConditions(headers, blob, true);
  const change = part === "metadata" ? { metadata: metadataOf(headers) } : { headers: headersOf(headers) };
  const { ETag, "Last-Modified": modified } = shown(blobs.set({ ...blob, ...change }));
  return new Response(null, { headers: { ETag: ETag!, "Last-Modified": modified! } });
}

async function contentOf(request: Request): Promise<Uint8Array> {
  const content = new Uint8Array(await request.arrayBuffer());
  const md5 = request.headers.get("content-md5");
  if (md5 !== null && md5 !== md5Of(content)) throw md5Mismatch();
  return content;
}

function headersOf(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {
    "Content-Type": headers.get("x-ms-blob-content-type") ?? headers.get("content-type") ?? "application/octet-stream",
  };
  for (const name of contentHeaders.slice(1)) {
    const value = headers.get(`x-ms-blob-content-${name}`);
    if (value) kept[`Content-${name.charAt(0).toUpperCase()}${name.slice(1)}`] = value;
  }
  const cache = headers.get("x-ms-blob-cache-control");
  return cache ? { ...kept, "Cache-Control": cache } : kept;
}

function metadataOf(headers: Headers): Record<string, string> {
  const found = [...headers].filter(([name]) => name.startsWith("x-ms-meta-"));
  return Object.fromEntries(found.map(([name, value]) => [name.slice("x-ms-meta-".length), value]));
}

function shown(blob: Blob): Record<string, string> {
  return {
    ...blob.headers,
    ...Object.fromEntries(Object.entries(blob.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value])),
    ...(blob.copy && copied(blob.copy, blob.content.length)),
    "Accept-Ranges": "bytes",
    "Content-MD5": blob.md5,
    ETag: blob.etag,
    "Last-Modified": blob.changedAt.toUTCString(),
    "x-ms-creation-time": blob.createdAt.toUTCString(),
    "x-ms-blob-type": "BlockBlob",
    "x-ms-lease-status": "unlocked",
    "x-ms-lease-state": "available",
    "x-ms-server-encrypted": "true",
  };
}

function copied({ id, source, at }: Copy, size: number): Record<string, string> {
  return {
    "x-ms-copy-id": id,
    "x-ms-copy-source": source,
    "x-ms-copy-status": "success",
    "x-ms-copy-progress": `${size}/${size}`,
    "x-ms-copy-completion-time": at.toUTCString(),
  };
}

function stored(blob: Blob): Response {
  return new Response(null, {
    status: 201,
    headers: {
      ETag: blob.etag,
      "Last-Modified": blob.changedAt.toUTCString(),
      "Content-MD5": blob.md5,
      "x-ms-request-server-encrypted": "true",
    },
  });
}
