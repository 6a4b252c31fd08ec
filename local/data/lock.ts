import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataFolderError } from "./error";

/**
 * Takes a folder for this process alone. A lock that a killed process left behind is taken over.
 * Gives the function that gives it back.
 * @throws DataFolderError InUse, with the number of the process that has it
 */
export async function lock(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "lock");
  for (;;) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = Number((await readFile(file, "utf8").catch(() => "")).trim());
      if (runs(owner)) {
        throw new DataFolderError(
          "in-use",
          folder,
          `is used by process ${owner}`,
          `End that local Azure first, or name another folder. If process ${owner} is no local Azure, remove ${file}.`,
        );
      }
      await rm(file, { force: true });
    }
  }
}

function runs(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
