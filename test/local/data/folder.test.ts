import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataFolder } from "../../../local/data-folder-setting";
import { DataFolder, type Kept } from "../../../local/data/folder";
import type { DataFolderError } from "../../../local/data/error";

let folder: string;
const log: string[] = [];
const open = (): Promise<DataFolder> => DataFolder.open(folder, (line) => log.push(line));
const counter = (value: { count: number }): Kept => ({
  name: "counter",
  snapshot: () => new Map([["count", value.count]]),
  restore: (kept) => {
    value.count = (kept as Map<string, number>).get("count") ?? 0;
  },
});
const refusal = async (): Promise<Pick<DataFolderError, "code" | "message">> =>
  open().then(
    () => {
      throw new Error("the folder was opened");
    },
    (error: unknown) => error as DataFolderError,
  );

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "data-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("what was kept is there at the next start, readable by its owner alone, and the lock is gone", async () => {
  const first = await open();
  expect(first.restored).toBe(false);
  await first.attach([counter({ count: 7 })]);
  await first.close();
  expect((await stat(join(folder, "state.json"))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["state.json"]);

  const second = await open();
  const value = { count: 0 };
  await second.attach([counter(value)]);
  expect([second.restored, value.count]).toEqual([true, 7]);
  await second.close();
});

test("a change is written soon, so that a killed process loses no more than half a second", async () => {
  const data = await open();
  const value = { count: 1 };
  await data.attach([counter(value)]);
  value.count = 2;
  data.changed();
  data.changed();
  const until = Date.now() + 5_000;
  const written = (): Promise<string> => readFile(join(folder, "state.json"), "utf8").catch(() => "");
  while (!(await written()).includes('["count",2]') && Date.now() < until)
    await new Promise((next) => setTimeout(next, 50));
  expect(JSON.parse(await written())).toEqual({ version: 2, parts: { counter: { $map: [["count", 2]] } } });
  await data.close();
});

test("a folder in use is refused with the process that has it; a dead process's lock is taken over", async () => {
  const data = await open();
  expect(await refusal()).toMatchObject({
    code: "in-use",
    message: expect.stringContaining(`is used by process ${process.pid}. End that local Azure first`) as string,
  });
  await data.close();
  await writeFile(join(folder, "lock"), "999999999\n");
  await (await open()).close();
});

test.each([
  ["damaged", "{ not json", "Remove the folder to begin anew"],
  ["damaged", '{"version":"1"}', "Remove the folder to begin anew"],
  ["other-version", '{"version":3,"parts":{}}', "a newer version of the local Azure (format 3, this one reads 2)"],
  ["other-version", '{"version":1,"parts":{}}', "an older version of the local Azure"],
])("%s: %s is refused with its fix, and nothing of it is overwritten", async (code, text, fix) => {
  await writeFile(join(folder, "state.json"), text);
  expect(await refusal()).toMatchObject({ code, message: expect.stringContaining(fix) as string });
  expect(await readFile(join(folder, "state.json"), "utf8")).toBe(text);
  expect(await readdir(folder)).toEqual(["state.json"]);
});

describe("a folder that is not this user's alone, or not a local Azure's, is refused and left as it is", () => {
  test.each([0o755, 0o750, 0o701, 0o720])("mode %o", async (mode) => {
    await chmod(folder, mode);
    expect(await refusal()).toMatchObject({
      code: "open-to-others",
      message: `The data folder ${folder} is open to other users of this machine (mode 0${mode.toString(8)}). It will hold secrets: chmod 700 ${folder}. Where that changes nothing, name a folder on another disk.`,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("another user's", async () => {
    const spy = jest.spyOn(process, "getuid").mockReturnValue(process.getuid!() + 1);
    try {
      expect(await refusal()).toMatchObject({ code: "of-another-user" });
    } finally {
      spy.mockRestore();
    }
  });

  test("a link to a folder, whose own name the refusal gives", async () => {
    const link = `${folder}-link`;
    await symlink(folder, link);
    try {
      await expect(DataFolder.open(link, () => undefined)).rejects.toMatchObject({
        code: "is-link",
        fix: `Name the folder itself: --data ${folder}`,
      });
    } finally {
      await rm(link);
    }
  });

  test("a file", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(DataFolder.open(join(folder, "file"), () => undefined)).rejects.toMatchObject({
      code: "not-a-folder",
    });
  });

  test("one with other things in it", async () => {
    await mkdir(join(folder, "sites"));
    await writeFile(join(folder, "thesis.md"), "");
    expect(await refusal()).toMatchObject({
      code: "holds-other",
      message: expect.stringContaining("holds nothing of a local Azure (but sites, thesis.md)") as string,
    });
    expect((await readdir(folder)).toSorted()).toEqual(["sites", "thesis.md"]);
  });

  test.each(["state.json", "ca.pem", "sites", "lock", "deployment.dev.json"])(
    "one whose %s is a link",
    async (name) => {
      const target = `${folder}-target`;
      await writeFile(target, '{"version":1,"parts":{}}');
      try {
        if (name !== "state.json") await writeFile(join(folder, "state.json"), '{"version":1,"parts":{}}');
        await symlink(target, join(folder, name));
        expect(await refusal()).toMatchObject({ code: "holds-other" });
        expect(await readFile(target, "utf8")).toBe('{"version":1,"parts":{}}');
      } finally {
        await rm(target);
      }
    },
  );
});

test("a folder that is made is its owner's alone, whatever the umask", async () => {
  const made = join(folder, "a", "b");
  const before = process.umask(0);
  await (await DataFolder.open(made, () => undefined).finally(() => process.umask(before))).close();
  expect((await stat(made)).mode & 0o777).toBe(0o700);
});

test("what a killed process left half written is taken away, and its folder goes on", async () => {
  const draft = "state.json.00000000-0000-4000-8000-000000000000.new";
  await writeFile(join(folder, draft), "{");
  await writeFile(join(folder, "ca.pem"), "");
  await (await open()).close();
  expect(await readdir(folder)).toEqual(["ca.pem"]);
});

test("a folder is known for a local Azure's from the first moment on, so that a killed start can be repeated", async () => {
  const data = await open();
  await data.attach([counter({ count: 1 })]);
  await mkdir(join(folder, "sites"));
  await rm(join(folder, "lock"));
  await (await open()).close();
  await data.close();
});

test.each([
  [undefined, undefined, undefined],
  [undefined, "", undefined],
  [undefined, "/kept", "/kept"],
  ["/mine", "/kept", "/mine"],
])("--data %p and DATA %p name the folder %p", (option, variable, folder) =>
  expect(dataFolder(option, variable)).toBe(folder),
);

test.each([
  ["", /"" is no name\. Name a folder: --data ~\/local-azure/],
  ["~/kept", /begins with a ~ that your shell has not replaced\. Write it apart: --data ~\/kept/],
])("--data=%s is refused before a folder of that name is made", (option, message) =>
  expect(() => dataFolder(option, undefined)).toThrow(message),
);
