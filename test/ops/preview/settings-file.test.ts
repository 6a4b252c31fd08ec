import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { State } from "../../../ops/pulumi/state";
import { encryptionOf, readShared, settingsOf, writeSettings } from "../../../ops/preview/settings-file";

const config = { "bot-sign-in:location": "westeurope" };
const tags = { owner: "kim@contoso.example", commit: "0123456", expires: "2027-01-15T12:00:00Z" };
const expires = "2027-01-15T12:00:00Z";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "settings-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function stateWith(type: string, state: Record<string, string>): State {
  return { version: 3, deployment: { secrets_providers: { type, state } } } as unknown as State;
}

test("a shared setting without a namespace is the project's, and a tag of its own goes before it", () => {
  expect(settingsOf("mail-bot", { config: { location: "x", owner: "team" } }, { owner: "kim", expires }, {})).toEqual({
    config: { "mail-bot:location": "x", "mail-bot:owner": "kim", "mail-bot:expires": expires },
  });
});

test("a preview has the shared settings and its own tags, and a tag that is not known is left out", () => {
  expect(settingsOf("bot-sign-in", { config }, tags, {})).toEqual({
    config: {
      ...config,
      "bot-sign-in:owner": "kim@contoso.example",
      "bot-sign-in:commit": "0123456",
      "bot-sign-in:expires": expires,
    },
  });
  expect(settingsOf("bot-sign-in", { config }, { owner: undefined, expires }, {})).toEqual({
    config: { ...config, "bot-sign-in:expires": expires },
  });
});

test.each([
  ["passphrase", { salt: "v1:abc=:v1:def" }, { encryptionsalt: "v1:abc=:v1:def" }],
  [
    "cloud",
    { url: "azurekeyvault://v.vault.azure.net/keys/k", encryptedkey: "a2V5" },
    { secretsprovider: "azurekeyvault://v.vault.azure.net/keys/k", encryptedkey: "a2V5" },
  ],
  ["service", { url: "https://api.pulumi.com" }, {}],
] as const)("a clone without the stack's file finds a %s encryption in the state", (type, state, lines) => {
  expect(encryptionOf(stateWith(type, state))).toEqual(lines);
});

test("the state's encryption outweighs the shared file's, which is only for stacks that are made", () => {
  const shared = { config, secretsprovider: "azurekeyvault://v.vault.azure.net/keys/new", encryptedkey: "bmV3" };
  expect(settingsOf("p", shared, undefined, { encryptionsalt: "v1:x" })).toEqual({ encryptionsalt: "v1:x", config });
  expect(settingsOf("p", shared, undefined, {})).toEqual(shared);
});

test("what YAML 1.1 takes for dates and numbers stays text: Pulumi would hand over another value", async () => {
  const awkward = { a: "2027-01-15T12:00:00Z", b: "0123456", c: "12e4567", d: "no", e: [{ f: "1_000" }] };
  await writeSettings(folder, "pr-42", { config: awkward });
  const text = await readFile(join(folder, "Pulumi.pr-42.yaml"), "utf8");
  expect(parse(text, { version: "1.1" })).toEqual({ config: awkward });
  expect(await readdir(folder)).toEqual(["Pulumi.pr-42.yaml"]);
});

test("a shared file that is missing or broken is named", async () => {
  await expect(readShared(folder)).rejects.toMatchObject({
    code: "settings-missing",
    message:
      "There is no Pulumi.preview.yaml. Bring Pulumi.preview.yaml back: git checkout origin/HEAD -- Pulumi.preview.yaml",
  });
  await writeFile(join(folder, "Pulumi.preview.yaml"), "config: [");
  await expect(readShared(folder)).rejects.toMatchObject({ code: "settings-missing" });
  await writeFile(join(folder, "Pulumi.preview.yaml"), "");
  expect(await readShared(folder)).toEqual({ config: {} });
});
