import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { bundleBot } from "../infra/code/bundle";
import type { Row } from "./row";

/** The packages that `bot/` imports. */
const imported = [
  "@azure/identity",
  "@azure/storage-blob",
  "@microsoft/agents-activity",
  "@microsoft/agents-hosting",
  "jose",
  "pino",
  "rate-limiter-flexible",
];

/** Size of the bundle beside the same dependencies as node_modules in a zip, both compressed as far as zlib goes. */
export async function bundleSizeRow(root: string): Promise<Row> {
  const ours = gzipSync((await bundleBot(root)).code, { level: 9 }).length;
  let rival = 0;
  let files = 0;
  for (const folder of dependencyFolders(root)) {
    for (const file of filesBelow(folder)) {
      // A zip keeps each file's name twice, with 30 and 46 bytes of record.
      rival += deflateRawSync(readFileSync(file), { level: 9 }).length + 2 * relative(root, file).length + 76;
      files++;
    }
  }
  return {
    name: "size of the bot's code",
    ours: `${Math.round(ours / 1000)} kB`,
    rival: `${Math.round(rival / 1000)} kB (node_modules in a zip, ${files} files)`,
    ratio: ours / rival,
  };
}

/** Every package that the imported ones need, each once, where npm put it. */
function dependencyFolders(root: string): Set<string> {
  const folders = new Set<string>();
  const visit = (name: string, from: string): void => {
    const folder = packageFolder(name, from);
    if (!folder || folders.has(folder)) return;
    folders.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder);
  };
  for (const name of imported) visit(name, root);
  return folders;
}

function packageFolder(name: string, from: string): string | undefined {
  for (const folder of createRequire(join(from, "package.json")).resolve.paths(name) ?? []) {
    const candidate = join(folder, name);
    if (statSync(join(candidate, "package.json"), { throwIfNoEntry: false })) return candidate;
  }
  return undefined;
}

/** Files of a package, without the packages nested in it: those are visited by themselves. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
