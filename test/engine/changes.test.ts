import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askOnceASecond, type Look } from "./support/asking";
import type { Run } from "./support/run";
import { type Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

let workshop: Workshop;
let stack: Stack;
let bot: string;

beforeAll(async () => {
  workshop = await Workshop.open();
  stack = await workshop.stack("dev");
  expect(await stack.up()).toMatchObject({ code: 0 });
  bot = String((await stack.outputs()).bot);
});
afterAll(() => workshop?.close());

/** Previews and deploys, and asks the bot once a second meanwhile. */
async function deploy(): Promise<{ preview: Run; up: Run; looks: Look[] }> {
  const stop = askOnceASecond(workshop.azure, bot);
  try {
    const preview = await stack.preview();
    const up = await stack.up();
    return { preview, up, looks: await stop() };
  } finally {
    await stop();
  }
}

const silent = (looks: Look[]): Look[] => looks.filter(({ status }) => status !== 200);

test("another display name is written in place, and the bot answers all the time", async () => {
  await stack.set({ displayName: "Post bot" });
  const { preview, up, looks } = await deploy();
  expect(preview.code).toBe(0);
  expect(preview.effects.filter((effect) => /replace|delete/.test(effect))).toEqual([]);
  expect(up.code).toBe(0);
  expect(up.effects).toEqual(["update Application sign-in", "update Bot bot", "update WebApp host"]);
  expect(silent(looks)).toEqual([]);
  expect(looks.length).toBeGreaterThan(3);
});

test("another scope replaces the connection, whose parameters Azure never writes again, and keeps all else", async () => {
  const scopes = ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send", "Calendars.Read"];
  await stack.set({ connections: [{ name: "GraphConnection", provider: "entra", scopes, skill: "mail" }] });
  const { preview, up, looks } = await deploy();
  expect(preview.effects.filter((effect) => /replace|delete/.test(effect))).toEqual([
    "replace, old first: BotConnection connections-GraphConnection",
  ]);
  expect(up.code).toBe(0);
  expect(up.effects).toEqual([
    // One name: the old connection has to go first.
    "replace, old first: BotConnection connections-GraphConnection",
    "update Application sign-in",
    "update ConnectionCheck connections-GraphConnection",
    "update Preconditions preconditions",
    "update WebApp host",
  ]);
  expect(silent(looks)).toEqual([]);
});

test("another parameter of a connection (single sign-on's token exchange URL) replaces it", async () => {
  await stack.set({ singleSignOn: true });
  const { preview, up, looks } = await deploy();
  const effects = [
    "create ApplicationIdentifierUri single-sign-on",
    "create ApplicationPreAuthorized single-sign-on-teams-desktop-and-mobile",
    "create ApplicationPreAuthorized single-sign-on-teams-web",
    "create SingleSignOn single-sign-on",
    "create TeamsAgreement teams",
    "replace, old first: BotConnection connections-GraphConnection",
    "update ConnectionCheck connections-GraphConnection",
  ];
  expect(preview.effects).toEqual(effects);
  expect(up.code).toBe(0);
  expect(up.effects).toEqual(effects);
  expect(silent(looks)).toEqual([]);
});

test("other code of the bot is pushed and nothing else is touched", async () => {
  const file = join(stack.project, "bot/commands.ts");
  await writeFile(file, `${await readFile(file, "utf8")}\nexport const changed = Symbol.for("another bot");\n`);
  const main = join(stack.project, "bot/index.ts");
  await writeFile(main, `${await readFile(main, "utf8")}\nglobalThis.process.title = "another bot";\n`);
  const { preview, up, looks } = await deploy();
  expect(preview.effects).toEqual(["update BotHealth health", "update DeployedCode code"]);
  expect(up.code).toBe(0);
  expect(up.effects).toEqual(["update BotHealth health", "update DeployedCode code"]);
  expect(silent(looks)).toEqual([]);
});

test("another location: new before old, the bot keeps its name, and a user signs in at the new place", async () => {
  await stack.set({ location: "northeurope" });
  const { preview, up, looks } = await deploy();
  const moved = [
    "AppServicePlan host",
    "BlobContainer state",
    "DiagnosticSetting logs-host",
    "DiagnosticSetting logs-vault",
    "ManagementPolicy state",
    "RandomString suffix-here",
    "DeployedCode code",
    "RoleAssignment identity-reads-secrets",
    "RoleAssignment identity-writes-state",
    "Secret vault-bot-app-password",
    "Secret vault-bot-app-password-2",
    "Secret vault-chat-session-key",
    "Secret vault-chat-session-key-2",
    "Secret vault-direct-line-secret",
    "StorageAccount state",
    "UserAssignedIdentity identity",
    "Vault vault",
    "WebApp host",
    "WebAppFtpAllowed host-ftp",
    "WebAppScmAllowed host-scm",
    "Workspace logs",
  ]
    .sort()
    .map((what) => `replace, new first: ${what}`);
  const kept = [
    "update Bot bot",
    "update BotHealth health",
    "update DiagnosticSetting logs-bot",
    "update DirectLineSite channels-direct-line",
    "update Preconditions preconditions",
  ];
  expect(preview.effects).toEqual([...moved, ...kept]);
  expect(up.code).toBe(0);
  expect(up.effects).toEqual([...moved, ...kept]);
  // Wherever users' messages go, the bot is there. Its new chat page waits for Direct Line's secret, which the new vault
  // can hold only after the bot has moved, so for a moment it calls itself unwell.
  expect(looks.filter((look) => !look.bot)).toEqual([]);
  expect(looks.at(-1)).toMatchObject({ status: 200 });
  expect(looks.at(-1)?.host).not.toBe(looks[0]?.host);
  const outputs = await stack.outputs();
  expect(outputs.bot).toBe(bot);
  expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
});
