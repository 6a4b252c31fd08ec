import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import * as path from "node:path";
import { type Build, buildFile } from "../../contract/app-settings";
import { cacheFolder } from "./cache";
import { writeWhole } from "./whole-file";
import { type Files, zip } from "./zip";

/** Zips that are kept; a person who goes back and forth between two versions finds both. */
const keptZips = 5;

/**
 * The zip of some files and of the `build.json` that names their hash. The same files give the same bytes, so a zip that
 * was made before is taken again.
 * @param root the project's folder
 * @returns its path
 */
export async function keptZip(root: string, files: Files, build: Build): Promise<string> {
  const zipPath = path.join(cacheFolder(root), `${build.version}-${build.hash}.zip`);
  if (!(await isKept(zipPath))) {
    await write(zipPath, zip({ ...files, [buildFile]: Buffer.from(`${JSON.stringify(build)}\n`) }));
  }
  await dropOldest(path.dirname(zipPath));
  return zipPath;
}

/** Whether a zip is there, which then counts as the newest. */
function isKept(zipPath: string): Promise<boolean> {
  const now = new Date();
  return utimes(zipPath, now, now).then(
    () => true,
    () => false,
  );
}

/** In one step, so that a push that runs meanwhile never reads half a zip. */
async function write(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeWhole(file, bytes);
}

async function dropOldest(folder: string): Promise<void> {
  const zips = (await readdir(folder)).filter((name) => name.endsWith(".zip")).map((name) => path.join(folder, name));
  const aged = await Promise.all(zips.map(async (file) => ({ file, age: (await stat(file)).mtimeMs })));
  const old = aged.sort((one, other) => other.age - one.age).slice(keptZips);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}
