import { unzipSync, zipSync, strToU8 } from "fflate";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type BroughtPackage, packageBrought } from "../../../infra/code/brought-code";
import type { BroughtCode } from "../../../infra/deployment/code";

let root: string;
beforeEach(async () => (root = await mkdtemp(path.join(tmpdir(), "brought-"))));
afterEach(() => rm(root, { recursive: true }));

const bot = { "package.json": '{"main":"index.js","version":"1.2.3"}', "index.js": "require('http')" };

async function folder(files: Readonly<Record<string, string>>, name = "bot"): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name, file)), { recursive: true });
    await writeFile(path.join(root, name, file), content);
  }
}
const zipped = (files: Readonly<Record<string, string>>, mtime = "2026-01-01T00:00:00Z"): Promise<void> =>
  writeFile(
    path.join(root, "bot.zip"),
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { mtime }),
  );

const made = (code: Partial<BroughtCode> = {}): Promise<BroughtPackage> =>
  packageBrought(root, root, { ...(code.zip ? {} : { folder: "bot" }), sdk: "agents-js", ...code });
const refused = (code: Partial<BroughtCode> = {}): Promise<string> =>
  made(code).then(
    () => "taken",
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );
const filesIn = async ({ zipPath }: BroughtPackage): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(unzipSync(await readFile(zipPath))).map(([name, content]) => [
      name,
      Buffer.from(content).toString(),
    ]),
  );

test("a folder becomes a package with the hash, the health page and the command that loads it first", async () => {
  await folder(bot);
  const result = await made();
  const files = await filesIn(result);
  expect(Object.keys(files).sort()).toEqual(["build.json", "health.cjs", "index.js", "package.json"]);
  expect(JSON.parse(files["build.json"]!)).toEqual({ version: "1.2.3", hash: result.hash });
  expect(result.command).toBe("exec node -r ./health.cjs index.js");
  expect(result.warnings).toEqual([]);
});

test("two zips made in the same second are two packages, and every file of the second is stamped anew", async () => {
  const stamps = async (text: string) => {
    await zipped({ ...bot, "index.js": text });
    const { zipPath, hash } = await made({ zip: "bot.zip" });
    const bytes = await readFile(zipPath);
    const at = bytes.indexOf(Buffer.from("index.js"), bytes.readUInt32LE(bytes.length - 6));
    return { hash, stamp: bytes.readUInt32LE(at - 34) };
  };
  const [one, other] = [await stamps("console.log(1)"), await stamps("console.log(2)")];
  expect(one.hash).not.toBe(other.hash);
  // By its time alone the deployment service tells whether a file is new.
  expect(one.stamp).not.toBe(other.stamp);
});

test("the same files give the same package, as folder and as zip, whenever they were written", async () => {
  await folder(bot);
  await zipped(bot, "2019-05-05T00:00:00Z");
  expect((await made()).hash).toBe((await made({ zip: "bot.zip" })).hash);
});

test("a zip with everything in one folder is unpacked from inside of it, unless that is what is started", async () => {
  await zipped({ "my-bot/package.json": bot["package.json"], "my-bot/index.js": "1", "__MACOSX/._x": "" });
  expect(Object.keys(await filesIn(await made({ zip: "bot.zip" })))).toContain("index.js");
  await zipped({ "dist/index.js": "1" });
  const kept = await made({ zip: "bot.zip", start: "node dist/index.js" });
  expect(Object.keys(await filesIn(kept))).toContain("dist/index.js");
});

test("files in which people keep secrets are left out, and the person is told; an example of one goes along", async () => {
  await folder({ ...bot, ".env": "A=1", ".env.example": "A=", "config/tls.key": "k", "node_modules/x/test.pem": "p" });
  const result = await made();
  expect(Object.keys(await filesIn(result))).toEqual(
    expect.arrayContaining([".env.example", "node_modules/x/test.pem"]),
  );
  expect(Object.keys(await filesIn(result))).not.toContain(".env");
  expect(result.warnings).toEqual([
    "bot: .env is left out, because people keep secrets in such files. The bot gets settings by appSettings.",
    "bot: config/tls.key is left out, because people keep secrets in such files. The bot gets settings by appSettings.",
  ]);
});

