import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { pulumiByHand } from "../../local/engine/by-hand";
import { RunningAzure } from "../../local/running-azure";
import { findCli } from "./support/cli";

const root = resolve(__dirname, "../..");
let data: string;
let azure: LocalAzure;
let running: RunningAzure;

/** As `npm run azure -- --pulumi --data <folder>` does in a process of its own. */
async function start(): Promise<void> {
  azure = await startLocalAzure({ port: 0, data, onLog: () => undefined, onAppLog: () => undefined });
  const { environment, path } = pulumiByHand(await azure.deployerEnvironment(), data);
  // The CLI itself before the npm package that starts it: that one looks into PULUMI_HOME.
  const found = {
    path: `${dirname(findCli()!)}:${path}`,
    environment: { ...environment, PULUMI_HOME: join(data, "home") },
  };
  running = await RunningAzure.announce({ origin: azure.browserOrigin, ...found });
}
async function stop(): Promise<void> {
  await running?.end();
  await azure?.close();
}

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "local-stack-test-"));
  await start();
});
afterAll(async () => {
  await stop();
  await rm(data, { recursive: true, force: true });
  await rm(join(root, "Pulumi.local-dev.yaml"), { force: true });
});

function azureUp(...args: string[]): Promise<string> {
  return new Promise((done, failed) => {
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    const port = new URL(azure.browserOrigin).port;
    const child = spawn(process.execPath, [tsx, join(root, "local/up.ts"), "--port", port, ...args], { cwd: root });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.once("close", (code) => (code === 0 ? done(said) : failed(new Error(said))));
  });
}
const tracked = (): string => execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });

test("azure:up writes no file that git knows, survives a restart of the local Azure and the loss of its own file, and goes without a trace", async () => {
  const before = tracked();
  const up = await azureUp("--", "--yes", "--skip-preview");
  expect(up).toMatch(/\+ \d\d created/);
  const [, chat = ""] = /^ {2}the chat: (http:\/\/localhost:\S+)$/m.exec(up) ?? [];
  expect(await (await fetch(chat)).text()).toContain("<title>");
  expect(tracked()).toBe(before);

  await stop();
  await rm(join(root, "Pulumi.local-dev.yaml"));
  await start();
  expect(await azureUp("--preview", "--", "--expect-no-changes")).toMatch(/\d\d unchanged/);

  await azureUp("--destroy", "--", "--yes", "--skip-preview");
  expect(existsSync(join(root, "Pulumi.local-dev.yaml"))).toBe(false);
  expect(tracked()).toBe(before);
});
