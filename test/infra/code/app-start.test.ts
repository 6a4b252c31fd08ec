import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { encode } from "@jridgewell/sourcemap-codec";

const appStart = resolve(__dirname, "../../../infra/code/app-start.cjs");
let folder: string;
let cache: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "app-start-"));
  cache = join(folder, "bot.js.cache");
  copyFileSync(appStart, join(folder, "index.js"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the package as App Service does; gives what it wrote. */
function start(...args: string[]): string {
  // Root may write everywhere.
  const nobody = process.getuid?.() === 0 && args.includes("as nobody") ? { uid: 65534, gid: 65534 } : {};
  const run = spawnSync(process.execPath, ["index.js", ...args], { cwd: folder, encoding: "utf8", env: {}, ...nobody });
  expect([run.stderr, run.status]).toEqual(["", 0]);
  return run.stdout.trim();
}

const bot = (source: string): void => writeFileSync(join(folder, "bot.js"), source);
const fileOfCache = (): number => lstatSync(cache).ino;

test("what was compiled is kept for this user alone, and taken at the next start", () => {
  bot('console.log("here")');
  expect(start()).toBe("here");
  expect(lstatSync(cache).mode & 0o777).toBe(0o600);
  const first = fileOfCache();
  expect(start()).toBe("here");
  expect(fileOfCache()).toBe(first);
  expect(readdirSync(folder).sort()).toEqual(["bot.js", "bot.js.cache", "index.js"]);
});

test("the functions that were called are kept: a start that ended before it came to them is made good by the next one", () => {
  const answers = Array.from({ length: 50 }, (_, at) => `function answer${at}(text) { return text + " ${at}"; }`);
  const calls = answers.map((_, at) => `answer${at}("a")`).join(" + ");
  bot(`${answers.join("\n")}\nif (process.argv[2] === "answer") console.log((${calls}).length);`);
  start();
  const before = lstatSync(cache).size;
  expect(Number(start("answer"))).toBeGreaterThan(0);
  expect(lstatSync(cache).size).toBeGreaterThan(1.5 * before);
  const full = fileOfCache();
  start();
  expect(fileOfCache()).toBe(full);
});

test("new code of the same length runs, not what was compiled of the old: V8 compares no more than the length", () => {
  bot('console.log("one")');
  expect(start()).toBe("one");
  bot('console.log("two")');
  expect(start()).toBe("two");
  expect(start()).toBe("two");
});

test.each([
  ["empty", () => Buffer.alloc(0)],
  ["cut", (content: Buffer) => content.subarray(0, content.length / 2)],
  [
    "altered",
    (content: Buffer) => {
      content[content.length - 20]! ^= 1;
      return content;
    },
  ],
])("a cache that is %s is not used, and replaced", (_, spoil) => {
  bot('console.log("here")');
  start();
  const whole = readFileSync(cache);
  writeFileSync(cache, spoil(Buffer.from(whole)));
  expect(start()).toBe("here");
  expect(readFileSync(cache).length).toBe(whole.length);
  const mended = fileOfCache();
  start();
  expect(fileOfCache()).toBe(mended);
});

test("nothing is written through a link", () => {
  bot('console.log("here")');
  const elsewhere = join(folder, "elsewhere");
  writeFileSync(elsewhere, "as it was");
  symlinkSync(elsewhere, cache);
  expect(start()).toBe("here");
  expect([readFileSync(elsewhere, "utf8"), lstatSync(cache).isFile()]).toEqual(["as it was", true]);
});

test("a folder that cannot be written, as a mounted package's, does not stop the start", () => {
  bot('console.log("here")');
  chmodSync(folder, 0o555);
  expect(start("as nobody")).toBe("here");
  chmodSync(folder, 0o755);
  expect(readdirSync(folder).sort()).toEqual(["bot.js", "index.js"]);
});

test("a folder in the cache's place does not stop the start, and no draft is left", () => {
  bot('console.log("here")');
  mkdirSync(cache);
  expect(start()).toBe("here");
  expect(readdirSync(folder).sort()).toEqual(["bot.js", "bot.js.cache", "index.js"]);
});

test("the bundle finds what every CommonJS file finds", () => {
  writeFileSync(join(folder, "beside.mjs"), 'export const beside = "an ES module";');
  bot(`"use strict";
    const { basename } = require("node:path");
    const main = require.main === module;
    const { beside } = require("./beside.mjs");
    console.log(JSON.stringify([basename(__filename), __dirname, main, typeof exports, beside]));`);
  expect(JSON.parse(start())).toEqual(["bot.js", realpathSync(folder), true, "object", "an ES module"]);
});

const failing =
  "function fail() {\n  throw new Error('no');\n}\ntry { fail(); } catch ({ stack }) { console.log(stack); }";

test("without a source map the line of an error is the bundle's own", () => {
  bot(failing);
  expect(start()).toContain(`fail (${join(realpathSync(folder), "bot.js")}:2:9)`);
});

test("an error's column is the bundle's own in its first line, too, in which the wrapper stands", () => {
  bot("try { fail(); } catch ({ stack }) { console.log(stack); }");
  expect(start()).toContain(`at ${join(realpathSync(folder), "bot.js")}:1:7\n`);
});

test("with a source map an error names the bot's file and line, and of a package the file", () => {
  bot(failing);
  const mappings = encode([[[0, 1, 0, 0]], [[0, 0, 40, 8]], [], [[0, 1, 0, 0]]]);
  const map = { version: 3, sources: ["bot/log.ts", "node_modules/pino/pino.js"], names: [], mappings };
  writeFileSync(join(folder, "bot.js.map"), JSON.stringify(map));
  const [message, first, second] = start().split("\n");
  expect([message, first, second]).toEqual([
    "Error: no",
    "    at fail (bot/log.ts:41:9)",
    "    at node_modules/pino/pino.js",
  ]);
});

test("a source map that is none changes nothing", () => {
  bot(failing);
  writeFileSync(join(folder, "bot.js.map"), "{");
  expect(start()).toContain(`fail (${join(realpathSync(folder), "bot.js")}:2:9)`);
});

test("an error with an own toString or a thrown name does not break its own stack", () => {
  bot(`const broken = new Error("no"); broken.name = { toString() { throw new Error("in the name"); } };
    try { console.log(typeof broken.stack); } catch { console.log("thrown"); }`);
  expect(start()).toBe("string");
});
