import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { IssuedSecrets } from "./support/issued-secrets";
import type { Run } from "./support/run";
import { type Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

let workshop: Workshop;
let stack: Stack;
let secrets: IssuedSecrets;
let up: Run;
let plain: Run;
const commandLines = new Set<string>();

beforeAll(async () => {
  workshop = await Workshop.open();
  secrets = IssuedSecrets.watch(workshop.azure);
  stack = await workshop.stack("dev");
  const watching = setInterval(() => noteCommandLines(), 20);
  up = await stack.up("-v=9", "--logtostderr", "--logflow");
  expect(up.code).toBe(0);
  await userSignsIn(workshop.azure, await stack.outputs());
  // A connection is made anew with the secret it had: the way by which old values pass through the engine, too.
  await stack.set({ singleSignOn: true });
  plain = await stack.up();
  expect(plain.code).toBe(0);
  clearInterval(watching);
});
afterAll(() => workshop?.close());

function noteCommandLines(): void {
  for (const process of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      commandLines.add(readFileSync(`/proc/${process}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      // It has ended since.
    }
  }
}

async function textBelow(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

test("the watch knows the secrets that the scan looks for, and finds them where they are shown on purpose", async () => {
  const { text } = await stack.mustRun("stack", ["export", "--stack", "dev", "--show-secrets"]);
  const shown = secrets.foundIn(text).join("\n");
  expect(shown).toMatch(/addPassword/);
  expect(shown).toMatch(/secrets\/chat-session-key/);
  expect(shown).toMatch(/channels\/DirectLineChannel/);
  expect(secrets.values.size).toBeGreaterThan(12);
});

test("no secret is in the state, its backups and its history", async () => {
  const state = await textBelow(join(workshop.folder, "state"));
  expect(state).toContain("azure-native:botservice:BotConnection");
  expect(secrets.foundIn(state)).toEqual([]);
});

test("no code is in the state: a destroy runs the checkout's code, not that of whoever made a resource", async () => {
  const { text } = await stack.mustRun("stack", ["export", "--stack", "dev"]);
  const { deployment } = JSON.parse(text) as { deployment: { resources: { type: string; inputs?: object }[] } };
  const own = deployment.resources.filter(({ type }) => type.startsWith("bot-sign-in:index:"));
  expect(own.length).toBeGreaterThan(4);
  expect(text).not.toMatch(/__provider|pulumi-nodejs:dynamic/);
});

test("no secret is in the stack's outputs, nor in its settings", async () => {
  expect(secrets.foundIn(JSON.stringify(await stack.outputs()))).toEqual([]);
  expect(secrets.foundIn(await readFile(join(stack.project, "Pulumi.dev.yaml"), "utf8"))).toEqual([]);
});

test("no secret is in what the engine and its plugins write as users run them", () => {
  expect(plain.text.length).toBeGreaterThan(1_000);
  expect(secrets.foundIn(plain.text)).toEqual([]);
});

/**
 * Pulumi's own lines about values on their way between engine, program and plugins, which show secrets in clear from
 * -v=3 on. Nothing that a program or a plugin does changes that.
 */
const enginesOwn = /(Unm|M)arshaling property for RPC|(RegisterResource|Invoke) RPC finished/;

test("at -v=9 a secret is in Pulumi's own lines about values under way, and in no line of the program or a plugin", () => {
  expect(up.text.length).toBeGreaterThan(100_000);
  const lines = up.text.split("\n").filter((line) => !enginesOwn.test(line));
  expect(lines.length).toBeGreaterThan(1_000);
  expect(secrets.foundIn(lines.join("\n"))).toEqual([]);
});

test("no secret is among the arguments of any process", () => {
  const all = [...commandLines].join("\n");
  expect(all).toContain("pulumi-language-nodejs");
  expect(secrets.foundIn(all)).toEqual([]);
});

describe("with a managed identity as bot and a connection without a client secret", () => {
  let own: IssuedSecrets;
  let shown: string;

  beforeAll(async () => {
    own = IssuedSecrets.watch(workshop.azure);
    const free = await workshop.stack("free", { environment: "dev", identity: "managed", secretless: true });
    expect(await free.up()).toMatchObject({ code: 0 });
    expect(await userSignsIn(workshop.azure, await free.outputs())).toMatch(/newest message/);
    shown = (await free.mustRun("stack", ["export", "--stack", "free", "--show-secrets"])).text;
  });

  test("nobody gives out a password of an application, and the state has no place for one", () => {
    expect([...own.values.values()].filter((where) => /addPassword|connections/i.test(where))).toEqual([]);
    // Not the state itself, which a failure would print. Bot Service shows an empty client secret.
    const places = /applicationPassword:ApplicationPassword|MicrosoftAppPassword|clientSecret(\\*"):\s*\1[^"\\]/.exec(
      shown,
    );
    expect(places?.[0]).toBeUndefined();
  });

  test("of all that was given out, the opened state holds the chat's keys alone", () => {
    const places = own.foundIn(shown).map((where) => where.replace(/^.*\/(secrets|channels)\//, "$1/"));
    expect([...new Set(places)].sort()).toEqual([
      "channels/DirectLineChannel",
      "secrets/chat-session-key",
      "secrets/chat-session-key-2",
    ]);
  });

  test("and none of them is in clear in the state as it is kept", async () => {
    expect(own.foundIn(await textBelow(join(workshop.folder, "state")))).toEqual([]);
  });
});
