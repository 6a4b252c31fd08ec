import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { everythingIn, Portal } from "./support/portal";
import { type Stack, Workshop } from "./support/stack";

jest.setTimeout(600_000);

let workshop: Workshop;
let stack: Stack;
let before: string[];

/** A program of one's own with two bots, of which the first is protected where `protect` says so. */
const program = (protect: boolean): string => `
import { BotSignIn } from "./bot-sign-in";
const shared = { environment: "dev" as const, location: "westeurope", tenantId: process.env.ARM_TENANT_ID! };
const scopes = ["openid", "User.Read", "Mail.Read", "Mail.Send"];
const connections = [{ name: "Graph", provider: "entra" as const, scopes, skill: "mail" as const }];
const mail = new BotSignIn("mail", { ...shared, connections, overrides: { protect: ${protect} } });
const post = new BotSignIn("post", { ...shared, connections });
export const mailApp = mail.webApp;
export const postApp = post.webApp;
`;

async function deployed(protect: boolean): Promise<void> {
  await writeFile(join(stack.project, "infra/index.ts"), program(protect));
  const up = await stack.up();
  if (up.code !== 0) throw new Error(up.text);
}

beforeAll(async () => {
  workshop = await Workshop.open();
  before = everythingIn(workshop.azure);
  stack = await workshop.stack("dev");
  await deployed(true);
});
afterAll(() => workshop?.close());

test("two bots of one stack are two everywhere in Azure: each its group, its applications, its web app", async () => {
  const made = everythingIn(workshop.azure).filter((id) => !before.includes(id));
  const groups = new Set(made.flatMap((id) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? []));
  expect([...groups].map((group) => group.replace(/-[0-9a-f]{6}$/, "")).sort()).toEqual([
    "bot-sign-in-mail-dev",
    "bot-sign-in-post-dev",
  ]);
  expect(made.filter((id) => id.startsWith("/applications/"))).toHaveLength(4);
});

test("up again changes nothing", async () => {
  const again = await stack.up("--expect-no-changes");
  expect([again.code, again.effects]).toEqual([0, []]);
});

test("drift names the one that somebody changed, and the next deployment repairs that one alone", async () => {
  const { mailApp, postApp } = await stack.outputs();
  expect(mailApp).not.toBe(postApp);
  const subscription = `/subscriptions/${workshop.azure.tenant.subscriptionId}`;
  const id = everythingIn(workshop.azure).find(
    (one) => one.startsWith(subscription) && one.endsWith(`/sites/${String(postApp)}`),
  )!;
  await new Portal(workshop.azure).arm("PATCH", id, { properties: { httpsOnly: false } });
  const drift = await stack.drift();
  expect(drift.text).toMatch(/WebApp post-host\n {2}httpsOnly\n {4}live: {5}false/);
  expect(drift.text).not.toMatch(/mail-host/);
  const refreshed = await stack.refresh();
  expect(refreshed.code).toBe(0);
  expect((await stack.up()).effects).toEqual(["update WebApp post-host"]);
});

test("what is protected does not go with --ignore-protect, which the refusal says together with the way", async () => {
  const there = everythingIn(workshop.azure).filter((id) => /mail-dev/.test(id));
  const destroy = await stack.destroy("--ignore-protect");
  expect(destroy.code).not.toBe(0);
  expect(destroy.text).toContain(
    "mail of the stack dev is protected, and --ignore-protect does not change that: nothing of it was deleted. " +
      "Where users may lose their bot, take the protection off first: pulumi config set protect false, pulumi up, then destroy.",
  );
  expect(everythingIn(workshop.azure).filter((id) => /mail-dev/.test(id))).toEqual(there);
});

test("without the protection a destroy leaves nothing of either", async () => {
  await deployed(false);
  const destroy = await stack.destroy();
  expect([destroy.code, everythingIn(workshop.azure).filter((id) => !before.includes(id))]).toEqual([0, []]);
});
