import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fetchWebChat } from "../../../infra/code/fetch-web-chat";
import { npmClient, webChatFile } from "../../../infra/code/web-chat";

let root: string;
const cache = (): string => path.join(root, "node_modules/.cache/bot-sign-in");
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "web-chat-"));
});
afterEach(() => rm(root, { recursive: true }));

/** An npm that runs `script` in place of its own work; `folder` is where the tarball is expected. */
async function npm(script: string) {
  const file = path.join(root, "npm.cjs");
  await writeFile(
    file,
    `const { writeFileSync } = require("node:fs");
     const folder = process.argv[process.argv.indexOf("--pack-destination") + 1];
     const pack = (content) => { writeFileSync(folder + "/w.tgz", content); console.log('[{"filename":"w.tgz"}]'); };
     ${script}`,
  );
  return { command: process.execPath, args: [file] };
}

test("another tarball than this repository demands is refused and not kept", async () => {
  await expect(webChatFile(root, await npm('pack("another")'))).rejects.toMatchObject({
    code: "web-chat-altered",
    subject: "botframework-webchat@4.18.1",
    cause: expect.stringMatching(/^its integrity is sha512-.+, this repository demands sha512-7jpEUJ7olT62Xm\+8eh7Bhh/),
  });
  expect(await readdir(cache())).toEqual([]);
});

test("an npm without a network is named with npm's own reason and the command to repeat", async () => {
  const offline = await npm('console.error("npm error code ENOTFOUND"); process.exit(1)');
  await expect(webChatFile(root, offline)).rejects.toMatchObject({
    code: "web-chat-missing",
    cause: "npm could not get it: npm error code ENOTFOUND",
    fix: "Check that `npm ping` works, then run: npx tsx infra/code/fetch-web-chat.ts",
  });
  expect(await readdir(cache())).toEqual([]);
});

test("an install without a network ends well, with a note", async () => {
  const lines: string[] = [];
  await fetchWebChat(
    root,
    (line) => lines.push(line),
    await npm('console.error("npm error code ENOTFOUND"); process.exit(1)'),
  );
  expect(lines).toEqual([
    expect.stringMatching(/^Note: Web Chat is not here yet and will be fetched at the first start\. /),
  ]);
});

test("a file in the cache that is not Web Chat as published is not served", async () => {
  await mkdir(cache(), { recursive: true });
  await writeFile(path.join(cache(), "webchat-4.18.1.js"), "altered");
  await expect(webChatFile(root, await npm("process.exit(1)"))).rejects.toMatchObject({ code: "web-chat-missing" });
});

const fetched = path.resolve(__dirname, "../../../node_modules/.cache/bot-sign-in/webchat-4.18.1.js");

// Skipped where Web Chat was never fetched: npx tsx infra/code/fetch-web-chat.ts
(existsSync(fetched) ? test : test.skip)("a fetched file is served again without npm", async () => {
  const content = await readFile(fetched);
  await mkdir(cache(), { recursive: true });
  await writeFile(path.join(cache(), "webchat-4.18.1.js"), content);
  const noNpm = await npm("process.exit(1)");
  expect(Buffer.from(await webChatFile(root, noNpm)).equals(content)).toBe(true);
});

test("npm is the one that runs us, so its registry and sign-in are the person's own", () => {
  expect(npmClient({ npm_execpath: "/n/npm-cli.js" })).toEqual({ command: process.execPath, args: ["/n/npm-cli.js"] });
  expect(npmClient({ npm_execpath: "/y/yarn.js" }).args).not.toContain("/y/yarn.js");
  expect(npmClient({})).toEqual(process.platform === "win32" ? expect.anything() : { command: "npm", args: [] });
});
