import { lstat, mkdir, readdir, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { zipEntries } from "./zip";

/** What a push did to the content folder. Paths are relative to it, with `/`. */
export interface ContentChange {
  readonly copied: readonly string[];
  readonly kept: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Brings a folder to the content of a zip, as Kudu's file synchronisation does: a file is written only if its time
 * differs from the deployed one's, whatever its bytes (https://github.com/projectkudu/KuduSync.NET). An archive whose
 * times never change therefore leaves old code running.
 * @param clean removes what the archive does not hold; the default of a push of type zip
 * @param signal ends the work between two files
 * Throws an `Error` for a damaged archive and for an entry that would land outside the folder.
 */
export async function synchronise(
  folder: string,
  archive: Buffer,
  { clean, signal }: { clean: boolean; signal: AbortSignal },
): Promise<ContentChange> {
  const files = zipEntries(archive).filter((entry) => !entry.path.endsWith("/"));
  const targets = new Map(files.map((entry) => [targetOf(folder, entry.path), entry]));
  const change = { copied: [] as string[], kept: [] as string[], removed: [] as string[] };
  for (const [target, entry] of targets) {
    signal.throwIfAborted();
    const deployed = await lstat(target).catch(() => undefined);
    if (deployed?.isFile() && Math.floor(deployed.mtimeMs / 1000) === Math.floor(entry.modified.getTime() / 1000)) {
      change.kept.push(entry.path);
      continue;
    }
    await mkdir(dirname(target), { recursive: true });
    await refuseLinks(folder, target);
    await rm(target, { force: true });
    await writeFile(target, entry.content(), { flag: "wx" });
    await utimes(target, entry.modified, entry.modified);
    change.copied.push(entry.path);
  }
  if (clean) {
    for (const path of await filesBelow(folder)) {
      if (targets.has(join(folder, path))) continue;
      signal.throwIfAborted();
      await rm(join(folder, path), { force: true });
      change.removed.push(path.replaceAll(sep, "/"));
    }
  }
  return change;
}

/** True where the folder holds at least one file. */
export async function hasContent(folder: string): Promise<boolean> {
  return (await filesBelow(folder)).length > 0;
}

function targetOf(folder: string, path: string): string {
  const target = join(folder, path);
  if (!target.startsWith(folder + sep)) {
    throw new Error("Extracting Zip entry would have resulted in a file outside the specified destination directory.");
  }
  return target;
}

/** An app may have made a link of one of its folders; what is deployed never lands outside. */
async function refuseLinks(folder: string, target: string): Promise<void> {
  const [home, place] = await Promise.all([realpath(folder), realpath(dirname(target))]);
  if (place !== home && !place.startsWith(home + sep)) {
    throw new Error(
      `${target.slice(folder.length + 1)} would land outside the site's folder: a folder of its path is a link.`,
    );
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
