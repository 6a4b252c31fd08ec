import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";
import { appSettingNames, type Health } from "../../contract/app-settings";
import { bundleBot } from "../../infra/code/bundle";

const root = resolve(__dirname, "../..");
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bundle-"));
  const { code, map } = await bundleBot(root);
  writeFileSync(join(folder, "bot.js"), code);
  writeFileSync(join(folder, "bot.js.map"), map);
  copyFileSync(join(root, "infra/code/app-start.cjs"), join(folder, "index.js"));
  writeFileSync(join(folder, "build.json"), JSON.stringify({ version: "1.2.3", hash: "abc" }));
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Running {
  readonly process: ChildProcess;
  readonly address: string;
  readonly log: Record<string, unknown>[];
}

/** Starts the package with this environment alone, as App Service does. Resolves when it listens. */
async function start(env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, ["index.js"], {
    cwd: folder,
    env: { PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    log.push(JSON.parse(line) as Record<string, unknown>);
    const { msg, port } = log.at(-1) ?? {};
    if (msg === "listening") return { process: child, address: `http://127.0.0.1:${String(port)}`, log };
  }
  throw new Error(`The bot ended with ${JSON.stringify(log)}`);
}

async function stop({ process: child }: Running): Promise<unknown> {
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = (await exit) as [number | null];
  return code;
}

test("with settings missing the bot serves its health page alone, which names each of them, as its log does", async () => {
  const running = await start({
    MicrosoftAppPassword: "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s/1)",
  });
  try {
    const answer = await fetch(`${running.address}/healthz`);
    const health = (await answer.json()) as Health;
    expect([answer.status, health.status, health.build]).toEqual([503, "unwell", { version: "1.2.3", hash: "abc" }]);
    expect(health.checks.map(({ fix }) => fix?.split(" ")[0])).toEqual(
      running.log.flatMap(({ setting }) => (setting === undefined ? [] : [setting])),
    );
    // Without a password nor a certificate it is the password that is missing.
    expect(health.checks).toHaveLength(appSettingNames.filter((name) => !/Certificate/.test(name)).length);
    expect(JSON.stringify([health, running.log])).not.toContain("v.vault.azure.net");
    for (const path of ["/", "/api/messages", "/api/token"]) {
      expect((await fetch(`${running.address}${path}`, { method: "POST" })).status).toBe(404);
    }
  } finally {
    expect(await stop(running)).toBe(0);
  }
});

test("with every setting there it starts, refuses strangers and ends at once when App Service says so", async () => {
  const guid = "11111111-2222-3333-4444-555555555555";
  const running = await start({
    MicrosoftAppId: guid,
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: guid,
    MicrosoftAppPassword: "a-password",
    MicrosoftAppPasswordBefore: "a-password-before",
    OAUTH_CONNECTIONS: '[{"name":"Graph","provider":"entra","scopes":["User.Read"],"skill":"mail"}]',
    TOKEN_SERVICE_ENDPOINT: "https://api.botframework.com",
    DIRECT_LINE_ENDPOINT: "https://directline.botframework.com",
    DIRECT_LINE_SECRET_URI: "https://v.vault.azure.net/secrets/direct-line-secret",
    STATE_CONTAINER_URL: "https://account.blob.core.windows.net/state",
    MANAGED_IDENTITY_CLIENT_ID: guid,
    CHAT_SESSION_KEY: "0123456789abcdef0123456789abcdef",
    CHAT_SESSION_KEY_BEFORE: "fedcba9876543210fedcba9876543210",
    SECRETS_ROTATION: "0",
    SECRETS_END: "2027-04-21T03:04:05Z/2027-05-21T03:04:05Z",
    CHAT_TITLE: "Mail",
    CHAT_FRAME_ANCESTORS: "'none'",
    CHAT_PAGE: "off",
    CHAT_ACCESS: "everyone",
    CHAT_ALLOWED_NETWORKS: "everywhere",
    TEAMS_GROUPS: "off",
  });
  try {
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${running.address}/api/messages`, { method: "POST", headers, body: "{}" })).status).toBe(401);
    expect((await fetch(`${running.address}/`)).status).toBe(404);
    expect((await fetch(`${running.address}/api/token`, { method: "POST" })).status).toBe(404);
  } finally {
    expect(await stop(running)).toBe(0);
  }
});

test("a bot that crashes says in which source file, at which line", async () => {
  const taken = createServer().listen(0);
  await once(taken, "listening");
  try {
    const { port } = taken.address() as AddressInfo;
    const env = { PORT: String(port) };
    const { stderr, status } = spawnSync(process.execPath, ["index.js"], { cwd: folder, env, encoding: "utf8" });
    const lines = readFileSync(join(root, "bot/index.ts"), "utf8").split("\n");
    const listens = lines.findIndex((line) => line.includes("server.listen(")) + 1;
    expect([status, stderr]).toEqual([1, expect.stringContaining("EADDRINUSE")]);
    expect(stderr).toContain(`bot/index.ts:${listens}:`);
    expect(stderr).not.toContain(`bot.js:`);
  } finally {
    taken.close();
  }
});
