import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { cacheFolder } from "./cache";
import { CodeError } from "./code-error";

/**
 * The version of Web Chat that the chat page serves. Its package is not a dependency: with all that it depends on it is
 * 425 packages and 486 MB, for one file that has everything in it.
 */
const version = "4.18.1";
const packageName = `botframework-webchat@${version}`;
const member = "package/dist/webchat.js";

/** As the npm registry publishes it, and this repository demands it. */
const tarballIntegrity =
  "sha512-7jpEUJ7olT62Xm+8eh7BhhIcXVfU2xD4pZDaeBt8K4XcNy6K/83UGIxE9BFkXmHMZ4hDEVOzs5cre07GWuaXzg==";
/** Of the one file, so that what lies in the cache is not merely believed. */
const fileIntegrity = "sha512-/QHdP14QBRIOHw8gBEffy7VpWq0cTaGkr70Sg3ceo6KO0gaHOIWbC7OXB0Rmqp7sV1c/PU5zDh8p23uz8L88+A==";

/** The npm that runs this, or the one on PATH: it brings the person's own registry, proxy and sign-in. */
export interface Npm {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Web Chat's own file, `dist/webchat.js`. Taken from npm once, then from `node_modules/.cache/bot-sign-in/`.
 * @param root the project's folder
 * @throws CodeError where npm cannot get it, or gives something else than what this repository demands
 */
export async function webChatFile(root: string, npm: Npm = npmClient(process.env)): Promise<Uint8Array> {
  const cached = path.join(cacheFolder(root), `webchat-${version}.js`);
  const content = await readFile(cached).catch(() => undefined);
  if (content && integrityOf(content) === fileIntegrity) return content;

  await mkdir(cacheFolder(root), { recursive: true });
  // Beside the cached file, so that the rename is one step and two runs at a time do no harm.
  const folder = await mkdtemp(path.join(cacheFolder(root), "webchat-"));
  try {
    const tarball = await pack(npm, folder);
    demand(await readFile(tarball), tarballIntegrity, packageName);
    await extract({ file: tarball, cwd: folder }, [member]);
    const file = path.join(folder, member);
    const fresh = await readFile(file);
    demand(fresh, fileIntegrity, `${packageName}/dist/webchat.js`);
    await rename(file, cached);
    return fresh;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Finds npm as `npm run` names it; on Windows `npm` is a script that only a shell can start. */
export function npmClient(environment: NodeJS.ProcessEnv): Npm {
  const script = environment.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return { command: process.execPath, args: [script] };
  if (process.platform === "win32") return { command: "cmd.exe", args: ["/d", "/s", "/c", "npm"] };
  return { command: "npm", args: [] };
}

async function pack(npm: Npm, folder: string): Promise<string> {
  const args = [...npm.args, "pack", packageName, "--pack-destination", folder, "--json", "--ignore-scripts"];
  try {
    const { stdout } = await promisify(execFile)(npm.command, args, {
      cwd: folder,
      maxBuffer: 16 * 1024 * 1024,
      timeout: 5 * 60_000,
    });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    return path.join(folder, filename);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const lines = (stderr || message)
      .split("\n")
      .filter((line) => /npm (error|ERR!)/.test(line) && !/complete log/.test(line));
    const cause = `npm could not get it: ${lines.slice(0, 3).join(" ").slice(0, 400) || message.split("\n")[0]}`;
    const fix = "Check that `npm ping` works, then run: npx tsx infra/code/fetch-web-chat.ts";
    throw new CodeError("web-chat-missing", packageName, cause, fix);
  }
}

function integrityOf(content: Uint8Array): string {
  return `sha512-${createHash("sha512").update(content).digest("base64")}`;
}

function demand(content: Uint8Array, integrity: string, subject: string): void {
  const seen = integrityOf(content);
  if (seen === integrity) return;
  const cause = `its integrity is ${seen}, this repository demands ${integrity}`;
  throw new CodeError("web-chat-altered", subject, cause, "Do not use it; find out what your npm registry gave you.");
}
