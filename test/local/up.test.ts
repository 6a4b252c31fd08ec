import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { RunningAzure } from "../../local/running-azure";
import { root } from "../support/deployed";

const port = "59871";
const written = join(root, "Pulumi.local-three-services.yaml");
const outputs = JSON.stringify({ chatAddress: "https://mail.azurewebsites.net/", signInAppId: "app" });
let folder: string;
let running: RunningAzure;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "azure-up-test-"));
  // In place of Pulumi's CLI: writes down what it was told, and what was piped in.
  writeFileSync(
    join(folder, "pulumi"),
    `#!/bin/sh\necho "$*" >> ${folder}/told\ncase "$*" in\n*"config set"*) sed 's/^/piped: /' >> ${folder}/told; echo >> ${folder}/told;;\n"stack ls"*) echo '[]';;\n"stack output"*) echo '${outputs}';;\nesac\n`,
  );
  chmodSync(join(folder, "pulumi"), 0o700);
  const secrets = { "three-services": [{ path: "connections[1].clientSecret", value: "from the local GitHub" }] };
  const environment = { PULUMI_BACKEND_URL: `file://${folder}`, ARM_TENANT_ID: "tenant" };
  running = await RunningAzure.announce({ origin: `http://localhost:${port}`, environment, path: folder, secrets });
});
afterEach(async () => {
  await running.end();
  rmSync(folder, { recursive: true, force: true });
  rmSync(written, { force: true });
});

function azureUp(...args: string[]): { status: number | null; stdout: string; stderr: string; told: string[] } {
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [tsx, join(root, "local/up.ts"), "--port", port, ...args],
    {
      encoding: "utf8",
      cwd: root,
    },
  );
  const told = existsSync(join(folder, "told")) ? readFileSync(join(folder, "told"), "utf8").split("\n") : [];
  return { status, stdout, stderr, told: told.filter(Boolean) };
}

test("azure:up deploys a stack of its own: no file that git knows is written, and a secret goes by a pipe", () => {
  const before = readFileSync(join(root, "Pulumi.three-services.yaml"), "utf8");
  const { status, stdout, stderr, told } = azureUp("--stack", "three-services", "--", "--yes");
  expect([status, stderr]).toEqual([0, ""]);
  expect(told).toEqual([
    "stack ls --json --non-interactive",
    "stack init local-three-services --no-select --non-interactive",
    "config set --secret --path connections[1].clientSecret --stack local-three-services --non-interactive",
    "piped: from the local GitHub",
    "up --stack local-three-services --yes",
    "stack output --json --stack local-three-services --non-interactive",
  ]);
  // Pulumi has named both as Azure does, and this machine's browser reaches neither.
  expect(stdout).toBe(
    `In this machine's browser:\n  the chat: http://localhost:${port}/mail.azurewebsites.net/\n` +
      "  an administrator's consent, where the program asks for one: " +
      `http://localhost:${port}/login.microsoftonline.com/tenant/adminconsent?client_id=app\n`,
  );
  expect(readFileSync(join(root, "Pulumi.three-services.yaml"), "utf8")).toBe(before);
  const { config } = parse(readFileSync(written, "utf8")) as { config: Record<string, unknown> };
  expect(config["bot-sign-in:environment"]).toBe("dev");
  expect(readFileSync(written, "utf8")).not.toMatch(/secure|GitHub"/);
});

test("--destroy takes the stack's file along", () => {
  azureUp("--stack", "three-services");
  expect(azureUp("--stack", "three-services", "--destroy").told.at(-1)).toBe(
    "destroy --remove --run-program --stack local-three-services",
  );
  expect(existsSync(written)).toBe(false);
});

test("where no local Azure runs, or not with what the stack needs, one sentence says which command starts it", async () => {
  await running.end();
  expect(azureUp("--stack", "dev")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(
      `No local Azure at port ${port} runs here. Start one: npm run azure -- --pulumi`,
    ) as string,
  });
  running = await RunningAzure.announce({ origin: `http://localhost:${port}`, environment: {} });
  expect(azureUp("--stack", "dev").stderr).toContain(
    "has no place for Pulumi's state. Start it by npm run azure -- --pulumi",
  );
});
