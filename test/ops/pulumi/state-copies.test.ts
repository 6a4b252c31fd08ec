import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PulumiProject } from "../../../ops/pulumi/project";
import { StateCopies } from "../../../ops/pulumi/state-copies";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "state-copies-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const keptAt = (backend: string): PulumiProject => ({
  folder: root,
  project: "bot",
  environment: { PULUMI_BACKEND_URL: backend },
});
const filesIn = async (): Promise<string[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
};

test("the copies of one stack go, with their attributes; its state, other stacks and other projects keep theirs", async () => {
  const ours = [
    "stacks/bot/pr-4.json.bak",
    "stacks/bot/pr-4.json.bak.attrs",
    "stacks/bot/pr-4.json.gz.bak",
    "backups/bot/pr-4/pr-4.17957.json",
    "backups/bot/pr-4/pr-4.17957.json.attrs",
  ];
  const others = ["stacks/bot/pr-4.json", "stacks/bot/pr-42.json.bak", "backups/bot/pr-42/pr-42.1.json"];
  for (const path of [...ours, ...others, "stacks/other/pr-4.json.bak"]) {
    const file = join(root, ".pulumi", path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, "{}");
  }
  const copies = (await StateCopies.of(keptAt(pathToFileURL(root).href), "pr-4"))!;
  expect([copies.before, await copies.count()]).toEqual([3, 3]);
  expect(await copies.remove()).toEqual({ left: 0 });
  expect(await filesIn()).toEqual(["pr-4.json", "pr-4.json.bak", "pr-42.1.json", "pr-42.json.bak"]);
  expect(StateCopies.notChecked(copies)).toEqual([]);
});

test("where nobody but Pulumi can look the receipt says so", async () => {
  const copies = await StateCopies.of(keptAt("https://api.pulumi.com"), "pr-4");
  expect(copies).toBeUndefined();
  expect(StateCopies.notChecked(copies)).toEqual(["what the backend keeps of an emptied state"]);
});

test("copies that their storage does not give away are left, with the reason: the receipt is written all the same", async () => {
  const copy = join(root, ".pulumi/stacks/bot/pr-4.json.bak");
  // A folder in a file's place: no file system takes that for a file, not even for root.
  await mkdir(join(copy, "inside"), { recursive: true });
  const copies = (await StateCopies.of(keptAt(pathToFileURL(root).href), "pr-4"))!;
  expect(await copies.remove()).toEqual({ left: 1, why: expect.stringMatching(/^Path is a directory: /) as string });
});
