import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import type { LocalAzure } from "../../local/azure/azure";
import { findLeftovers } from "../../ops/recover/leftover-processes";
import { findCli } from "./support/cli";
import { everythingIn } from "./support/portal";
import { type Stack, Workshop } from "./support/stack";

jest.setTimeout(600_000);

const root = resolve(__dirname, "../..");

/**
 * The writes after which `up` is killed: the first of every kind of resource that the program makes, and of those whose
 * creation goes on after the answer (a vault, a storage account, a plan). Killing after every single write would
 * repeat these kinds and last four times as long.
 */
const kinds: Readonly<Record<string, RegExp>> = {
  "resource group": /^PUT \/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i,
  application: /^POST \/v1\.0\/applications$/,
  "service principal": /^POST \/v1\.0\/servicePrincipals$/,
  password: /^POST .*\/addPassword$/,
  "managed identity": /^PUT .*\/userAssignedIdentities\/[^/]+$/i,
  vault: /^PUT .*\/vaults\/[^/]+$/i,
  "vault secret": /^PUT .*\/vaults\/[^/]+\/secrets\/[^/]+$/i,
  "storage account": /^PUT .*\/storageAccounts\/[^/]+$/i,
  container: /^PUT .*\/containers\/[^/]+$/i,
  "role assignment": /^PUT .*\/roleAssignments\/[^/]+$/i,
  "log workspace": /^PUT .*\/workspaces\/[^/]+$/i,
  plan: /^PUT .*\/serverfarms\/[^/]+$/i,
  "web app": /^PUT .*\/sites\/[^/]+$/i,
  "publishing policy": /^PUT .*\/basicPublishingCredentialsPolicies\/[^/]+$/i,
  bot: /^PUT .*\/botServices\/[^/]+$/i,
  connection: /^PUT .*\/connections\/[^/]+$/i,
  "channel and its site": /^PUT .*\/channels\/DirectLineChannel$/i,
  "web chat's site": /^PUT .*\/channels\/WebChatChannel$/i,
  "diagnostic setting": /^PUT .*\/diagnosticSettings\/[^/]+$/i,
  "the bot's code": /^POST \/api\/publish$/,
};

let workshop: Workshop;

beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop?.close());

/** Runs `up` and kills it, with its whole process group, right after the first write that `after` takes. */
async function killedUp(stack: Stack, after: (write: string) => boolean, ...options: string[]): Promise<boolean> {
  const child = start(stack, findCli()!, ["up", "--stack", stack.name, "--yes", "--skip-preview", ...options], true);
  let killed = false;
  const end = workshop.azure.trace.subscribe(({ caller, method, url, status }) => {
    const write = `${method} ${new URL(url).pathname}`;
    if (killed || caller !== "deployer" || method === "GET" || status >= 300 || !after(write)) return;
    killed = true;
    process.kill(-child.pid!, "SIGKILL");
  });
  const { code, text } = await ended(child);
  end();
  if (!killed && code !== 0) throw new Error(`up ended with ${code}\n${text}`);
  return killed;
}

function recover(stack: Stack, ...options: string[]): Promise<{ code: number; text: string }> {
  const tsx = resolve(root, "node_modules/tsx/dist/cli.mjs");
  return ended(start(stack, process.execPath, [tsx, resolve(root, "ops/recover.ts"), ...options]));
}

function start(stack: Stack, command: string, args: string[], detached = false): ChildProcess {
  return spawn(command, args, {
    cwd: stack.project,
    env: { HOME: workshop.folder, ...workshop.environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached,
  });
}

async function ended(child: ChildProcess): Promise<{ code: number; text: string }> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  // "exit", not "close": the plugins of a killed CLI may keep its pipes.
  const code = await new Promise<number>((done) => child.once("exit", (status) => done(status ?? -1)));
  await new Promise((later) => setTimeout(later, 100));
  return { code, text };
}

/**
 * What ARM and Entra hold and no state of this workshop does; left out is what Azure makes by itself: children of another
 * resource, and the principal of a managed identity.
 */
async function orphans(azure: LocalAzure, ...stacks: Stack[]): Promise<string[]> {
  const known = new Set<string>();
  for (const stack of stacks) {
    const { text } = await stack.mustRun("stack", ["export", "--stack", stack.name]);
    const { deployment } = JSON.parse(text) as { deployment: { resources?: { id?: string }[] } };
    for (const { id } of deployment.resources ?? []) if (id) known.add(id.toLowerCase());
  }
  const bornWithAnother =
    /\/(blobservices\/default|channels\/(directline|webchat)channel|(sites\/[^/]+\/(config|deploymentstatus)|basicpublishing[^/]+)\/[^/]+)$/;
  const principals = [...azure.entra.servicePrincipals.values()];
  for (const { id, servicePrincipalType } of principals) {
    if (servicePrincipalType === "ManagedIdentity") known.add(`/serviceprincipals/${id}`);
  }
  return everythingIn(azure).filter(
    (id) => !before.has(id) && !known.has(id.toLowerCase()) && !bornWithAnother.test(id.toLowerCase()),
  );
}
let before: Set<string>;
beforeAll(() => {
  before = new Set(everythingIn(workshop.azure));
});

test("after an up that was killed at any kind of resource, recover and up converge with nothing left behind", async () => {
  const stack = await workshop.stack("chained");
  const open = new Map(Object.entries(kinds));
  const killedAt: string[] = [];
  const wrong: string[] = [];
  // One step at a time, so that no kind is made unseen beside another.
  for (;;) {
    const killed = await killedUp(
      stack,
      (write) => {
        const [kind] = [...open].find(([, pattern]) => pattern.test(write)) ?? [];
        if (kind === undefined) return false;
        open.delete(kind);
        killedAt.push(kind);
        return true;
      },
      "--parallel=1",
    );
    if (!killed) break;
    const { code, text } = await recover(stack, stack.name, "--yes");
    const found = await orphans(workshop.azure, stack);
    if (code !== 0 || found.length > 0) wrong.push(`${killedAt.at(-1)}: ${code} ${found.join(" ")}\n${text}`);
    expect(await findLeftovers(stack.project)).toEqual([]);
  }
  expect(wrong).toEqual([]);
  expect([...open.keys()]).toEqual([]);
  expect(await orphans(workshop.azure, stack)).toEqual([]);
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
});
