import { builtinModules } from "node:module";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { bundleBot, bundleChatPage } from "../../../infra/code/bundle";

const root = path.resolve(__dirname, "../../..");

describe("the bot's bundle", () => {
  let text: string;
  let size: number;
  beforeAll(async () => {
    const bundle = await bundleBot(root);
    text = Buffer.from(bundle).toString();
    size = gzipSync(bundle, { level: 9 }).length;
  });

  test("is at most 0.45 MB compressed, so that a push and a cold start stay quick", () => {
    expect(size).toBeLessThanOrEqual(450_000);
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
    expect(Buffer.from(await bundleBot(root)).toString() === text).toBe(true);
  });
});

test("the chat page's script is one browser script without imports", async () => {
  const text = Buffer.from(await bundleChatPage(root)).toString();
  expect(text).toMatch(/^"use strict";\(\(\)=>\{/);
  expect(text).not.toMatch(/\brequire\(|\bimport\b/);
});
