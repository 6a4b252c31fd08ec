"use strict";
// `index.js` of every package that App Service runs: it runs the bundle beside it, with what V8 compiled of it at an
// earlier start. Compiling is more than a third of the time to a bot's first answer.
//
// Node's own compile cache (`module.enableCompileCache`) keeps what is compiled when a file is loaded: of a bundle, little
// more than its outermost function. `createCachedData` also keeps the functions that were called since.
// https://nodejs.org/api/vm.html#scriptcreatecacheddata
const { createHash, randomUUID } = require("node:crypto");
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { SourceMap } = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

/** Milliseconds after which the bot has usually started and answered. Later V8 drops the code of functions that rest. */
const keepAfter = 30_000;
/** Bytes of the digest at the head of the cache. */
const digestLength = 32;

const bundle = join(__dirname, "bot.js");
/** In the app's own folder, where whoever can write can change the bundle, too; a push of new code takes it away. */
const cache = join(__dirname, "bot.js.cache");

/** Of both: V8 itself compares no more of a source than its length. */
const digestOf = (source, code) => createHash("sha256").update(source).update(code).digest();

/** What an earlier start has kept of this very source; undefined where there is no such thing. */
function kept(source) {
  try {
    const content = readFileSync(cache);
    const code = content.subarray(digestLength);
    return digestOf(source, code).equals(content.subarray(0, digestLength)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Readable for this user alone, whole or not at all. A folder that cannot be written makes the next start slower, no more. */
function keep(source, code) {
  const draft = `${cache}.${randomUUID()}.new`;
  try {
    writeFileSync(draft, Buffer.concat([digestOf(source, code), code]), { flag: "wx", mode: 0o600 });
    renameSync(draft, cache);
  } catch {
    try {
      rmSync(draft, { force: true });
    } catch {
      // The folder cannot be written: there is no draft.
    }
  }
}

let map;
/** The bundle's source map, read when the first error tells its stack; empty where the package has none. */
function sourceMap() {
  try {
    map ??= new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")));
  } catch {
    map = { findEntry: () => ({}) };
  }
  return map;
}

/** A frame's text; one of the bundle names the source file, with the line where that is the bot's own. */
function frameText(frame) {
  const text = String(frame);
  if (frame.getFileName() !== bundle) return text;
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  const { originalSource, originalLine, originalColumn } = sourceMap().findEntry(line - 1, column - 1);
  if (!originalSource) return text;
  const foreign = originalSource.includes("node_modules/");
  const position = foreign ? "" : `:${originalLine + 1}:${originalColumn + 1}`;
  return text.replace(`${bundle}:${line}:${column}`, () => `${originalSource}${position}`);
}

/** What stands above the frames, as V8 writes it. */
function headOf(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}

// Node's own source maps reach no code that is compiled with a cache.
Error.prepareStackTrace = (error, frames) => [headOf(error), ...frames.map(frameText)].join("\n    at ");

const source = readFileSync(bundle);
/** What every CommonJS file is wrapped in. */
const wrapper = "(function (exports, require, module, __filename, __dirname) {";
const cachedData = kept(source);
const script = new Script(`${wrapper}${source}\n})`, {
  filename: bundle,
  columnOffset: -wrapper.length,
  cachedData,
});

let looked = false;
/** Keeps what is compiled now where nothing is kept, or less: an earlier start may have ended before its bot did anything. */
function keepOnce() {
  if (looked) return;
  looked = true;
  const code = script.createCachedData();
  const known = cachedData && !script.cachedDataRejected ? cachedData.length : 0;
  if (code.length > 1.1 * known) keep(source, code);
}
setTimeout(keepOnce, keepAfter).unref();
process.on("exit", keepOnce);

script.runInThisContext()(exports, require, module, bundle, __dirname);
