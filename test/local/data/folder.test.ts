import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  expect(JSON.parse(await written())).toEqual({ version: 1, parts: { counter: { $map: [["count", 2]] } } });
  await data.close();
});

test("a folder in use is refused with the process that has it; a dead process's lock is taken over", async () => {
  const data = await open();
  expect(await refusal()).toMatchObject({
    code: "InUse",
    message: expect.stringContaining(`is used by process ${process.pid}. End that local Azure first`) as string,
  });
  await data.close();
  await writeFile(join(folder, "lock"), "999999999\n");
  await (await open()).close();
});

test.each([
  ["Damaged", "{ not json", "Remove the folder to begin anew"],
  ["Damaged", '{"version":"1"}', "Remove the folder to begin anew"],
  ["OtherVersion", '{"version":2,"parts":{}}', "a newer version of the local Azure (format 2, this one reads 1)"],
  ["OtherVersion", '{"version":0,"parts":{}}', "an older version of the local Azure"],
])("%s: %s is refused with its cure, and nothing of it is overwritten", async (code, text, cure) => {
  await writeFile(join(folder, "state.json"), text);
  expect(await refusal()).toMatchObject({ code, message: expect.stringContaining(cure) as string });
  expect(await readFile(join(folder, "state.json"), "utf8")).toBe(text);
  expect(await readdir(folder)).toEqual(["state.json"]);
});
