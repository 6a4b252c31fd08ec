import { CodeError } from "./code-error";
import type { Files } from "./zip";

/** The file that is loaded before a bot's own, in the package's root. */
export const preloadFile = "health.cjs";

/** Where a bot's built file lies that package.json names by its bare name, and where nothing names it. */
const places = ["", "dist/", "lib/", "build/", "out/"];

/**
 * The command that starts a bot of Node.js where none was said: `node` and the file that package.json starts, or calls its
 * main one. Flags that load a file of settings are left out: settings come from App Service.
 * @throws CodeError StartMissing
 */
export function defaultStart(files: Files, subject: string): string {
  const manifest = manifestOf(files);
  const [, started] =
    /(?:^|\s|&&)node\s+(?:--\S+\s+(?:\.env\S*\s+)?)*([^\s-][^\s&|;]*)\s*$/.exec(manifest.scripts?.start ?? "") ?? [];
  const named = [started, manifest.main, "index.js"].flatMap((file) =>
    file === undefined ? [] : [file.replace(/^\.\//, "")],
  );
  for (const file of named) {
    const found = places.map((place) => place + file).find((candidate) => candidate in files);
    if (found) return `node ${found}`;
  }
  const cause = `neither ${[...new Set(named)].join(" nor ")} is in it`;
  const fix =
    "Say which file starts the bot, as code.start: node dist/index.js. Code that has to be built first is built by code.build.";
  throw new CodeError("start-missing", subject, cause, fix);
}

/** The file that a command of Node.js or Python starts; undefined where that cannot be told from the command. */
export function startedFile(command: string): string | undefined {
  const [program = "", ...words] = command
    .replace(/^exec\s+/, "")
    .trim()
    .split(/\s+/);
  if (!/^(node|python3?|sh|bash|dotnet)$/.test(program)) return undefined;
  const takesValue = new Set(["-r", "--require", "--import", "--loader", "--env-file", "-X", "-W"]);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (/^-[mc]$/.test(word)) return undefined;
    if (takesValue.has(word)) at += 1;
    else if (!word.startsWith("-")) return word.replace(/^\.\//, "");
  }
  return undefined;
}

/** Checks that what a command starts is in the package. @throws CodeError StartMissing */
export function checkStart(command: string, files: Files, subject: string): void {
  const file = startedFile(command);
  if (file === undefined || [file, `${file}.js`, `${file}/index.js`].some((one) => one in files)) return;
  const ending = `/${file.split("/").at(-1)!}`;
  const meant = Object.keys(files).find((name) => `/${name}`.endsWith(ending) && !name.includes("node_modules/"));
  const fix = meant
    ? `Did you mean ${meant}?`
    : "Correct code.start; what has to be built first is built by code.build.";
  throw new CodeError("start-missing", subject, `${file}, which ${JSON.stringify(command)} starts, is not in it`, fix);
}

/**
 * The command as App Service gets it. `exec`: its start script keeps SIGTERM to itself, and the bot would never see it.
 * @param preload whether the health page is loaded before the bot's own file; the command then begins with `node`
 */
export function appCommand(command: string, preload: boolean): string {
  const bare = command.replace(/^exec\s+/, "").trim();
  if (/[;&|<>`$(]/.test(bare)) return bare;
  return preload ? bare.replace(/^node\s+/, `exec node -r ./${preloadFile} `) : `exec ${bare}`;
}

interface Manifest {
  readonly version?: string;
  readonly main?: string;
  readonly scripts?: { readonly start?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What package.json says, as far as it is well-formed. */
export function manifestOf(files: Files): Manifest {
  try {
    const manifest: unknown = JSON.parse(Buffer.from(files["package.json"] ?? []).toString("utf8"));
    return typeof manifest === "object" && manifest !== null ? manifest : {};
  } catch {
    return {};
  }
}
