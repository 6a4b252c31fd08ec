import { createHash } from "node:crypto";
import type { Clock } from "../clock";

/** Headers of a blob that a writer sets and a reader gets back. */
export const contentHeaders = ["type", "encoding", "language", "disposition"] as const;

export interface Blob {
  readonly name: string;
  readonly content: Uint8Array;
  /** `"0x8D..."`, quotes included. */
  readonly etag: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
  /** Base64. */
  readonly md5: string;
  /** `Content-Type` and the like, by header name. */
  readonly headers: Readonly<Record<string, string>>;
  /** By lower-case name, without `x-ms-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Where its content was copied from, if it was; the next write ends that. */
  readonly copy?: Copy;
}

/** A copy that is done: within one account they are at once. */
export interface Copy {
  readonly id: string;
  /** Address of the blob that was copied. */
  readonly source: string;
  readonly at: Date;
}

/** The blobs of one container, and blocks that wait to be committed. */
export class Blobs {
  readonly #byName = new Map<string, Blob>();
  readonly #blocks = new Map<string, Map<string, Uint8Array>>();

  /** @param blobs those that are there from the beginning */
  constructor(
    private readonly clock: () => Clock,
    blobs: readonly Blob[] = [],
  ) {
    for (const blob of blobs) this.#byName.set(blob.name, blob);
  }

  get(name: string): Blob | undefined {
    return this.#byName.get(name);
  }

  /** In the order in which Blob Storage lists them: by name. */
  all(): Blob[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  set(blob: Pick<Blob, "name" | "content" | "headers" | "metadata" | "copy">): Blob {
    const now = this.clock().now();
    const stored: Blob = {
      ...blob,
      etag: nextETag(now),
      md5: md5Of(blob.content),
      createdAt: this.get(blob.name)?.createdAt ?? now,
      changedAt: now,
    };
    this.#byName.set(blob.name, stored);
    this.#blocks.delete(blob.name);
    return stored;
  }

  delete(name: string): void {
    this.#byName.delete(name);
    this.#blocks.delete(name);
  }

  /** Keeps a block of a blob until it is committed. */
  stage(name: string, blockId: string, content: Uint8Array): void {
    const blocks = this.#blocks.get(name) ?? new Map<string, Uint8Array>();
    this.#blocks.set(name, blocks.set(blockId, content));
  }

  /** Joins staged blocks in this order; undefined where one of them is not there. */
  join(name: string, blockIds: readonly string[]): Uint8Array | undefined {
    const staged = this.#blocks.get(name);
    const blocks = blockIds.map((id) => staged?.get(id));
    return blocks.every((block) => block !== undefined) ? Buffer.concat(blocks) : undefined;
  }
}

export function md5Of(content: Uint8Array): string {
  return createHash("md5").update(content).digest("base64");
}

let written = 0;

/** A new entity tag: .NET ticks in hex, one for each write. */
export function nextETag(now: Date): string {
  const ticks = (BigInt(now.getTime()) + 62_135_596_800_000n) * 10_000n + BigInt(++written % 10_000);
  return `"0x${ticks.toString(16).toUpperCase()}"`;
}
