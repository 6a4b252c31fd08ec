import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create } from "tar";
import { mkdir, writeFile } from "node:fs/promises";

interface Package {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}
interface Lock {
  readonly packages: Readonly<Record<string, Package>>;
}
const root = dirname(__dirname);
const { countFor, lacking, npmCommand, whyItFailed } = jest.requireActual<{
  countFor(lock: Lock, machine: { platform: string; arch: string; libc?: string }): number;
  lacking(lock: Lock, installed: Lock | undefined, isThere: (folder: string) => boolean): string | undefined;
  npmCommand(environment: NodeJS.ProcessEnv, node: string): { command: string; args: readonly string[] };
  whyItFailed(said: string): string | undefined;
}>("../install");

describe("what node_modules lacks", () => {
  const [a, b] = [
    { version: "1.0.0", integrity: "sha512-a" },
    { version: "2.0.0", integrity: "sha512-b" },
  ];
  const both = { packages: { "": {}, "node_modules/a": a, "node_modules/b": b } };
  const changed = "package-lock.json has changed:";

  test.each<
    [what: string, lock: Lock, installed: Lock | undefined, gone: readonly string[], lacks: string | undefined]
  >([
    ["all is there", both, both, [], undefined],
    ["nothing is", both, undefined, [], "nothing is installed, or an installation broke off"],
    [
      "a package is added",
      both,
      { packages: { "node_modules/a": a } },
      [],
      `${changed} 1 package is other than installed`,
    ],
    [
      "two are of other versions",
      both,
      { packages: { "node_modules/a": { ...a, version: "0.9.0" }, "node_modules/b": { ...b, version: "1.9.0" } } },
      [],
      `${changed} 2 packages are other than installed`,
    ],
    [
      "one has other contents under its old version",
      both,
      { packages: { ...both.packages, "node_modules/b": { ...b, integrity: "sha512-c" } } },
      [],
      `${changed} 1 package is other than installed`,
    ],
    [
      "one is for another system",
      { packages: { ...both.packages, "node_modules/c": { version: "1.0.0", optional: true } } },
      both,
      [],
      undefined,
    ],
    [
      "an optional one is of another version",
      { packages: { "node_modules/b": { ...b, optional: true } } },
      { packages: { "node_modules/b": { ...b, version: "1.0.0", optional: true } } },
      [],
      `${changed} 1 package is other than installed`,
    ],
    ["one more was installed by hand", { packages: { "node_modules/a": a } }, both, [], undefined],
    [
      "the project has a workspace",
      { packages: { ...both.packages, local: { version: "1.0.0" }, "node_modules/local": { link: true } } },
      both,
      [],
      undefined,
    ],
    ["a folder was deleted", both, both, ["node_modules/b"], "1 package is gone from node_modules, such as b"],
  ])("where %s", (_what, lock, installed, gone, lacks) => {
    expect(lacking(lock, installed, (folder) => !gone.includes(folder))).toBe(lacks);
  });

  test("packages for other systems are not among those that npm is going to lay", () => {
    const packages = {
      "": {},
      "node_modules/a": a,
      "node_modules/local": { link: true },
      "node_modules/linux": { os: ["linux"], cpu: ["x64"] },
      "node_modules/musl": { os: ["linux"], libc: ["musl"] },
      "node_modules/mac": { os: ["darwin"] },
      "node_modules/unix": { os: ["!win32"] },
    };
    expect(countFor({ packages }, { platform: "linux", arch: "x64", libc: "glibc" })).toBe(3);
    expect(countFor({ packages }, { platform: "linux", arch: "arm64", libc: "musl" })).toBe(3);
    expect(countFor({ packages }, { platform: "win32", arch: "x64" })).toBe(1);
  });
});

test.each([
  ["npm error code ENOTFOUND", "npm does not reach its registry."],
  ["npm ERR! code EAI_AGAIN", "npm does not reach its registry."],
  ["npm error code ECONNREFUSED", "npm does not reach its registry."],
  ["npm error code SELF_SIGNED_CERT_IN_CHAIN", "npm does not trust the certificate"],
  ["npm error code E401", "npm's registry refuses whoever asks."],
  ["npm error code E404", "npm's registry lacks a package"],
  ["npm error code ENOSPC", "The disk is full."],
  ["npm error code EACCES", "node_modules cannot be written."],
  ["npm error code EINTEGRITY", "A package is not the one"],
  ["npm error code EUSAGE", "package-lock.json does not fit package.json"],
  [
    "npm ERR! npm ci can only install with an existing package-lock.json with lockfileVersion >= 1",
    "package-lock.json does",
  ],
])("%s is told in a sentence: %s", (said, sentence) => {
  expect(whyItFailed(said)).toContain(sentence);
});

test("of what is not known npm's own words stay", () => {
  expect(whyItFailed("npm error code ELIFECYCLE")).toBeUndefined();
});

