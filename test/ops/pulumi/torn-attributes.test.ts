import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PulumiProject } from "../../../ops/pulumi/project";
import { removeTornAttributes } from "../../../ops/pulumi/torn-attributes";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "torn-attributes-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keptAt = (backend: string): PulumiProject => ({
  folder,
  project: "bot-sign-in",
  environment: { PULUMI_BACKEND_URL: backend },
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
  const project = keptAt(pathToFileURL(folder).href);
  expect(await removeTornAttributes(project)).toEqual([join(stacks, "dev.json.attrs"), join(locks, "1.json.attrs")]);
  expect((await readdir(stacks)).sort()).toEqual(["dev.json", "prod.json.attrs"]);
  expect(await readdir(locks)).toEqual([]);
  expect(await readdir(others)).toEqual(["dev.json.attrs"]);
  expect(await removeTornAttributes(project)).toEqual([]);
});

test("a backend that is not there is for Pulumi to complain of", async () => {
  expect(await removeTornAttributes(keptAt("file:///nowhere/at/all"))).toEqual([]);
  expect(await removeTornAttributes(keptAt("azblob://state"))).toEqual([]);
});
