import { link, lstat, open, readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { draftOf } from "../infra/code/whole-file";
import { shellWord } from "../cli/shell-word";

/** Why `--env-file` was refused: which file, and what fixes it. */
export class EnvFileError extends Error {
  override readonly name = "EnvFileError";

  constructor(
    readonly code: "exists" | "not-writable",
    readonly file: string,
    what: string,
    readonly fix: string,
  ) {
    super(`--env-file ${file} ${what}. ${fix}`);
  }
}

/** The file into which `--env-file` writes the environment of a deployer. It holds a secret and ends with the local Azure. */
export class EnvFile {
  private constructor(
    readonly path: string,
    private readonly text: string,
    private readonly made: { readonly dev: bigint; readonly ino: bigint },
  ) {}

  /** @throws EnvFileError where something of the name is there, so that nobody waits for a start that ends with it */
  static async refuseExisting(path: string): Promise<void> {
    const found = await lstat(path).catch(() => undefined);
    if (found) throw exists(path, found.isSymbolicLink());
  }

  /**
   * Makes the file, readable by its owner alone, in one step: whoever waits for it never reads half of it. What stands
   * there already is neither overwritten nor followed.
   * @throws EnvFileError
   */
  static async create(file: string, text: string): Promise<EnvFile> {
    const path = resolve(file);
    const draft = draftOf(path);
    try {
      const handle = await open(draft, "wx", 0o600);
      try {
        await handle.writeFile(text);
        const made = await handle.stat({ bigint: true });
        await link(draft, path);
        return new EnvFile(path, text, made);
      } finally {
        await handle.close();
        await rm(draft, { force: true });
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") throw exists(path, false);
      const fix = "Name a file in a folder of your own, on a disk that knows hard links.";
      throw new EnvFileError("not-writable", path, `cannot be written: ${message}`, fix);
    }
  }

  /** Takes the file away if it is still the one that was made; otherwise gives a sentence that says that it stays. */
  async remove(): Promise<string | undefined> {
    const found = await lstat(this.path, { bigint: true }).catch(() => undefined);
    if (!found) return undefined;
    const same = found.isFile() && found.dev === this.made.dev && found.ino === this.made.ino;
    if (!same || (await readFile(this.path, "utf8").catch(() => "")) !== this.text) {
      return `${this.path} was changed meanwhile and stays: what it says of this local Azure is of no use any more.`;
    }
    await rm(this.path, { force: true });
    return undefined;
  }
}

function exists(path: string, isLink: boolean): EnvFileError {
  const what = isLink ? "is a symbolic link, which is not followed" : "is there already, and is not overwritten";
  return new EnvFileError(
    "exists",
    path,
    what,
    `Name another file; or, if nobody needs this one: rm ${shellWord(path)}`,
  );
}