test("a file that seems to hold a secret goes along, and the person is told without its value", async () => {
  const value = "aB3~cD4eF5gH6iJ7kL8mN9oP0qR1sT2uV3wX4yZ5";
  await folder({ ...bot, "config.json": `{"MicrosoftAppPassword": "${value}"}`, "empty.json": '{"ClientSecret": ""}' });
  const { warnings } = await made();
  expect(warnings).toEqual([
    "bot: config.json seems to hold a secret, and goes along. Move it to appSettings, encrypted.",
  ]);
  expect(JSON.stringify(warnings)).not.toContain(value);
});

test("what nobody runs stays behind: version control, caches, editors", async () => {
  await folder({ ...bot, ".git/config": "x", "src/__pycache__/a.pyc": "x", ".vscode/launch.json": "{}" });
  expect(Object.keys(await filesIn(await made())).sort()).toEqual([
    "build.json",
    "health.cjs",
    "index.js",
    "package.json",
  ]);
});

describe("the file that starts it", () => {
  test.each([
    ["package.json starts it", { scripts: { start: "node ./app.js" } }, "app.js", "node -r ./health.cjs app.js"],
    [
      "package.json starts it with a file of settings",
      { scripts: { start: "node --env-file .env dist/index.js" } },
      "dist/index.js",
      "node -r ./health.cjs dist/index.js",
    ],
    ["package.json calls it the main one", { main: "./lib/bot.js" }, "lib/bot.js", "node -r ./health.cjs lib/bot.js"],
    ["it was built", { main: "index.js" }, "dist/index.js", "node -r ./health.cjs dist/index.js"],
  ])("is found where %s", async (_where, manifest, file, command) => {
    await folder({ "package.json": JSON.stringify(manifest), [file]: "1" });
    expect((await made()).command).toBe(`exec ${command}`);
  });

  test("has to be there, and a misplaced one is found", async () => {
    await folder({ "package.json": "{}", "src/index.ts": "1", "dist/main.js": "1" });
    expect(await refused()).toBe(
      "start-missing: bot: neither index.js is in it [start-missing] Say which file starts the bot, as code.start: node dist/index.js. Code that has to be built first is built by code.build.",
    );
    expect(await refused({ start: "node main.js" })).toMatch(/^start-missing: .*Did you mean dist\/main\.js\?$/);
  });

  test("has to be said for Python", async () => {
    await folder({ "requirements.txt": "microsoft-agents-hosting-core", "src/main.py": "1" });
    expect(await refused({ sdk: "agents-python" })).toMatch(/^start-missing: .*code\.start: python -m src\.main$/);
    expect((await made({ sdk: "agents-python", start: "python -m src.main" })).command).toBe("exec python -m src.main");
  });
});

