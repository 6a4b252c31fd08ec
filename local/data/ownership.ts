import { lstat, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { azFolder, bundleName, trustStoreName } from "../azure/client-environment";
import { shellWord } from "../../cli/shell-word";
import { DataFolderError } from "./error";

/** The file by which a folder is known for a local Azure's. */
export const stateName = "state.json";
/** The certificate that clients of a running local Azure trust. */
export const caName = "ca.pem";

/** What a local Azure that was killed in its first moments leaves, and what macOS puts into any folder. */
const beforeState = ["lock", caName, bundleName, trustStoreName, azFolder, ".DS_Store"];
/** How `writeWhole` names a file that is not whole yet. */
const draft = /\.[0-9a-f-]{36}\.new$/;

/**
 * A data folder holds secrets: it has to be a folder, of this very user, that nobody else can look into.
 * @throws DataFolderError
 */
export async function checkFolder(path: string): Promise<void> {
  const found = await lstat(path);
  const { mode, uid } = found;
  if (found.isSymbolicLink()) {
    const target = await realpath(path);
    throw new DataFolderError(
      "is-link",
      path,
      "is a symbolic link",
      `Name the folder itself: --data ${shellWord(target)}`,
    );
  }
  if (!found.isDirectory()) throw new DataFolderError("not-a-folder", path, "is no folder", "Name another one.");
  if (process.getuid && uid !== process.getuid()) {
    const what = `belongs to another user (number ${uid})`;
    throw new DataFolderError("of-another-user", path, what, "Name a folder of your own.");
  }
  const open = mode & 0o077;
  if (open) {
    const what = `is open to other users of this machine (mode ${(mode & 0o777).toString(8).padStart(4, "0")})`;
    const fix = `It will hold secrets: chmod 700 ${shellWord(path)}. Where that changes nothing, name a folder on another disk.`;
    throw new DataFolderError("open-to-others", path, what, fix);
  }
}

/**
 * Nothing is ever written between other people's files, nor through a link that stands in the folder.
 * @throws DataFolderError
 */
export async function checkContent(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true });
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link) {
    const what = `holds a symbolic link, ${link.name}, which no local Azure makes`;
    throw new DataFolderError(
      "holds-other",
      path,
      what,
      `rm ${shellWord(join(path, link.name))}, or name another folder.`,
    );
  }
  const names = entries.map(({ name }) => name).filter((name) => !draft.test(name));
  const foreign = names.filter((name) => !beforeState.includes(name));
  if (names.includes(stateName) || foreign.length === 0) return;
  const what = `is not empty, and holds nothing of a local Azure (but ${foreign.slice(0, 3).join(", ")})`;
  const fix = `Name a folder that is new or empty: --data ${shellWord(join(path, "local-azure"))}`;
  throw new DataFolderError("holds-other", path, what, fix);
}

/** Removes what a process left that died while it wrote. */
export async function removeDrafts(path: string): Promise<void> {
  const drafts = (await readdir(path)).filter((name) => draft.test(name));
  await Promise.all(drafts.map((name) => rm(join(path, name), { force: true })));
}
