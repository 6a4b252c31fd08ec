import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browserCommand, findBrowser } from "./browser";

const before = { ...process.env };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "browser-test-"));
  process.env.PATH = folder;
  delete process.env.CHROMIUM_PATH;
});
afterEach(() => {
  process.env.PATH = before.PATH;
  if (before.CHROMIUM_PATH) process.env.CHROMIUM_PATH = before.CHROMIUM_PATH;
  rmSync(folder, { recursive: true, force: true });
});

function program(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, "");
  chmodSync(path, 0o755);
  return path;
}

test("where no browser is, whoever runs the tests is told one command that brings one on this machine", () => {
  expect(browserCommand()).toBe("npx playwright-core install chromium");
  program("apt-get");
  expect(browserCommand()).toMatch(/^(sudo )?apt-get install -y chromium$/);
});

test("a browser on PATH is used, and one that is named goes before it", () => {
  const onPath = program("google-chrome");
  expect(findBrowser()).toBe(onPath);
  process.env.CHROMIUM_PATH = program("mine");
  expect(findBrowser()).toBe(join(folder, "mine"));
});
