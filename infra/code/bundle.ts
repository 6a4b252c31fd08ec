import { type BuildOptions, type OutputFile, build } from "esbuild";
import { createRequire } from "node:module";
import * as path from "node:path";
import { CodeError } from "./code-error";
import { stackTraceMap } from "./source-map";

/** Optional peers that the Agents SDK asks for only where somebody installed them. */
const absent = ["@opentelemetry/api", "@opentelemetry/api-logs"];

/**
 * Characters after which a line of the bundle ends: Node prints the line in which a bot crashed, and a bundle of one line is
 * more than the console log takes.
 */
const longestLine = 2000;

/** The bot's code, and what names its sources in stack traces. */
export interface BotBundle {
  /** The content of `bot.js`. */
  readonly code: Uint8Array;
  /** The content of `bot.js.map`. */
  readonly map: Uint8Array;
}

/**
 * Bundles the bot for App Service: one CommonJS file that needs no node_modules.
 *
 * ES module entry points are preferred because they lose what is not used. MSAL is the exception: the SDK requires its
 * CommonJS build and Microsoft's identity client imports the other one, so both would come in, and the ES module build
 * calls `createRequire(import.meta.url)`, which a CommonJS bundle cannot. The alias makes them one.
 *
 * @param root the project's folder, with `bot/index.ts` and node_modules
 * @throws CodeError bundle-failed naming the file and line at fault
 */
export async function bundleBot(root: string): Promise<BotBundle> {
  const files = await bundled(root, "bot/index.ts", {
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    external: absent,
    // Becomes require(): code that is compiled with a cache (app-start.cjs) has no import() of its own.
    supported: { "dynamic-import": false },
    lineLimit: longestLine,
    sourcemap: "external",
    sourcesContent: false,
    outfile: "bot.js",
    ...msalAlias(root),
  });
  const [map, code] = ["bot.js.map", "bot.js"].map((name) => files.find(({ path: file }) => file.endsWith(name))!);
  return { code: code!.contents, map: Buffer.from(stackTraceMap(map!.text)) };
}

/** Bundles the chat page's script for browsers. Gives the content of `public/chat.js`. */
export async function bundleChatPage(root: string): Promise<Uint8Array> {
  const options: BuildOptions = { platform: "browser", target: "es2022", format: "iife" };
  const [script] = await bundled(root, "bot/chat-page/client.ts", options);
  return script!.contents;
}

async function bundled(root: string, entry: string, options: BuildOptions): Promise<OutputFile[]> {
  try {
    const result = await build({
      ...options,
      entryPoints: [entry],
      absWorkingDir: path.resolve(root),
      bundle: true,
      minify: true,
      charset: "utf8",
      legalComments: "none",
      write: false,
      logLevel: "silent",
    });
    return result.outputFiles!;
  } catch (error) {
    const { errors = [] } = error as { errors?: { text: string; location?: { file: string; line: number } | null }[] };
    const [first] = errors;
    if (!first) throw error;
    const where = first.location ? `${first.location.file}:${first.location.line}: ` : "";
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    throw new CodeError("bundle-failed", entry, `${where}${first.text}${more}`, "Correct it and try again.");
  }
}

function msalAlias(root: string): Pick<BuildOptions, "alias"> {
  try {
    const manifest = createRequire(path.join(path.resolve(root), "package.json")).resolve(
      "@azure/msal-node/package.json",
    );
    return { alias: { "@azure/msal-node": path.join(path.dirname(manifest), "lib/msal-node.cjs") } };
  } catch {
    // A bot that signs in in another way has no MSAL.
    return {};
  }
}
