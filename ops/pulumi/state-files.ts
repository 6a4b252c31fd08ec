import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { stateContainer, stateFolder, type StateContainer } from "./backend";
import type { ProjectPlace } from "./project";

/** What a backend of files or blobs keeps, by paths such as `.pulumi/stacks/bot-sign-in/dev.json`. */
export interface StateFiles {
  readonly keptIn: "files" | "blobs";
  /** Names of what lies in a folder; none where there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** Undefined where it is gone meanwhile. */
  read(path: string): Promise<string | undefined>;
  remove(path: string): Promise<void>;
}

/** The files in which Pulumi keeps a project's states; undefined for a backend that is neither files nor blobs of Azure. */
export async function stateFiles(project: ProjectPlace): Promise<StateFiles | undefined> {
  const folder = await stateFolder(project);
  if (folder !== undefined) return inFolder(folder);
  const container = await stateContainer(project);
  return container && inContainer(container);
}

function inFolder(root: string): StateFiles {
  return {
    keptIn: "files",
    list: (folder) => readdir(join(root, folder)).catch(() => []),
    read: (path) => readFile(join(root, path), "utf8").catch(() => undefined),
    remove: (path) => rm(join(root, path), { force: true }),
  };
}

/** Signs in as Pulumi itself does to its blobs. */
async function inContainer({ address, prefix }: StateContainer): Promise<StateFiles> {
  // Loaded only here: Azure's clients cost a second of every start.
  const [{ ContainerClient }, { DefaultAzureCredential }] = await Promise.all([
    import("@azure/storage-blob"),
    import("@azure/identity"),
  ]);
  const client = new ContainerClient(address, new DefaultAzureCredential());
  return {
    keptIn: "blobs",
    async list(folder) {
      const before = `${prefix}${folder}/`;
      const names: string[] = [];
      for await (const { name } of client.listBlobsFlat({ prefix: before })) names.push(name.slice(before.length));
      return names;
    },
    read: (path) =>
      client
        .getBlobClient(prefix + path)
        .downloadToBuffer()
        .then(String)
        .catch((error: { statusCode?: number }) => {
          if (error.statusCode === 404) return undefined;
          throw error;
        }),
    remove: async (path) => void (await client.getBlobClient(prefix + path).deleteIfExists()),
  };
}
