import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import type { DeployedBot } from "../../../infra/deployment/teams-agreement";
import { manifestOf, type ManifestSettings } from "../../../ops/teams/manifest";
import { checkSchema, manifestIn, packageOf } from "../../../ops/teams/package";

const botId = "11111111-2222-4333-8444-555555555555";
const signIn = "66666666-7777-4888-8999-000000000000";
const bot: DeployedBot = {
  name: "mail-dev-k3x9q2ab",
  appId: botId,
  host: "mail-dev.azurewebsites.net",
  tokenHost: "europe.token.botframework.com",
  teamsChannel: true,
  singleSignOn: {
    appId: signIn,
    resource: `api://botid-${botId}`,
    tokenExchangeUrls: { Graph: `api://botid-${botId}` },
    identifierUris: [`api://botid-${botId}`],
    preAuthorized: [],
    tokenVersion: 2,
  },
};
const settings: ManifestSettings = {
  displayName: "Mail bot",
  stack: undefined,
  version: "0.2.0",
  connections: [{ skill: "mail" }],
  bundled: true,
  teams: {},
};
const icons = resolve(__dirname, "../../../ops/teams/icons");

test("the manifest names bot, sign-in app and hosts, and keeps Microsoft's schema", async () => {
  const manifest = manifestOf(bot, settings);
  expect(manifest).toMatchObject({
    manifestVersion: "1.29",
    version: "0.2.0",
    name: { short: "Mail bot", full: "Mail bot" },
    bots: [{ botId, scopes: ["personal"] }],
    validDomains: ["europe.token.botframework.com", "mail-dev.azurewebsites.net"],
    webApplicationInfo: { id: signIn, resource: `api://botid-${botId}` },
  });
  expect(manifest.bots![0]!.commandLists).toEqual([
    {
      scopes: ["personal"],
      commands: expect.arrayContaining([
        { title: "mail", description: "the newest messages of your inbox" },
        { title: "send", description: "address text: sends a mail in your name" },
        { title: "sign out", description: "forgets your sign-ins" },
      ]) as object[],
    },
  ]);
  await checkSchema(manifest);
});

test("every scope that Teams has keeps the schema, and Copilot gets the bot as its agent", async () => {
  const manifest = manifestOf(bot, { ...settings, teams: { scopes: ["personal", "groupChat", "team", "copilot"] } });
  expect(manifest.supportsChannelFeatures).toBe("tier1");
  expect(manifest.copilotAgents).toEqual({ customEngineAgents: [{ type: "bot", id: botId }] });
  await checkSchema(manifest);
});

test("with answers in groups the app is for groups, and takes messages that one person alone sees where it says such", async () => {
  const of = (groups: "targeted" | "personal"): object => manifestOf(bot, { ...settings, teams: { groups } }).bots![0]!;
  expect(of("targeted")).toMatchObject({ scopes: ["personal", "groupChat", "team"], supportsTargetedMessages: true });
  expect(of("personal")).not.toHaveProperty("supportsTargetedMessages");
  await checkSchema(manifestOf(bot, { ...settings, teams: { groups: "targeted" } }));
});

test("without single sign-on nothing of it is in the package, and a bot of one's own brings no commands of ours", () => {
  const manifest = manifestOf({ ...bot, singleSignOn: undefined }, { ...settings, bundled: false });
  expect(manifest).not.toHaveProperty("webApplicationInfo");
  expect(manifest.bots![0]).not.toHaveProperty("commandLists");
});

test.each([
  ["dev", "Mail bot (dev)"],
  ["pr-42", "Mail bot (pr-42)"],
  ["branch-a-very-long-branch-name-1a2b3c4d", "Mail bot (branch-a-very-l…)"],
])("the package of %s says in its name what it is, in 30 characters", (stack, short) => {
  const { name } = manifestOf(bot, { ...settings, stack });
  expect(name.short).toBe(short);
  expect(manifestOf(bot, { ...settings, stack, displayName: "M".repeat(35) }).name.short.length).toBeLessThanOrEqual(
    30,
  );
});

test("every package of one bot is the same app to Teams, and that of another bot is another", () => {
  const { id } = manifestOf(bot, settings);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(manifestOf(bot, { ...settings, version: "9.0.0", displayName: "Post" }).id).toBe(id);
  expect(manifestOf({ ...bot, appId: signIn }, settings).id).not.toBe(id);
});

test("what Microsoft's schema does not take is named, and no package is written", async () => {
  const manifest = { ...manifestOf(bot, settings), accentColor: "green" };
  await expect(packageOf(manifest, icons)).rejects.toMatchObject({
    code: "manifest-wrong",
    message: expect.stringContaining("/accentColor must match pattern") as string,
  });
});

test("the package is manifest and icons, the same bytes each time", async () => {
  const manifest = manifestOf(bot, settings);
  const one = await packageOf(manifest, icons);
  expect(Object.keys(unzipSync(one)).sort()).toEqual(["color.png", "manifest.json", "outline.png"]);
  expect(JSON.parse(strFromU8(unzipSync(one)["manifest.json"]!))).toEqual(manifest);
  expect(manifestIn(one, "teams.zip")).toEqual(manifest);
  expect(Buffer.from(await packageOf(manifest, icons)).equals(one)).toBe(true);
});

test.each([
  ["is not there", undefined, /There is no .*color\.png\. Give a PNG of 192 by 192 pixels\./],
  ["is no PNG", Buffer.from("GIF89a and more than twenty-four bytes"), /color\.png is no PNG\./],
  ["has another size", "outline.png", /color\.png is 32 by 32 pixels\. Give a PNG of 192 by 192 pixels\./],
])("an icon that %s is refused by name", async (_what, content, message) => {
  const folder = await mkdtemp(join(tmpdir(), "icons-"));
  try {
    const { readFile } = await import("node:fs/promises");
    const bytes = typeof content === "string" ? await readFile(join(icons, content)) : content;
    if (bytes) await writeFile(join(folder, "color.png"), bytes);
    await writeFile(join(folder, "outline.png"), await readFile(join(icons, "outline.png")));
    await expect(packageOf(manifestOf(bot, settings), folder)).rejects.toThrow(message);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ["no zip", Buffer.from("hello")],
  ["a zip of something else", undefined],
])("%s is no package", async (_what, content) => {
  const { zipSync } = await import("fflate");
  const bytes = content ?? zipSync({ "readme.txt": new Uint8Array([1]) });
  expect(() => manifestIn(bytes, "other.zip")).toThrow(
    "other.zip is no app package: it holds no manifest.json that can be read.",
  );
});

test("a package that is not there is one sentence, with the command that writes one", () => {
  expect(() => manifestIn(undefined, "teams-prod.zip")).toThrow(
    "There is no teams-prod.zip. Give the zip that npm run teams:package -- <stack> writes.",
  );
});
