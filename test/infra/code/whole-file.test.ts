import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { draftOf, writeWhole } from "../../../infra/code/whole-file";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "whole-file-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a file is replaced by the new one with its mode, and a link in its place is not written through", async () => {
  const [file, target] = [join(folder, "file"), join(folder, "target")];
  await writeFile(target, "other's");
  await symlink(target, file);
  await writeWhole(file, "new", 0o600);
  expect([await readFile(file, "utf8"), (await stat(file)).mode & 0o777]).toEqual(["new", 0o600]);
  expect(await readFile(target, "utf8")).toBe("other's");
  expect((await readdir(folder)).toSorted()).toEqual(["file", "target"]);
});

test("the draft has a name that nobody can guess, and none is left where the write fails", async () => {
  expect(draftOf("f")).not.toBe(draftOf("f"));
  await mkdir(join(folder, "taken"));
  await expect(writeWhole(join(folder, "taken"), "new")).rejects.toThrow(/EISDIR|EEXIST|ENOTEMPTY/);
  expect(await readdir(folder)).toEqual(["taken"]);
});
