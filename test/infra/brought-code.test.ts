import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recording } from "../support/recorder";
import { deploy } from "./program";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "brought-"));
  await writeFile(join(folder, "package.json"), '{ "main": "index.js" }');
  await writeFile(join(folder, "index.js"), "");
  await writeFile(join(folder, "main.py"), "");
  await writeFile(join(folder, ".env"), "A=1");
});
afterAll(() => rm(folder, { recursive: true }));

const scopes = ["openid", "offline_access", "User.Read"];
const brought = (code: object, readAs?: string): Promise<Recording> =>
  deploy({
    code: { folder, ...code },
    connections: [{ name: "GraphConnection", scopes, ...(readAs ? { readAs } : {}) }],
  });

interface SiteConfig {
  readonly linuxFxVersion: string;
  readonly appCommandLine: string;
  readonly healthCheckPath?: string;
  readonly appSettings: readonly { readonly name: string; readonly value: string }[];
}
const siteConfigOf = (made: Recording) =>
  made.one("azure-native:web:WebApp").inputs["siteConfig"] as unknown as SiteConfig;
const settingOf = (made: Recording, name: string): string | undefined =>
  siteConfigOf(made).appSettings.find((one) => one.name === name)?.value;

test("a bot of the Agents SDK: its names, its command, and a proof in place of the bundled bot's", async () => {
  const made = await brought({ sdk: "agents-js" }, "graph");
  expect(siteConfigOf(made)).toMatchObject({
    linuxFxVersion: "NODE|24-lts",
    appCommandLine: "exec node -r ./health.cjs index.js",
    healthCheckPath: "/healthz",
  });
  expect(settingOf(made, "connections__serviceConnection__settings__clientSecret")).toMatch(/^@Microsoft\.KeyVault\(/);
  expect(settingOf(made, "connections__serviceConnection__settings__clientId")).toBe(settingOf(made, "MicrosoftAppId"));
  const handler = "AgentApplication__UserAuthorization__Handlers__graph__Settings__azureBotOAuthConnectionName";
  expect(settingOf(made, handler)).toBe("GraphConnection");
  expect(settingOf(made, "NODE_ENV")).toBe("production");
  expect(made.all("bot-sign-in:index:DeployedCode")).toEqual([]);
  const code = made.one("bot-sign-in:index:BroughtCode");
  expect(code.inputs).toMatchObject({ proof: "preload", messagesUrl: expect.stringMatching(/\/api\/messages$/) });
  // Users are sent there when the bot has refused a stranger, and not before.
  expect(made.one("azure-native:botservice:Bot").waitsFor).toContain(`BroughtCode ${code.name}`);
  expect(made.warnings.join("\n")).toContain(".env is left out, because people keep secrets in such files");
});

test("a bot without a page: no health check, no health to wait for, and packages installed where it runs", async () => {
  const made = await brought({ sdk: "agents-python", start: "python main.py", messages: "/in" }, "graph");
  expect(siteConfigOf(made)).toMatchObject({ linuxFxVersion: "PYTHON|3.12", appCommandLine: "exec python main.py" });
  expect(siteConfigOf(made).healthCheckPath).toBeUndefined();
  expect(settingOf(made, "SCM_DO_BUILD_DURING_DEPLOYMENT")).toBe("true");
  expect(made.all("bot-sign-in:index:BotHealth")).toEqual([]);
  const { properties } = made.one("azure-native:botservice:Bot").inputs as { properties: { endpoint: string } };
  expect(properties.endpoint).toMatch(/^https:\/\/[^/]+\/in$/);
});

test("a connection that the bot's code is not told of is warned of", async () => {
  expect((await brought({ sdk: "agents-js" })).warnings.join("\n")).toContain(
    "The bot's code is not told of GraphConnection: nobody is asked to sign in to it.",
  );
});

test("the log says which proof it is", async () => {
  expect((await brought({ sdk: "agents-js" }, "graph")).infos.join("\n")).toContain(
    "The proof that the bot's code runs: a health page that is loaded before it reports the code's hash. It refuses an activity without a token.",
  );
});

test("a runtime that is over or soon will be is said before anything is made, with what to take", async () => {
  const told = (await brought({ sdk: "agents-python", runtime: "PYTHON|3.10", start: "python main.py" }, "graph"))
    .warnings;
  expect(told.join("\n")).toMatch(/Python 3\.10 on App Service: over since 2026-11-01\. .*Take PYTHON\|3\.13/);
  expect((await brought({ sdk: "agents-js" }, "graph")).warnings.join("\n")).not.toContain("over ");
});
