import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A part of Microsoft's SDK that the bot does without, or that it leans on so closely that a change of it matters. */
export interface SdkPart {
  readonly package: string;
  /** The package's version in which the part was read. */
  readonly version: string;
  /** The part in the package. */
  readonly file: string;
  /** Of the part as it was read, hexadecimal. */
  readonly sha256: string;
  /** The same in microsoft/Agents-for-js, before it is compiled. */
  readonly upstream: string;
  readonly why: string;
  /** What the bot has in its place. */
  readonly instead: string;
}

/** A part that is no longer what was read. */
export interface ChangedPart {
  readonly part: SdkPart;
  /** The package's version that is installed. */
  readonly installed: string;
  /** Undefined where the package has no such file any more. */
  readonly content: string | undefined;
}

const table = "bot/bypassed-sdk-parts.json";

/** The parts that somebody has read, as the table has them. */
export async function readParts(root: string): Promise<SdkPart[]> {
  return JSON.parse(await readFile(join(root, table), "utf8")) as SdkPart[];
}

/** The parts that are not, byte by byte, what stands in the table. */
export async function changedParts(parts: readonly SdkPart[], root: string): Promise<ChangedPart[]> {
  const looked = await Promise.all(
    parts.map(async (part) => {
      const folder = join(root, "node_modules", part.package);
      const installed = await versionIn(folder);
      const content = await readFile(join(folder, part.file), "utf8").catch(() => undefined);
      return { part, installed, content };
    }),
  );
  return looked.filter(({ part, content }) => content === undefined || digest(content) !== part.sha256);
}

/** Writes the parts into the table as they are installed: somebody has read them. A part that has gone stays as it was. */
export async function acceptParts(parts: readonly SdkPart[], root: string): Promise<void> {
  const read = await Promise.all(
    parts.map(async (part) => {
      const folder = join(root, "node_modules", part.package);
      const content = await readFile(join(folder, part.file), "utf8").catch(() => undefined);
      if (content === undefined) return part;
      return { ...part, version: await versionIn(folder), sha256: digest(content) };
    }),
  );
  await writeFile(join(root, table), `${JSON.stringify(read, undefined, 2)}\n`);
}

/** What changed, in words: which part, since which version, why it matters, and what to look at. */
export function changedPartText({ part, installed, content }: ChangedPart): string {
  const what = content === undefined ? "is no longer there" : "is not what was read";
  return [
    `${part.package} ${installed}: ${part.file} ${what} in ${part.version}.`,
    `  ${part.why}`,
    `  Here: ${part.instead}. Upstream: https://github.com/microsoft/Agents-for-js/commits/main/${part.upstream}`,
  ].join("\n");
}

/** By what a part is known: the SHA-256 of its file. */
export const digest = (content: string): string => createHash("sha256").update(content).digest("hex");

async function versionIn(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
  return version;
}

/** Folder of this checkout. */
export const checkout = dirname(dirname(__dirname));
