import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { buildFile } from "../../contract/app-settings";
import { type BroughtCode, planOf } from "../deployment/code";
import { sdks } from "../facts/sdks";
import { runBuild } from "./build-command";
import { CodeError } from "./code-error";
import { existing, readFolder } from "./folder";
import { sortFiles } from "./left-out";
import type { Package } from "./package";
import { checkDialect } from "./seen-sdk";
import { appCommand, checkStart, defaultStart, manifestOf, preloadFile, startedFile } from "./start-command";
import { unzip } from "./unzip";
import { type Files, hashOf } from "./zip";
import { keptZip } from "./zip-cache";

/** A bot of somebody else's making as App Service gets it. */
export interface BroughtPackage extends Package {
  /** App Service's start command; undefined where App Service finds by itself what to start. */
  readonly command: string | undefined;
  /** What a person has to know of what goes along, and what does not. */
  readonly warnings: readonly string[];
}

/**
 * Makes the package of a bot that lies in a folder or a zip: unpacked, what is no part of it left out, and zipped anew.
 * The deployment service takes a file for unchanged by its time alone, so that two zips of one moment, or two of an
 * archiver that knows no times, would leave the old bot's files running.
 * @param root the project's folder, which keeps the zip
 * @param base what relative paths are relative to
 * @throws CodeError naming what is wrong
 */
export async function packageBrought(root: string, base: string, code: BroughtCode): Promise<BroughtPackage> {
  const subject = (code.folder ?? code.zip)!;
  const { health, dialect } = planOf(code);
  const { language } = sdks[code.sdk];
  const given = await filesOf(path.resolve(base, subject), code, subject);
  const { files: own, secretFiles, suspects } = sortFiles(given);
  if (Object.keys(own).length === 0) {
    throw new CodeError("empty", subject, "no file of a bot is in it", "Give the folder in which the bot's code lies.");
  }
  const start = code.start ?? (language === "node" ? defaultStart(own, subject) : undefined);
  if (start === undefined && language === "python") {
    const fix = "Say what starts the bot, as code.start: python -m src.main";
    throw new CodeError("start-missing", subject, "nothing says what starts it", fix);
  }
  if (start !== undefined) checkStart(start, own, subject);
  checkDialect(own, start, dialect, subject);

  const preload = health === "preload";
  const added: Files = preload ? { [preloadFile]: await readFile(path.join(__dirname, "health-preload.cjs")) } : {};
  // A package of our own making is made anew with what it has of these.
  const taken = [buildFile, ...Object.keys(added)].filter((name) => name in own && code.sdk !== "ours");
  if (taken.length > 0) {
    const cause = `it has a file ${taken.join(" and ")} of its own, which a deployment writes beside the bot`;
    throw new CodeError("file-taken", subject, cause, "Call it otherwise, or put it into a folder.");
  }
  const files: Files = { ...own, ...added };
  const hash = hashOf(files);
  const { version = "0" } = manifestOf(own);
  const build = { version: /^[\w.+-]{1,64}$/.test(version) ? version : "0", hash };
  return {
    hash,
    zipPath: await keptZip(root, files, build),
    command: start === undefined ? undefined : appCommand(start, preload),
    warnings: [
      ...secretFiles.map(
        (name) =>
          `${subject}: ${name} is left out, because people keep secrets in such files. The bot gets settings by appSettings.`,
      ),
      ...suspects.map(
        (name) => `${subject}: ${name} seems to hold a secret, and goes along. Move it to appSettings, encrypted.`,
      ),
    ],
  };
}

async function filesOf(where: string, code: BroughtCode, subject: string): Promise<Files> {
  if (code.folder !== undefined) {
    if (code.build !== undefined) await runBuild(code.build, await existing(where, subject, "folder"));
    return readFolder(where, subject);
  }
  const bytes = await readFile(await existing(where, subject, "file"));
  return withoutTopFolder(unzip(bytes, subject), code);
}

/** Archivers like to put all into one folder, and a bot would then be started one folder too high. */
function withoutTopFolder(files: Files, { start }: BroughtCode): Files {
  const names = Object.keys(files).filter((name) => !name.startsWith("__MACOSX/"));
  const [top] = names[0]?.split("/") ?? [];
  const prefix = `${top}/`;
  if (!names.every((name) => name.startsWith(prefix))) return files;
  const started = start === undefined ? undefined : startedFile(start);
  if (started !== undefined && started in files) return files;
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), files[name]!]));
}