describe("is refused before anything is pushed:", () => {
  test("a mistyped path, with what is there", async () => {
    await folder(bot, "my-bot");
    expect(await refused({ folder: "my-bto" })).toMatch(/^path-missing: my-bto: .*Did you mean my-bot\?$/);
    expect(await refused({ folder: "nowhere/bot" })).toMatch(/^path-missing: .*relative to the project's folder\.$/);
    expect(await refused({ zip: "my-bot" })).toMatch(/^path-missing: my-bot: it is no file/);
  });

  test("an empty folder, and one with nothing that runs", async () => {
    await mkdir(path.join(root, "bot"));
    expect(await refused()).toMatch(/^empty: /);
    await folder({ ".git/config": "x" });
    expect(await refused()).toMatch(/^empty: /);
  });

  test.each(["../index.js", "/etc/passwd", "a/../../b", "C:/x"])("a zip with the entry %s", async (name) => {
    await zipped({ ...bot, [name]: "x" });
    expect(await refused({ zip: "bot.zip" })).toMatch(/^zip-refused: bot\.zip: the entry .* lies outside of it/);
  });

  test("a zip with a link in it, unless it is one of npm's commands", async () => {
    const linked = (name: string) =>
      writeFile(
        path.join(root, "bot.zip"),
        zipSync({
          "package.json": strToU8(bot["package.json"]),
          "index.js": strToU8("1"),
          [name]: [strToU8("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }],
        }),
      );
    await linked("secrets.txt");
    expect(await refused({ zip: "bot.zip" })).toMatch(/^zip-refused: bot\.zip: the entry secrets\.txt is a link/);
    await linked("node_modules/.bin/tsc");
    expect(Object.keys(await filesIn(await made({ zip: "bot.zip" })))).not.toContain("node_modules/.bin/tsc");
  });

  test("what is no zip, and one that is cut off", async () => {
    await writeFile(path.join(root, "bot.zip"), "not a zip");
    expect(await refused({ zip: "bot.zip" })).toMatch(/^zip-refused: bot\.zip: it is no whole zip/);
    await zipped(bot);
    const bytes = await readFile(path.join(root, "bot.zip"));
    await writeFile(path.join(root, "bot.zip"), bytes.subarray(0, bytes.length - 30));
    expect(await refused({ zip: "bot.zip" })).toMatch(/^zip-refused: /);
  });

  test("a link that leaves the folder, or leads to a folder; one to a file in it is that file", async () => {
    await folder({ ...bot, "lib/a.js": "a" });
    await symlink("lib/a.js", path.join(root, "bot", "b.js"));
    expect((await filesIn(await made()))["b.js"]).toBe("a");
    await symlink("lib", path.join(root, "bot", "other"));
    expect(await refused()).toMatch(/^link-refused: bot: other is a link to a folder/);
    await rm(path.join(root, "bot", "other"));
    await symlink("/etc/hostname", path.join(root, "bot", "name"));
    expect(await refused()).toMatch(/^link-refused: bot: name is a link that leaves the folder/);
  });

  test("a bot that has files of the names that a deployment writes", async () => {
    await folder({ ...bot, "build.json": "{}" });
    expect(await refused()).toMatch(/^file-taken: bot: it has a file build\.json of its own/);
  });

  test.each([
    [
      "its package.json",
      { ...bot, "package.json": '{"main":"index.js","dependencies":{"@microsoft/agents-hosting-express":"1"}}' },
    ],
    ["its node_modules", { ...bot, "node_modules/@microsoft/agents-hosting/package.json": "{}" }],
    ["its bundle", { ...bot, "index.js": 'read("azureBotOAuthConnectionName")' }],
  ])("a bot of the Agents SDK that would get MicrosoftApp* alone, seen by %s", async (_by, files) => {
    await folder(files);
    expect(await refused({ sdk: "botframework-js" })).toMatch(
      /^open-bot: .*may answer anybody \[open-bot\] Say code\.sdk: agents-js$/,
    );
    expect(await refused()).toBe("taken");
  });

  test("the same the other way round, and in Python", async () => {
    await folder({ ...bot, "package.json": '{"main":"index.js","dependencies":{"botbuilder":"4"}}' });
    expect(await refused()).toMatch(/^open-bot: .*Say code\.sdk: botframework-js$/);
    await folder({ "requirements.txt": "microsoft-agents-hosting-core", "app.py": "1" }, "python");
    const python = { folder: "python", start: "python app.py" };
    expect(await refused({ ...python, sdk: "botframework-python" })).toMatch(/^open-bot: .*agents-python$/);
  });
});

describe("the build", () => {
  test("runs in the folder, before it is read", async () => {
    await folder({ "package.json": "{}", "source.js": "1" });
    const result = await made({ build: "cp source.js index.js" });
    expect(Object.keys(await filesIn(result))).toContain("index.js");
  });

  test("that fails is told with what it said last", async () => {
    await folder(bot);
    expect(await refused({ build: "echo broken >&2; exit 3" })).toMatch(
      /^build-failed: .*: it ended with 3: broken \[build-failed\]/,
    );
  });

  test("gets neither the deployer's sign-in nor the stack's configuration", async () => {
    await folder(bot);
    process.env.ARM_CLIENT_SECRET = process.env.PULUMI_CONFIG = "told";
    try {
      await made({ build: "env > seen.txt" });
      expect(await readFile(path.join(root, "bot", "seen.txt"), "utf8")).not.toContain("told");
    } finally {
      delete process.env.ARM_CLIENT_SECRET;
      delete process.env.PULUMI_CONFIG;
    }
  });
});

test("forty-five megabytes of node_modules are a package like any other", async () => {
  await folder(bot);
  const content = Buffer.alloc(45 * 1024, 7);
  await mkdir(path.join(root, "bot/node_modules/big"), { recursive: true });
  await Promise.all(
    Array.from({ length: 1_000 }, (_, at) => writeFile(path.join(root, `bot/node_modules/big/${at}.js`), content)),
  );
  await cp(path.join(root, "bot"), path.join(root, "copy"), { recursive: true });
  expect((await made()).hash).toBe((await made({ folder: "copy" })).hash);
});
