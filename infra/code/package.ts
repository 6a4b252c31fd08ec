import { readFile, readdir } from "node:fs/promises";
import * as path from "node:path";
import type { Build } from "../../contract/app-settings";
import { bundleBot, bundleChatPage } from "./bundle";
import { CodeError } from "./code-error";
import { webChatFile } from "./web-chat";
import { type Files, hashOf } from "./zip";
import { keptZip } from "./zip-cache";

const pages = "bot/chat-page/public";
/** What starts the bundle; goes into the package as it is. */
const appStart = path.join(__dirname, "app-start.cjs");

export interface Package {
  /**
   * Hex SHA-256 over the files in the zip that run: `build.json` is left out, and `bot.js.map`, in which every comment
   * counts. The running app reports it.
   */
  readonly hash: string;
  readonly zipPath: string;
}

/**
 * Makes the zip that App Service runs: `index.js`, which starts the bundle `bot.js`, `bot.js.map`, `build.json` and
 * `public/`. The same source gives the same bytes, so a zip that was made before is taken again.
 * @param root the project's folder
 * @param webChat gets Web Chat's own file
 * @throws CodeError naming the file at fault
 */
export async function packageBot(
  root: string,
  webChat: (root: string) => Promise<Uint8Array> = webChatFile,
): Promise<Package> {
  const [start, bot, client, own, chat] = await Promise.all([
    readFile(appStart),
    bundleBot(root),
    bundleChatPage(root),
    publicFiles(root),
    webChat(root),
  ]);
  const files: Files = {
    ...own,
    "index.js": start,
    "bot.js": bot.code,
    "public/chat.js": client,
    "public/webchat.js": chat,
  };
  const hash = hashOf(files);
  const build: Build = { version: await versionOf(root), hash };
  return { hash, zipPath: await keptZip(root, { ...files, "bot.js.map": bot.map }, build) };
}

async function publicFiles(root: string): Promise<Files> {
  const folder = path.join(root, pages);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new CodeError("file-missing", pages, "the chat page's folder is not there", "Restore it (git checkout).");
  });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const pairs = files.map(async (file) => {
    const name = path.relative(folder, file).split(path.sep).join("/");
    return [`public/${name}`, await readFile(file)] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

async function versionOf(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as { version: string };
  return version;
}
