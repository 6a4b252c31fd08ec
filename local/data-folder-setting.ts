import { DataFolderError } from "./data/error";

/**
 * The data folder that a person asked for, by `--data` or else by DATA; undefined where by neither.
 * @throws DataFolderError where it is empty, or begins with a ~ that no shell has replaced
 */
export function dataFolder(option: string | undefined, variable: string | undefined): string | undefined {
  const folder = option ?? (variable || undefined);
  if (folder === "")
    throw new DataFolderError("not-a-folder", '""', "is no name", "Name a folder: --data ~/local-azure");
  if (folder?.startsWith("~")) {
    // `--data=~/x`: shells replace a ~ only at the beginning of a word.
    const what = "begins with a ~ that your shell has not replaced";
    throw new DataFolderError("not-a-folder", folder, what, `Write it apart: --data ${folder}`);
  }
  return folder;
}
