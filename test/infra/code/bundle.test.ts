import { readFileSync } from "node:fs";
import { builtinModules, SourceMap, type SourceMapPayload } from "node:module";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { bundleBot, bundleChatPage } from "../../../infra/code/bundle";

const root = path.resolve(__dirname, "../../..");

describe("the bot's bundle", () => {
  let text: string;
  let sources: SourceMapPayload;
  let size: number;
  let mapSize: number;
  beforeAll(async () => {
    const { code, map } = await bundleBot(root);
    text = Buffer.from(code).toString();
    sources = JSON.parse(Buffer.from(map).toString()) as SourceMapPayload;
    size = gzipSync(code, { level: 9 }).length;
    mapSize = gzipSync(map, { level: 9 }).length;
  });

  test("is at most 0.46 MB compressed, so that a push and a cold start stay quick", () => {
    expect(size).toBeLessThanOrEqual(460_000);
  });

  test("needs no node_modules on App Service, what is optional aside", () => {
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!);
    const foreign = required.filter((name) => !builtinModules.includes(name.replace(/^node:/, "")));
    expect([...new Set(foreign)].filter((name) => !/^(@opentelemetry\/|kerberos$)/.test(name))).toEqual([]);
  });

  test("has no import() left, which code that is compiled with a cache cannot call", () => {
    expect(text).not.toMatch(/\bimport\(/);
  });

  test("says nothing about the machine that made it", () => {
    expect(text).not.toContain(root);
  });

  test("is the same at every run", async () => {
    const { code, map } = await bundleBot(root);
    expect(Buffer.from(code).toString() === text).toBe(true);
    expect(JSON.parse(Buffer.from(map).toString())).toEqual(sources);
  });

  test("has a map that leads from each place to the bot's own line, and of a package to the file", () => {
    const map = new SourceMap(sources);
    const sourceAt = (words: string): { file: string; line: number } => {
      const line = text.slice(0, text.indexOf(words)).split("\n");
      const entry = map.findEntry(line.length - 1, line.at(-1)!.length);
      if (!("originalSource" in entry)) throw new Error(`nothing leads from ${words}`);
      return { file: entry.originalSource, line: entry.originalLine + 1 };
    };
    const words = "[nested]";
    const log = readFileSync(path.join(root, "bot/log.ts"), "utf8");
    expect(sourceAt(words)).toEqual({
      file: "bot/log.ts",
      line: log.slice(0, log.indexOf(words)).split("\n").length,
    });
    expect(sourceAt("customLevels is required").file).toMatch(/^node_modules\/pino\//);
  });

  test("has a map that is small, holds no source's text and says nothing about the machine", () => {
    expect(mapSize).toBeLessThanOrEqual(40_000);
    expect(sources.sourcesContent).toBeUndefined();
    expect(JSON.stringify(sources)).not.toContain(root);
  });
});

test("the chat page's script is one browser script without imports", async () => {
  const text = Buffer.from(await bundleChatPage(root)).toString();
  expect(text).toMatch(/^"use strict";\(\(\)=>\{/);
  expect(text).not.toMatch(/\brequire\(|\bimport\b/);
});
