import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { now, writesSince } from "./support/azure-calls";
import { type Stack, Workshop } from "./support/stack";

jest.setTimeout(180_000);

const pack = ["--policy-pack", "infra/policy"];
let workshop: Workshop;
let stack: Stack;

beforeAll(async () => {
  workshop = await Workshop.open();
  stack = await workshop.stack("prod");
});
afterAll(() => workshop?.close());

test("the engine lets prod through the policy pack, before anything exists and after", async () => {
  const first = await stack.preview(...pack);
  expect(first).toMatchObject({ code: 0 });
  expect(first.text).toMatch(/bot-sign-in@v?[\d.]+ \(local: infra\/policy\)/);
  expect(await stack.up(...pack)).toMatchObject({ code: 0 });
  expect(await stack.preview("--expect-no-changes", ...pack)).toMatchObject({ code: 0 });
});

test("a setting that breaks a rule ends the preview with the rule's name and the cure, and nothing is written", async () => {
  const before = now(workshop.azure);
  await stack.set({ protect: false, secretLifetimeDays: 400 });
  const { code, text } = await stack.preview(...pack);
  expect(code).not.toBe(0);
  expect(text).toMatch(/prod-protected/);
  expect(text).toMatch(/It is not protected; remove the setting protect: false from the stack file\./);
  expect(text).toMatch(/secrets-end/);
  expect(text).toMatch(/more than 180 days from now; lower secretLifetimeDays\./);
  expect(writesSince(workshop.azure, before)).toEqual([]);
  await stack.set({ protect: true, secretLifetimeDays: 180 });
});

test("a program that leaves a switch out, so that a password publishes code, ends the preview with the switch", async () => {
  const file = join(stack.project, "infra/components/hosting.ts");
  const program = await readFile(file, "utf8");
  const without = program.replace(/^ *new web\.WebAppFtpAllowed\(.*\n/m, "");
  expect(without).not.toBe(program);
  await writeFile(file, without);
  const { code, text } = await stack.preview(...pack);
  expect(code).not.toBe(0);
  expect(text).toMatch(/basic-auth-switched-off/);
  expect(text).toMatch(/publishing password of FTP; give host a azure-native:web:WebAppFtpAllowed with allow: false\./);
});
