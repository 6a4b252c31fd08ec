import type { Blob } from "./blobs";
import { blobExists, conditionNotMet } from "./errors";

/**
 * Checks a request's If-... headers against the blob as it is.
 * @param write true for a request that changes the blob; a read that fails If-None-Match is a 304
 * https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
 */
export function checkConditions(headers: Headers, blob: Blob | undefined, write: boolean): void {
  const ifMatch = headers.get("if-match");
  if (ifMatch !== null && (!blob || !names(ifMatch, blob.etag))) throw conditionNotMet();
  const ifNoneMatch = headers.get("if-none-match");
  if (ifNoneMatch !== null && blob && names(ifNoneMatch, blob.etag)) {
    if (!write) throw conditionNotMet(304);
    // Blob Storage words "only if it is new" differently from every other condition.
    throw ifNoneMatch.trim() === "*" ? blobExists() : conditionNotMet();
  }
  const unmodified = headers.get("if-unmodified-since");
  if (unmodified !== null && blob && seconds(blob.changedAt) > seconds(new Date(unmodified))) throw conditionNotMet();
  const modified = headers.get("if-modified-since");
  if (modified !== null && blob && seconds(blob.changedAt) <= seconds(new Date(modified))) {
    throw conditionNotMet(write ? 412 : 304);
  }
}

/** True where a header's list of entity tags names this one. Quotes may be left out. */
function names(header: string, etag: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^"|"$/g, "");
  return header.split(",").some((tag) => tag.trim() === "*" || bare(tag) === bare(etag));
}

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
