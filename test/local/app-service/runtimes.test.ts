import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../../infra/code/cache";
import type { Npm } from "../../../infra/code/web-chat";
import { nodeOf, runtimeOf } from "../../../local/azure/app-service/runtimes";

test.each([
  ["NODE|24-lts", { language: "node", major: "24" }],
  ["node|22-LTS", { language: "node", major: "22" }],
  ["PYTHON|3.12", { language: "python", asked: "3.12" }],
  // Azure has these, and the local Azure says so in its own name.
  ["NODE|26", "absent"],
  ["DOTNETCORE|8.0", "absent"],
  // App Service itself would refuse these.
  ["NODE|19", "unknown"],
  ["node|24", "unknown"],
  ["DOTNETCORE|8", "unknown"],
  ["PYTHON|2.7", "unknown"],
  ["", "unknown"],
])("%s", (value, runtime) => {
  expect(runtimeOf(value, true)).toEqual(runtime);
});

test("a machine without python3 has no Python for a bot", () => {
  expect(runtimeOf("PYTHON|3.12", false)).toBe("absent");
});

describe("Node.js 22, which is no dependency of anything", () => {
  let root: string;
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), "runtimes-"))));
  afterEach(() => rm(root, { recursive: true }));

  /** An npm that packs a Node.js which says its name, and counts how often it was asked. */
  async function npm(script: string): Promise<Npm> {
    const file = join(root, "npm.cjs");
    await writeFile(
      file,
      `const { appendFileSync, chmodSync, mkdirSync, writeFileSync } = require("node:fs");
       const { join } = require("node:path");
       const folder = process.argv[process.argv.indexOf("--pack-destination") + 1];
       appendFileSync(join(${JSON.stringify(root)}, "asked"), process.argv[3] + "\\n");
       ${script}`,
    );
    return { command: process.execPath, args: [file] };
  }
  const packs = `
    mkdirSync(join(folder, "package/bin"), { recursive: true });
    writeFileSync(join(folder, "package/bin/node"), "#!/bin/sh\\necho v22\\n");
    require(${JSON.stringify(require.resolve("tar"))}).create({ file: join(folder, "n.tgz"), cwd: folder, sync: true, gzip: true }, ["package"]);
    require("node:fs").rmSync(join(folder, "package"), { recursive: true });
    console.log('[{"filename":"n.tgz"}]');`;

  test("is taken from the npm registry once, by this machine's own package of it, and can be run", async () => {
    const own = await npm(packs);
    const [one, other] = await Promise.all([nodeOf("22", own, root), nodeOf("22", own, root)]);
    expect(one).toBe(other);
    expect(await nodeOf("22", own, root)).toBe(one);
    expect(execFileSync(one, { encoding: "utf8" })).toBe("v22\n");
    const asked = (await readFile(join(root, "asked"), "utf8")).trim().split("\n");
    expect(asked).toEqual([expect.stringMatching(/^node(-bin)?-\w+-\w+@22\.\d+\.\d+$/)]);
    expect((await readdir(cacheFolder(root))).filter((name) => !/^node-22\.\d+\.\d+$/.test(name))).toEqual([]);
  });

  test("that cannot be got is said with npm's own reason, and asked for again the next time", async () => {
    const offline = await npm('console.error("npm error code ENOTFOUND"); process.exit(1)');
    await expect(nodeOf("22", offline, root)).rejects.toThrow(
      /^Node\.js 22\.\d+\.\d+ could not be got from the npm registry \(.*\): npm error code ENOTFOUND$/,
    );
    await expect(nodeOf("22", await npm(packs), root)).resolves.toContain("node-22.");
  });

  test("is not asked for by an app of this very Node.js", async () => {
    expect(await nodeOf(process.versions.node.split(".")[0]!, await npm("process.exit(1)"), root)).toBe(
      process.execPath,
    );
  });
});
