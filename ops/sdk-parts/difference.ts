import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import type { ChangedPart } from "./parts";

const run = promisify(execFile);

/**
 * What changed in a part since it was read, as a diff: the version that was read is fetched from npm's registry.
 * @returns undefined where it cannot be had
 */
export async function differenceOf({ part, content = "" }: ChangedPart): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "sdk-part-"));
  try {
    const { stdout } = await run("npm", ["pack", `${part.package}@${part.version}`, "--silent", "--ignore-scripts"], {
      cwd: folder,
    });
    await extract({ file: join(folder, stdout.trim()), cwd: folder });
    const [before, now] = [join(folder, "read", part.file), join(folder, "installed", part.file)];
    for (const [file, text] of [
      [before, await readFile(join(folder, "package", part.file), "utf8")],
      [now, content],
    ] as const) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const paths = [`read/${part.file}`, `installed/${part.file}`];
    // Ends with 1 where the two differ.
    const diff = await run("git", ["diff", "--no-index", "--no-color", ...paths], { cwd: folder }).catch(
      (error: unknown) => error as { stdout?: string },
    );
    return diff.stdout || undefined;
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
