import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnvFile } from "../../local/env-file";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "env-file-"));
  path = join(folder, "azure.env");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = "ARM_CLIENT_SECRET=s3cret\n";
const refused = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "made",
    (error: unknown) => error,
  );

test("the file is its owner's alone, whatever the umask, is whole at once, and nothing is left beside it", async () => {
  const before = process.umask(0);
  const file = await EnvFile.create(path, text).finally(() => process.umask(before));
  expect([(await stat(path)).mode & 0o777, await readFile(path, "utf8")]).toEqual([0o600, text]);
  expect(await readdir(folder)).toEqual(["azure.env"]);
  expect(await file.remove()).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
  expect(await file.remove()).toBeUndefined();
});

test("a person's own file is neither overwritten nor taken away, and the refusal says what to do", async () => {
  await writeFile(path, "MINE=1\n");
  const error = {
    code: "exists",
    message: `--env-file ${path} is there already, and is not overwritten. Name another file; or, if nobody needs this one: rm ${path}`,
  };
  expect(await refused(EnvFile.refuseExisting(path))).toMatchObject(error);
  expect(await refused(EnvFile.create(path, text))).toMatchObject(error);
  expect(await readFile(path, "utf8")).toBe("MINE=1\n");
  expect(await readdir(folder)).toEqual(["azure.env"]);
});

test.each([
  ["to a file", async (target: string) => writeFile(target, "other's\n")],
  ["to nowhere", async () => undefined],
])("a link %s is not followed", async (_, make) => {
  const target = join(folder, "target");
  await make(target);
  await symlink(target, path);
  expect(await refused(EnvFile.refuseExisting(path))).toMatchObject({
    code: "exists",
    message: expect.stringContaining("is a symbolic link, which is not followed") as string,
  });
  expect(await refused(EnvFile.create(path, text))).toMatchObject({ code: "exists" });
  expect(await readlink(path)).toBe(target);
  expect(await readFile(target, "utf8").catch(() => "")).not.toContain("s3cret");
});

test.each([
  ["was put in its place", async () => (await rm(path), writeFile(path, text + "MINE=1\n"))],
  ["was written into", async () => writeFile(path, text + "MINE=1\n")],
  ["is a link now", async () => (await rm(path), symlink(join(folder, "other"), path))],
])("at the end, what %s meanwhile stays, and a line says so", async (_, change) => {
  await writeFile(join(folder, "other"), text);
  const file = await EnvFile.create(path, text);
  await change();
  expect(await file.remove()).toMatch(/azure\.env was changed meanwhile and stays/);
  await lstat(path);
  expect(await readFile(join(folder, "other"), "utf8")).toBe(text);
});

test("a folder that is not there is one clear sentence", async () => {
  const file = join(folder, "none", "azure.env");
  expect(await refused(EnvFile.create(file, text))).toMatchObject({
    code: "not-writable",
    message: expect.stringMatching(/^--env-file .*azure\.env cannot be written: ENOENT/) as string,
  });
});