test.each([
  ["npm", { npm_execpath: "/opt/npm/bin/npm-cli.js", npm_node_execpath: process.execPath }, process.execPath, 1],
  ["npm, whose Node is gone", { npm_execpath: "/opt/npm/bin/npm-cli.js", npm_node_execpath: "/gone" }, "/node", 1],
  ["another package manager", { npm_execpath: "/opt/yarn.js" }, "npm", 0],
  ["nobody", {}, "npm", 0],
])("started by %s, npm is found", (_by, environment, command, count) => {
  const found = npmCommand(environment, "/node");
  expect([found.command, found.args.length]).toEqual([command, count]);
});

test("every command of the project begins with it, so that none needs another before", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  // npm runs this one itself, when all is there.
  const { postinstall: _, ...commands } = scripts;
  for (const [name, command] of Object.entries(commands)) {
    expect([name, command.startsWith("node install.js && ")]).toEqual([name, true]);
  }
});

describe("a project with nothing but its lock file", () => {
  let folder: string;
  let server: Server | undefined;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "install-test-"));
    cpSync(join(root, "install.js"), join(folder, "install.js"));
    const scripts = { show: "node install.js && node show.js" };
    await write("package.json", {
      name: "project",
      version: "1.0.0",
      scripts,
      dependencies: { tiny: "file:tiny.tgz" },
    });
    await writeFile(
      join(folder, "show.js"),
      "console.log(require('tiny'), JSON.stringify(process.argv.slice(2))); process.exit(7);",
    );
    await lockWith("1.0.0");
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    server?.closeAllConnections();
    await new Promise((done) => (server ? server.close(done) : done(undefined)));
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (file: string, value: unknown): Promise<void> => writeFile(join(folder, file), JSON.stringify(value));

  /** Packs a version of the package and writes the lock file that names it. */
  async function lockWith(version: string): Promise<void> {
    const tiny = { name: "tiny", version, main: "index.js" };
    await mkdir(join(folder, "package"), { recursive: true });
    await write("package/package.json", tiny);
    await writeFile(join(folder, "package/index.js"), `module.exports = "tiny ${version}";`);
    await create({ gzip: true, portable: true, cwd: folder, file: join(folder, "tiny.tgz") }, ["package"]);
    const integrity = `sha512-${createHash("sha512")
      .update(readFileSync(join(folder, "tiny.tgz")))
      .digest("base64")}`;
    await write("package-lock.json", {
      name: "project",
      version: "1.0.0",
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": { name: "project", version: "1.0.0", dependencies: { tiny: "file:tiny.tgz" } },
        "node_modules/tiny": { version, resolved: "file:tiny.tgz", integrity },
      },
    });
  }

  /** Names a package of the registry, which takes as long as the registry wants. */
  async function lockOfRegistry(): Promise<void> {
    await write("package.json", { name: "project", version: "1.0.0", dependencies: { far: "1.0.0" } });
    await write("package-lock.json", {
      name: "project",
      version: "1.0.0",
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": { name: "project", version: "1.0.0", dependencies: { far: "1.0.0" } },
        "node_modules/far": { version: "1.0.0", integrity: "sha512-AAAA" },
      },
    });
  }

  /** A registry that never answers; `asked` ends when npm has asked it. */
  async function silentRegistry(): Promise<{ address: string; asked: Promise<unknown> }> {
    let ask: (value: unknown) => void;
    const asked = new Promise((done) => (ask = done));
    server = createServer(() => ask(undefined)).listen(0, "127.0.0.1");
    await new Promise((done) => server!.once("listening", done));
    return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
  }

  function run(
    args: readonly string[] = ["install.js"],
    changed: NodeJS.ProcessEnv = {},
    command = process.execPath,
  ): { child: ChildProcess; said: Promise<{ code: number | null; out: string; err: string }> } {
    const { npm_execpath: _npm, npm_node_execpath: _node, ...environment } = process.env;
    const env = {
      ...environment,
      npm_config_cache: join(folder, "cache"),
      npm_config_update_notifier: "false",
      ...changed,
    };
    const child = spawn(command, args, { cwd: folder, env });
    children.push(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const said = new Promise<{ code: number | null; out: string; err: string }>((done) => {
      child.once("close", (code) => done({ code, out, err }));
    });
    return { child, said };
  }
  const installing = (why: string): RegExp =>
    new RegExp(
      `^Installing 1 packages from package-lock\\.json \\(npm ci\\), because ${why}\\.\nInstalled in \\d+ s\\.\n$`,
    );
  const tidy = (): boolean => !existsSync(join(folder, ".installing.json"));

  test("one command installs what is missing, says so, and goes on with its own arguments to its own exit code", async () => {
    const first = await run(["run", "--silent", "show", "--", "--data", "a b"], {}, "npm").said;
    expect(first).toMatchObject({ code: 7, out: 'tiny 1.0.0 ["--data","a b"]\n' });
    expect(first.err).toMatch(installing("nothing is installed, or an installation broke off"));
    expect(tidy()).toBe(true);
    expect(await run(["run", "--silent", "show"], {}, "npm").said).toEqual({
      code: 7,
      out: "tiny 1.0.0 []\n",
      err: "",
    });
  });

  test("another lock file, a deleted package and a half installation are each put right once", async () => {
    execFileSync("npm", ["ci"], { cwd: folder, env: { ...process.env, npm_config_cache: join(folder, "cache") } });
    expect(await run().said).toEqual({ code: 0, out: "", err: "" });

    await lockWith("1.1.0");
    expect((await run().said).err).toMatch(
      installing("package-lock.json has changed: 1 package is other than installed"),
    );
    rmSync(join(folder, "node_modules/tiny"), { recursive: true });
    expect((await run().said).err).toMatch(installing("1 package is gone from node_modules, such as tiny"));
    rmSync(join(folder, "node_modules/.package-lock.json"));
    expect((await run().said).err).toMatch(installing("nothing is installed, or an installation broke off"));
    expect(await run().said).toEqual({ code: 0, out: "", err: "" });
  });

  test("packages that another folder lends by a link are never emptied for it", async () => {
    await mkdir(join(folder, "lent/tiny"), { recursive: true });
    await writeFile(join(folder, "lent/tiny/index.js"), "");
    symlinkSync(join(folder, "lent"), join(folder, "node_modules"));
    expect(await run().said).toEqual({
      code: 1,
      out: "",
      err:
        "Nothing was started: nothing is installed, or an installation broke off, and node_modules is a link to " +
        `${join(folder, "lent")}. npm would empty that folder for everybody who uses it. ` +
        "Take the link away, then run the command again: rm node_modules\n",
    });
    expect(existsSync(join(folder, "lent/tiny/index.js"))).toBe(true);
    expect(tidy()).toBe(true);
  });

  test("of two commands at once one installs, the other waits for it, and both go on", async () => {
    const ended = await Promise.all([run().said, run().said, run().said]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(ended.filter(({ err }) => err.includes("Installing 1 packages"))).toHaveLength(1);
    expect(tidy()).toBe(true);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s while it installs ends npm, too, and the next command begins anew", async (signal, status) => {
    const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
    const manifest = readFileSync(join(folder, "package.json"), "utf8");
    await lockOfRegistry();
    const { address, asked } = await silentRegistry();
    const { child, said } = run(["install.js"], { npm_config_registry: address });
    await asked;
    const { pids } = JSON.parse(readFileSync(join(folder, ".installing.json"), "utf8")) as { pids: number[] };
    child.kill(signal);
    expect(await said).toMatchObject({
      code: status,
      err: expect.stringContaining("The installation was stopped. The next command begins it anew.\n") as string,
    });
    expect(pids[0]).toBe(child.pid);
    expect(() => process.kill(pids[1]!, 0)).toThrow("ESRCH");
    expect(tidy()).toBe(true);

    writeFileSync(join(folder, "package-lock.json"), lock);
    writeFileSync(join(folder, "package.json"), manifest);
    expect((await run().said).err).toMatch(installing("nothing is installed, or an installation broke off"));
  });

  test("who was killed while installing keeps nobody waiting, and nobody else's claim is taken away", async () => {
    const claim = (value: object): Promise<void> => write(".installing.json", value);
    const dead = spawn(process.execPath, ["-e", ""]);
    await new Promise((done) => dead.once("exit", done));
    await claim({ host: hostname(), pids: [dead.pid] });
    expect((await run().said).code).toBe(0);

    rmSync(join(folder, "node_modules"), { recursive: true });
    await claim({ host: hostname(), pids: [process.pid] });
    const { child, said } = run();
    await new Promise((done) => child.stderr!.once("data", done));
    expect(existsSync(join(folder, "node_modules"))).toBe(false);
    rmSync(join(folder, ".installing.json"));
    expect((await said).err).toContain(`Another command installs here (process ${process.pid}). Waiting for it.\n`);
    expect(existsSync(join(folder, "node_modules/tiny"))).toBe(true);
  });

  test("without a network it is one sentence, and nothing is started", async () => {
    await lockOfRegistry();
    const { code, err } = await run(["install.js"], {
      npm_config_registry: "http://127.0.0.1:1/",
      npm_config_fetch_retries: "0",
    }).said;
    expect(code).toBe(1);
    expect(err).toMatch(
      /Nothing was started: the packages could not be installed\. npm does not reach its registry\. Connect/,
    );
    expect(tidy()).toBe(true);
  });

  test("without a lock file it says how to bring it back", async () => {
    rmSync(join(folder, "package-lock.json"));
    expect(await run().said).toEqual({
      code: 1,
      out: "",
      err: "package-lock.json is not there, or is no JSON. Bring it back: git checkout -- package-lock.json\n",
    });
  });
});
