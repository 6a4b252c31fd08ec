import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { now, writesSince } from "./support/azure-calls";
import { type Stack, Workshop } from "./support/stack";

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

test("a setting that breaks a rule ends the preview with the rule's name and the fix, and nothing is written", async () => {
  const before = now(workshop.azure);
  await stack.set({ protect: false, secretLifetimeDays: 400 });
  const { code, text } = await stack.preview(...pack);
  expect(code).not.toBe(0);
  expect(text).toMatch(/prod-protected/);
  expect(text).toMatch(/It is not protected; remove the setting protect: false from the stack file\./);
  expect(text).toMatch(/secrets-end/);
  expect(text).toMatch(/not more than maximumDays away \(lower secretLifetimeDays\)/);
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
  await writeFile(file, program);
  expect(code).not.toBe(0);
  expect(text).toMatch(/basic-auth-switched-off/);
  expect(text).toMatch(
    /publishing password of FTP; give bot-sign-in-host a azure-native:web:WebAppFtpAllowed with allow: false\./,
  );
});

/** Adds lines to the component, and gives what takes them out again. */
async function addToProgram(lines: string): Promise<() => Promise<void>> {
  const file = join(stack.project, "infra/bot-sign-in.ts");
  const program = await readFile(file, "utf8");
  const end = "    this.registerOutputs({";
  expect(program.split(end)).toHaveLength(2);
  await writeFile(
    file,
    program.replace(end, () => `${lines}\n${end}`),
  );
  return () => writeFile(file, program);
}

/** The exceptions that the violations in a text name, as one file given with --policy-pack-config holds them. */
function allowed(text: string): Record<string, { allow: object[] }> {
  const config: Record<string, { allow: object[] }> = {};
  for (const [, json] of text.matchAll(/--policy-pack-config: (\{.*\})$/gm)) {
    for (const [rule, { allow }] of Object.entries(JSON.parse(json!) as typeof config)) {
      (config[rule] ??= { allow: [] }).allow.push(...allow);
    }
  }
  return config;
}

const rightsAtTheTop = `
new authorization.RoleAssignment("friend", {
  scope: pulumi.interpolate\`/subscriptions/\${subscriptionId}\`,
  principalId: "99999999-9999-4999-8999-999999999999",
  principalType: "User",
  roleDefinitionId: pulumi.interpolate\`/subscriptions/\${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635\`,
});
new azuread.ApplicationPassword("spare", { applicationId: (signInApp as { application: azuread.Application }).application.id, endDate: "2099-01-01T00:00:00Z" });
`;

test("what a hostile program adds beside the set-up ends the preview, before anything exists and after", async () => {
  const clean = await workshop.stack("staging");
  const takeOut = await addToProgram(rightsAtTheTop);
  try {
    for (const one of [clean, stack]) {
      const { code, text } = await one.preview(...pack);
      expect(code).not.toBe(0);
      expect(text).toMatch(/least-rights[\s\S]*roleDefinitionId is "[^"]*8e3af657[^"]*"; set it to one of the roles/);
      expect(text).toMatch(/endDate is "2099-01-01T00:00:00Z"; set it to a date/);
    }
  } finally {
    await takeOut();
  }
});

test("what is allowed on purpose passes, with the file that the violations themselves say to write", async () => {
  const takeOut = await addToProgram(rightsAtTheTop);
  const file = join(stack.project, "policy.json");
  try {
    const { text } = await stack.preview(...pack);
    await writeFile(file, JSON.stringify(allowed(text)));
    expect(await stack.preview(...pack, "--policy-pack-config", file)).toMatchObject({ code: 0 });
  } finally {
    await takeOut();
    await rm(file, { force: true });
  }
});

test("a secret as an output ends the preview", async () => {
  const takeOut = await addToProgram("this.endpoint = pulumi.unsecret(botApplication!.passwords[0]);");
  try {
    const { code, text } = await stack.preview(...pack);
    expect(code).not.toBe(0);
    expect(text).toMatch(/secrets-stay[\s\S]*The output endpoint holds a secret/);
  } finally {
    await takeOut();
  }
});

test("a program that opens the web app to debuggers and every page ends the run before the web app is written", async () => {
  const file = join(stack.project, "infra/components/hosting.ts");
  const program = await readFile(file, "utf8");
  const open = program.replace(
    "siteConfig: {",
    'siteConfig: { remoteDebuggingEnabled: true, cors: { allowedOrigins: ["*"] },',
  );
  expect(open).not.toBe(program);
  await writeFile(file, open);
  const before = now(workshop.azure);
  try {
    const { code, text } = await stack.up(...pack);
    expect(code).not.toBe(0);
    expect(text).toMatch(/siteConfig\.remoteDebuggingEnabled is set, which no set-up needs/);
    expect(text).toMatch(/siteConfig\.cors\.allowedOrigins is set, which no set-up needs/);
    expect(writesSince(workshop.azure, before).filter((write) => /Microsoft.Web/.test(write))).toEqual([]);
  } finally {
    await writeFile(file, program);
  }
});
