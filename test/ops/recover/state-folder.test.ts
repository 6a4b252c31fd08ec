import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { removeTornAttributes, stateFolder } from "../../../ops/recover/state-folder";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "state-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const home = { HOME: "/home/kim", PULUMI_HOME: "/nowhere" };

test.each([
  ["file:///var/state", "/var/state"],
  ["file:///var/a%20b?no_tmp_dir=true", "/var/a b"],
  ["file://~", "/home/kim"],
  ["file://~/state", "/home/kim/state"],
  ["azblob://state", undefined],
  [undefined, undefined],
])("the folder of %s", async (backend, expected) => {
  expect(await stateFolder({ ...home, PULUMI_BACKEND_URL: backend })).toBe(expected);
});

test("the folder of the last pulumi login counts where the environment names none", async () => {
  await writeFile(join(folder, "credentials.json"), JSON.stringify({ current: "file://~", accessTokens: {} }));
  expect(await stateFolder({ HOME: "/home/kim", PULUMI_HOME: folder })).toBe("/home/kim");
  expect(await stateFolder({ PULUMI_HOME: folder, PULUMI_BACKEND_URL: "file:///other" })).toBe("/other");
});

test("attribute files that a kill left empty go; whole ones, states and other projects stay", async () => {
  const stacks = join(folder, ".pulumi/stacks/bot-sign-in");
  const locks = join(folder, ".pulumi/locks/organization/bot-sign-in/dev");
  const others = join(folder, ".pulumi/stacks/other");
  for (const path of [stacks, locks, others]) await mkdir(path, { recursive: true });
  const files = {
    [join(stacks, "dev.json")]: "",
    [join(stacks, "dev.json.attrs")]: "",
    [join(stacks, "prod.json.attrs")]: "{}",
    [join(locks, "1.json.attrs")]: "",
    [join(others, "dev.json.attrs")]: "",
  };
  for (const [file, text] of Object.entries(files)) await writeFile(file, text);
  const environment = { PULUMI_BACKEND_URL: pathToFileURL(folder).href };
  expect(await removeTornAttributes(environment, "bot-sign-in")).toEqual([
    join(stacks, "dev.json.attrs"),
    join(locks, "1.json.attrs"),
  ]);
  expect((await readdir(stacks)).sort()).toEqual(["dev.json", "prod.json.attrs"]);
  expect(await readdir(locks)).toEqual([]);
  expect(await readdir(others)).toEqual(["dev.json.attrs"]);
  expect(await removeTornAttributes(environment, "bot-sign-in")).toEqual([]);
});

test("a backend that is not there is for Pulumi to complain of", async () => {
  expect(await removeTornAttributes({ PULUMI_BACKEND_URL: "file:///nowhere/at/all" }, "bot-sign-in")).toEqual([]);
  expect(await removeTornAttributes({ PULUMI_BACKEND_URL: "azblob://state" }, "bot-sign-in")).toEqual([]);
});
