import { readdir, readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder in which Pulumi keeps its states: where PULUMI_BACKEND_URL or, as Pulumi does it, the last `pulumi login` names
 * one. Undefined for every other backend, and for one that Pulumi.yaml names.
 */
export async function stateFolder(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const home = environment.HOME ?? homedir();
  const backend = environment.PULUMI_BACKEND_URL || (await lastLogin(environment.PULUMI_HOME ?? join(home, ".pulumi")));
  if (!backend?.startsWith("file://")) return undefined;
  const address = backend.split("?")[0] ?? "";
  if (address.startsWith("file://~")) return join(home, address.slice("file://~".length));
  return fileURLToPath(new URL(address));
}

async function lastLogin(pulumiHome: string): Promise<string | undefined> {
  const text = await readFile(join(pulumiHome, "credentials.json"), "utf8").catch(() => "{}");
  return (JSON.parse(text) as { current?: string }).current;
}

/**
 * Takes away the attribute files that a kill left empty; gives their paths. Beside each file of such a backend lies one of
 * attributes (`pr-42.json.attrs`), which is first emptied and then filled; a CLI that is killed in between leaves it
 * empty, and then every command of the project that reads the stack, and even `pulumi stack ls`, ends with "EOF". Without
 * the file nothing is missing. https://github.com/google/go-cloud/blob/v0.37.0/blob/fileblob/attrs.go
 */
export async function removeTornAttributes(
  environment: NodeJS.ProcessEnv,
  project: string,
): Promise<readonly string[]> {
  const root = await stateFolder(environment);
  if (root === undefined) return [];
  const folders = [`.pulumi/stacks/${project}`, `.pulumi/locks/organization/${project}`].map((path) =>
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
