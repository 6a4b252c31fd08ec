import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { unzipSync } from "fflate";
import { packageBot } from "../../../infra/code/package";

const project = path.resolve(__dirname, "../../..");
const webChat = async (): Promise<Uint8Array> => new TextEncoder().encode("web chat");
let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "package-"));
  await write("package.json", '{ "name": "a-bot", "version": "3.2.1" }');
  await write("contract/names.ts", 'export const greeting = "hello";');
  await write("bot/index.ts", 'import { greeting } from "../contract/names";\nconsole.log(greeting as string);');
  await write("bot/chat-page/client.ts", "const title: string = document.title;\nconsole.log(title);");
  await write("bot/chat-page/public/index.html", "<html></html>");
  await write("bot/chat-page/public/images/icon.svg", "<svg/>");
});
afterEach(() => rm(root, { recursive: true }));

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), content);
}
const content = async (zipPath: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(unzipSync(await readFile(zipPath))).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  );

test("the zip holds the bundle with what starts it, the chat page with its script and Web Chat, and what was built", async () => {
  const { hash, zipPath } = await packageBot(root, webChat);
  expect(await content(zipPath)).toEqual({
    "index.js": await readFile(path.join(project, "infra/code/app-start.cjs"), "utf8"),
    "bot.js": expect.stringContaining('"hello"'),
    "bot.js.map": expect.stringContaining('"bot/index.ts"'),
    "build.json": `{"version":"3.2.1","hash":"${hash}"}\n`,
    "public/chat.js": expect.stringContaining("document.title"),
    "public/index.html": "<html></html>",
    "public/images/icon.svg": "<svg/>",
    "public/webchat.js": "web chat",
  });
  expect(zipPath).toBe(path.join(root, "node_modules/.cache/bot-sign-in", `3.2.1-${hash}.zip`));
});

test("two runs on the same source give the same hash and the same bytes", async () => {
  const first = await packageBot(root, webChat);
  const bytes = await readFile(first.zipPath);
  await rm(first.zipPath);
  const old = new Date(0);
  await utimes(path.join(root, "bot/chat-page/public/index.html"), old, old);
  const second = await packageBot(root, webChat);
  expect(second).toEqual(first);
  expect((await readFile(second.zipPath)).equals(bytes)).toBe(true);
});

test("a zip that was made before is taken again, and then counts as new; another version of the same code gets its own", async () => {
  const { zipPath } = await packageBot(root, webChat);
  await writeFile(zipPath, "as it was");
  const old = new Date(0);
  await utimes(zipPath, old, old);
  expect(await packageBot(root, webChat)).toMatchObject({ zipPath });
  expect(await readFile(zipPath, "utf8")).toBe("as it was");
  expect((await stat(zipPath)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);

  await write("package.json", '{ "name": "a-bot", "version": "3.2.2" }');
  const next = await packageBot(root, webChat);
  expect((await content(next.zipPath))["build.json"]).toBe(`{"version":"3.2.2","hash":"${next.hash}"}\n`);
});

test.each(["bot/index.ts", "contract/names.ts", "bot/chat-page/client.ts", "bot/chat-page/public/index.html"])(
  "a changed %s is other code and gets deployed",
  async (file) => {
    const before = await packageBot(root, webChat);
    await write(file, `${await readFile(path.join(root, file), "utf8")}\nexport const changed = console.log("!");`);
    const after = await packageBot(root, webChat);
    expect(after.hash).not.toBe(before.hash);
  },
);

test("a comment changes nothing that runs, so nothing is deployed", async () => {
  const before = await packageBot(root, webChat);
  await write("contract/names.ts", '// A note.\nexport const greeting = "hello";');
  expect(await packageBot(root, webChat)).toEqual(before);
});

test("only the newest zips are kept, so that a day's work does not fill the disk", async () => {
  const hashes: string[] = [];
  for (let version = 0; version < 7; version += 1) {
    await write("bot/chat-page/public/index.html", String(version));
    const { hash, zipPath } = await packageBot(root, webChat);
    const at = new Date(Date.now() - 100_000 + version * 1000);
    await utimes(zipPath, at, at);
    hashes.push(`3.2.1-${hash}.zip`);
  }
  const kept = await readdir(path.join(root, "node_modules/.cache/bot-sign-in"));
  expect(kept.sort()).toEqual(hashes.slice(2).sort());
});

test("a mistake in the bot is named with file and line", async () => {
  await write("bot/index.ts", 'const a = 1;\nimport "./absent";');
  await expect(packageBot(root, webChat)).rejects.toMatchObject({
    code: "bundle-failed",
    message: 'bot/index.ts: bot/index.ts:2: Could not resolve "./absent" [bundle-failed] Correct it and try again.',
  });
});

test("a chat page without its folder is named", async () => {
  await rm(path.join(root, "bot/chat-page/public"), { recursive: true });
  await expect(packageBot(root, webChat)).rejects.toMatchObject({
    code: "file-missing",
    subject: "bot/chat-page/public",
  });
});

test("a bot that imports MSAL directly starts from its bundle, with one copy of MSAL", async () => {
  await mkdir(path.join(root, "node_modules"), { recursive: true });
  await symlink(path.join(project, "node_modules/@azure"), path.join(root, "node_modules/@azure"));
  await write(
    "bot/index.ts",
    'import { ConfidentialClientApplication as One } from "@azure/msal-node";\n' +
      'const { ConfidentialClientApplication: Other } = require("@azure/msal-node");\n' +
      "module.exports = One === Other;",
  );
  const { zipPath } = await packageBot(root, webChat);
  const module = { exports: undefined as unknown };
  new Function("module", "exports", "require", (await content(zipPath))["bot.js"]!)(module, {}, require);
  expect(module.exports).toBe(true);
});
