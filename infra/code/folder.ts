import { readFile, readdir, realpath, stat } from "node:fs/promises";
import * as path from "node:path";
import { CodeError } from "./code-error";
import { mostLike, nearest } from "../settings/nearest";
import type { Files } from "./zip";

/** Files read at the same time: a folder with node_modules has tens of thousands of them. */
const readTogether = 64;
/** More than Kudu takes as a zip, unpacked. */
const largest = 1024 ** 3;
const mostFiles = 65_534;

/**
 * Reads a folder with all that is below it. A link to a file in the folder is read as that file; one that leaves the
 * folder, or leads to a folder, is refused: it would bring what nobody meant to hand over, or the same for ever.
 * @param folder absolute
 * @param subject the folder as the person gave it, for the errors
 * @throws CodeError naming what is missing or refused
 */
export async function readFolder(folder: string, subject: string): Promise<Files> {
  const root = await realpath(await existing(folder, subject, "folder"));
  const paths: string[] = [];
  await walk(root, "", subject, paths);
  if (paths.length > mostFiles) {
    throw new CodeError(
      "too-large",
      subject,
      `it has more than ${mostFiles} files`,
      "Bundle the bot, or leave out what it does not need.",
    );
  }
  const files: [string, Uint8Array][] = [];
  let total = 0;
  for (let at = 0; at < paths.length; at += readTogether) {
    const some = await Promise.all(
      paths
        .slice(at, at + readTogether)
        .map(async (name) => [name, await readFile(path.join(root, name))] as [string, Uint8Array]),
    );
    total += some.reduce((sum, [, content]) => sum + content.length, 0);
    if (total > largest) {
      throw new CodeError("too-large", subject, "it has more than 1024 MB", "Leave out what the bot does not need.");
    }
    files.push(...some);
  }
  return Object.fromEntries(files);
}

/**
 * Gives the path where it is a folder or a file, as asked.
 * @throws CodeError path-missing with the nearest name beside it
 */
export async function existing(where: string, subject: string, kind: "folder" | "file"): Promise<string> {
  const found = await stat(where).catch(() => undefined);
  if (found && (kind === "folder" ? found.isDirectory() : found.isFile())) return where;
  if (found) {
    const fix = kind === "folder" ? "Give a file as code.zip." : "Give a folder as code.folder.";
    throw new CodeError("path-missing", subject, `it is no ${kind}`, fix);
  }
  const beside = await readdir(path.dirname(where)).catch(() => undefined);
  if (!beside)
    throw new CodeError(
      "path-missing",
      subject,
      `${path.dirname(where)} is not there`,
      "Correct the path; it is relative to the project's folder.",
    );
  const meant = nearest(path.basename(where), beside);
  const there = mostLike(
    path.basename(where),
    beside.filter((name) => !name.startsWith(".")),
    3,
  ).join(", ");
  const fix = meant ? `Did you mean ${meant}?` : `Beside it are: ${there || "nothing"}.`;
  throw new CodeError("path-missing", subject, `there is no such ${kind} (looked for at ${where})`, fix);
}

async function walk(root: string, below: string, subject: string, paths: string[]): Promise<void> {
  const entries = await readdir(path.join(root, below), { withFileTypes: true });
  for (const entry of entries) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      // Never shipped, and of no use to anybody who looks for secrets: see left-out.ts.
      if (!/^(\.git|\.hg|\.svn|__pycache__)$/.test(entry.name)) await walk(root, name, subject, paths);
    } else if (entry.isFile()) {
      paths.push(name);
    } else if (entry.isSymbolicLink() && !/(^|\/)node_modules\/\.bin\//.test(name)) {
      await checkLink(root, name, subject);
      paths.push(name);
    }
  }
}

async function checkLink(root: string, name: string, subject: string): Promise<void> {
  const target = await realpath(path.join(root, name)).catch(() => undefined);
  const refuse = (cause: string, fix: string): CodeError =>
    new CodeError("link-refused", subject, `${name} is a link ${cause}`, fix);
  if (target === undefined) throw refuse("to nothing", "Remove it.");
  if (!target.startsWith(root + path.sep)) {
    throw refuse(
      "that leaves the folder",
      "Put the file itself there; packages of a workspace come along with npm install --install-links.",
    );
  }
  if ((await stat(target)).isDirectory()) {
    throw refuse("to a folder", "Put the folder itself there; pnpm does so with node-linker=hoisted.");
  }
}
