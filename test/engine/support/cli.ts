import { accessSync, constants, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The version that package.json pins; Pulumi's own npm package looks for exactly this one. */
export const cliVersion = versionOf("pulumi");

/** The version of a package of this project. */
export function versionOf(name: string): string {
  const file = join(__dirname, "../../../node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Pulumi's CLI on this machine: where its npm package puts it, else on PATH. Undefined where there is none. */
export function findCli(): string | undefined {
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const folders = [
    join(home, "versions", cliVersion, "bin"),
    // The npm package's own launcher is called pulumi too, and would try to install the CLI.
    ...(process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules")),
  ];
  return folders.map((folder) => join(folder, "pulumi")).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
