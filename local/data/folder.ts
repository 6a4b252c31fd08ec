import { constants } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeWhole } from "../../infra/code/whole-file";
import { DataFolderError } from "./error";
import { lock } from "./lock";
import { checkContent, checkFolder, removeDrafts, stateName } from "./ownership";
import { fromPlain, toPlain, type Plain } from "./plain";

/** Counts up whenever what is written cannot be read by the version before. */
const version = 2;

/** Milliseconds that changes wait for more of them before they are written; longer where writing takes long. */
const quiet = 500;

/** A part of the local Azure that outlives a restart. */
export interface Kept {
  /** Its name in the file: `directory`, `blobs`, ... */
  readonly name: string;
  /** What there is now: maps, sets, dates, bytes and what JSON can hold. */
  snapshot(): unknown;
  /** Puts back what `snapshot` gave, in another process. */
  restore(snapshot: unknown): void | Promise<void>;
}

/**
 * The folder that keeps a local Azure over a restart: `state.json` with everything its services know, and beside it the
 * deployed content. It holds secrets, so nobody but its owner may read it. One process at a time.
 */
export class DataFolder {
  #written: string | undefined;
  /** Milliseconds that the last write took. */
  #took = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #parts: readonly Kept[] = [];

  private constructor(
    readonly path: string,
    private readonly unlock: () => Promise<void>,
    private readonly kept: ReadonlyMap<string, unknown> | undefined,
    private readonly log: (line: string) => void,
  ) {}

  /**
   * Opens a folder, which is made where there is none.
   * @throws DataFolderError where it is not this user's alone, holds other things than a local Azure's, another process
   *   has it, or what it holds cannot be read
   */
  static async open(folder: string, log: (line: string) => void): Promise<DataFolder> {
    const path = resolve(folder);
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new DataFolderError(
        "not-a-folder",
        path,
        `cannot be made: ${(error as Error).message}`,
        "Name another one.",
      );
    }
    await checkFolder(path);
    await checkContent(path);
    const unlock = await lock(path);
    try {
      await removeDrafts(path);
      return new DataFolder(path, unlock, await read(path), log);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** True where an earlier local Azure left something here. */
  get restored(): boolean {
    return this.kept !== undefined;
  }

  /** What was kept under a name; undefined where nothing was. */
  part(name: string): unknown {
    return this.kept?.get(name);
  }

  /** Puts back every part, in order, and keeps them from now on. */
  async attach(parts: readonly Kept[]): Promise<void> {
    for (const part of parts) {
      const kept = this.part(part.name);
      if (kept !== undefined) await part.restore(kept);
    }
    this.#parts = parts;
    // From now on the folder is known for a local Azure's, whenever this process ends.
    await this.save();
  }

  /** Something may have changed: it is written soon. */
  changed(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.save().catch((error: unknown) => this.log(`Cannot write ${this.path}: ${String(error)}`));
      },
      Math.max(quiet, 10 * this.#took),
    );
    this.#timer.unref();
  }

  /** Writes what there is now, if it is not what was written last. */
  save(): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    return this.#writing;
  }

  /** Writes for the last time and gives the folder back. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.save();
    } finally {
      await this.unlock();
    }
  }

  async #write(): Promise<void> {
    if (this.#parts.length === 0) return;
    const began = performance.now();
    const parts: Record<string, Plain> = {};
    for (const part of this.#parts) parts[part.name] = toPlain(await part.snapshot());
    const text = JSON.stringify({ version, parts });
    this.#took = performance.now() - began;
    if (text === this.#written) return;
    await writeWhole(stateFile(this.path), text, 0o600);
    this.#written = text;
  }
}

const stateFile = (folder: string): string => join(folder, stateName);

async function read(folder: string): Promise<ReadonlyMap<string, unknown> | undefined> {
  let text: string;
  try {
    const flag = constants.O_RDONLY | constants.O_NOFOLLOW;
    text = await readFile(stateFile(folder), { encoding: "utf8", flag });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const state = parse(text);
  if (state === undefined) {
    const what = "is damaged: its state.json is not what a local Azure writes";
    throw new DataFolderError("damaged", folder, what, "Remove the folder to begin anew, or bring back a copy of it.");
  }
  if (state.version !== version) {
    const age = state.version > version ? "a newer" : "an older";
    throw new DataFolderError(
      "other-version",
      folder,
      `was written by ${age} version of the local Azure (format ${state.version}, this one reads ${version})`,
      "Use that version, or name another folder and deploy into it.",
    );
  }
  return new Map(Object.entries(state.parts).map(([name, part]) => [name, fromPlain(part)]));
}

function parse(text: string): { version: number; parts: Record<string, Plain> } | undefined {
  try {
    const state = JSON.parse(text) as { version?: unknown; parts?: unknown } | null;
    if (typeof state?.version !== "number" || typeof state.parts !== "object" || state.parts === null) return undefined;
    return state as { version: number; parts: Record<string, Plain> };
  } catch {
    return undefined;
  }
}
