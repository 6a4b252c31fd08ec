import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { stateFolder } from "./backend";
import type { PulumiProject } from "./project";

/**
 * Takes away the attribute files that a kill left empty; gives their paths. Beside each file of such a backend lies one of
 * attributes (`pr-42.json.attrs`), which is first emptied and then filled; a CLI that is killed in between leaves it
 * empty, and then every command of the project that reads the stack, and even `pulumi stack ls`, ends with "EOF". Without
 * the file nothing is missing. https://github.com/google/go-cloud/blob/v0.37.0/blob/fileblob/attrs.go
 */
export async function removeTornAttributes(project: PulumiProject): Promise<readonly string[]> {
  const root = await stateFolder(project);
  if (root === undefined) return [];
  const folders = [`.pulumi/stacks/${project.project}`, `.pulumi/locks/organization/${project.project}`].map((path) =>
    join(root, path),
  );
  const torn: string[] = [];
  for (const folder of folders) {
    const files = await readdir(folder, { recursive: true }).catch(() => []);
    for (const file of files.filter((name) => name.endsWith(".attrs")).map((name) => join(folder, name))) {
      const size = await stat(file).then(
        (found) => found.size,
        () => undefined,
      );
      if (size !== 0) continue;
      await rm(file, { force: true });
      torn.push(file);
    }
  }
  return torn;
}
