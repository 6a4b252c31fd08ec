import type { ContainerClient } from "@azure/storage-blob";
import type { Storage, StoreItem } from "@microsoft/agents-hosting";
import { turnDeadline } from "./deadline";
import { BotError } from "./error";

/** The `eTag` of an item that must not exist yet: writing it fails with `state-conflict` where it does. */
export const mustBeNew = "must-be-new";

/** Blob names may have 1024 characters: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const longestName = 1024;

/**
 * The SDK's storage on a blob container, an item a blob, as JSON.
 *
 * An item with an `eTag` is written only if the blob is still the one that was read (or, with {@link mustBeNew}, does not
 * exist); without one, or with `*`, it is written whatever is there. A lost race is a {@link BotError} `state-conflict`.
 * No request outlasts the turn that makes it.
 */
export class BlobStorage implements Storage {
  constructor(private readonly container: ContainerClient) {}

  /** Reads what exists of the items; each carries the `eTag` under which it may be written again. */
  async read(keys: string[]): Promise<StoreItem> {
    const items = await inTime(Promise.all(keys.map(async (key) => [key, await this.readOne(key)] as const)));
    return Object.fromEntries(items.filter(([, item]) => item !== undefined));
  }

  async write(changes: StoreItem): Promise<void> {
    await inTime(Promise.all(Object.entries(changes).map(([key, item]) => this.writeOne(key, item as StoreItem))));
  }

  async delete(keys: string[]): Promise<void> {
    await inTime(Promise.all(keys.map((key) => this.blob(key).deleteIfExists(within()))));
  }

  private async readOne(key: string): Promise<StoreItem | undefined> {
    try {
      const { readableStreamBody, etag } = await this.blob(key).download(undefined, undefined, within());
      const parts: Buffer[] = [];
      for await (const part of readableStreamBody ?? []) parts.push(Buffer.from(part));
      return { ...(JSON.parse(Buffer.concat(parts).toString("utf8")) as StoreItem), eTag: etag };
    } catch (error) {
      if (codeOf(error) === "BlobNotFound") return undefined;
      throw error;
    }
  }

  private async writeOne(key: string, { eTag, ...item }: StoreItem): Promise<void> {
    const content = JSON.stringify(item);
    try {
      await this.blob(key).upload(content, Buffer.byteLength(content), {
        ...within(),
        conditions: conditionsOf(eTag),
        blobHTTPHeaders: { blobContentType: "application/json" },
      });
    } catch (error) {
      if (!isConflict(error)) throw error;
      throw new BotError("state-conflict", "The state was changed by somebody else meanwhile.", { cause: error });
    }
  }

  private blob(key: string): ReturnType<ContainerClient["getBlockBlobClient"]> {
    const name = key.split("/").map(encodeURIComponent).join("/");
    if (name.length > longestName) {
      throw new BotError("state-key-too-long", `A key of the state makes a blob name of ${name.length} characters.`);
    }
    return this.container.getBlockBlobClient(name);
  }
}

/** Waits no longer than the turn: the managed identity's own requests do not end with it. */
function inTime<Value>(requests: Promise<Value>): Promise<Value> {
  return turnDeadline()?.race(requests) ?? requests;
}

/** Ends a request with the turn that makes it. */
function within(): { abortSignal?: AbortSignal } {
  const deadline = turnDeadline();
  return deadline ? { abortSignal: deadline.signal } : {};
}

function conditionsOf(eTag: string | undefined): { ifMatch?: string; ifNoneMatch?: string } {
  if (eTag === mustBeNew) return { ifNoneMatch: "*" };
  return eTag === undefined || eTag === "*" ? {} : { ifMatch: eTag };
}

/** If-None-Match answers 409 BlobAlreadyExists, If-Match 412 ConditionNotMet; 404 where the blob has gone since. */
function isConflict(error: unknown): boolean {
  return ["BlobAlreadyExists", "ConditionNotMet", "BlobNotFound"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "";
}
