import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateContainer, stateFolder } from "../../../ops/pulumi/backend";
import type { ProjectPlace } from "../../../ops/pulumi/project";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "state-backend-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const here = (environment: NodeJS.ProcessEnv): ProjectPlace => ({ folder: process.cwd(), environment });
const home = { HOME: "/home/kim", PULUMI_HOME: "/nowhere" };

test.each([
  ["file:///var/state", "/var/state"],
  ["file:///var/a%20b?no_tmp_dir=true", "/var/a b"],
  ["file://~", "/home/kim"],
  ["file://~/state", "/home/kim/state"],
  ["file://./states", join(process.cwd(), "states")],
  ["file://my%20states", join(process.cwd(), "my states")],
  ["azblob://state", undefined],
  [undefined, undefined],
])("the folder of %s", async (backend, expected) => {
  expect(await stateFolder(here({ ...home, PULUMI_BACKEND_URL: backend }))).toBe(expected);
});

test("the folder of the last pulumi login counts where the environment names none", async () => {
  await writeFile(join(folder, "credentials.json"), JSON.stringify({ current: "file://~", accessTokens: {} }));
  expect(await stateFolder(here({ HOME: "/home/kim", PULUMI_HOME: folder }))).toBe("/home/kim");
  expect(await stateFolder(here({ PULUMI_HOME: folder, PULUMI_BACKEND_URL: "file:///other" }))).toBe("/other");
});

test("what Pulumi.yaml says goes before the last login, and its relative folder is below the project", async () => {
  await writeFile(join(folder, "credentials.json"), JSON.stringify({ current: "file://~" }));
  const environment = { HOME: "/home/kim", PULUMI_HOME: folder };
  await writeFile(join(folder, "Pulumi.yaml"), "name: bot\nbackend:\n  url: file://./states\n");
  expect(await stateFolder({ folder, environment })).toBe(join(folder, "states"));
  expect(await stateFolder({ folder, environment: { ...environment, PULUMI_BACKEND_URL: "file:///other" } })).toBe(
    "/other",
  );
  await writeFile(join(folder, "Pulumi.yaml"), "name: bot\nbackend:\n  url: azblob://state?storage_account=account\n");
  expect(await stateFolder({ folder, environment })).toBeUndefined();
  expect(await stateContainer({ folder, environment })).toEqual(container);
  await writeFile(join(folder, "Pulumi.yaml"), "name: bot\n");
  expect(await stateFolder({ folder, environment })).toBe("/home/kim");
});

test("a file of the last login that was cut off is named with what to do", async () => {
  await writeFile(join(folder, "credentials.json"), '{"current": "file');
  await expect(stateFolder(here({ PULUMI_HOME: folder }))).rejects.toMatchObject({
    code: "backend-missing",
    cause: `${folder}/credentials.json, where pulumi login keeps the backend, is no JSON`,
    fix: "Take the file away, and sign in again: pulumi login <where the states are>.",
  });
});

const container = { address: "https://account.blob.core.windows.net/state", prefix: "" };

test.each([
  ["azblob://state?storage_account=account", {}, container],
  ["azblob://state", { AZURE_STORAGE_ACCOUNT: "account" }, container],
  ["azblob://state/", { AZURE_STORAGE_ACCOUNT: "account" }, container],
  ["azblob://state/team/dev?storage_account=account", {}, { ...container, prefix: "team/dev/" }],
  [
    "azblob://state?storage_account=account&domain=blob.core.chinacloudapi.cn",
    {},
    { ...container, address: "https://account.blob.core.chinacloudapi.cn/state" },
  ],
  // Nobody says which account, or a key opens it that is not an identity.
  ["azblob://state", {}, undefined],
  ["azblob://state?storage_account=account", { AZURE_STORAGE_KEY: "a key" }, undefined],
  ["azblob://state?storage_account=account", { AZURE_STORAGE_SAS_TOKEN: "a signature" }, undefined],
  ["file:///var/state", { AZURE_STORAGE_ACCOUNT: "account" }, undefined],
])("the container of %s with %j", async (backend, more, expected) => {
  expect(await stateContainer(here({ ...home, ...more, PULUMI_BACKEND_URL: backend }))).toEqual(expected);
});
