import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Receipt } from "../../ops/preview/receipt";
import type { SweepReport } from "../../ops/preview/sweep/sweep";
import { killedUp, recover } from "./support/killing";
import { orphans } from "./support/orphans";
import { everythingIn, Portal, softDeleted } from "./support/portal";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";

let workshop: Workshop;
let stack: Stack;
let before: string[];

/** A program of one's own with two bots that users see under one name; the first is protected where `protect` says so. */
const program = (protect: boolean): string => `
import { BotSignIn } from "./bot-sign-in";
import { readSettings } from "./settings/configuration";
import { overridesIn } from "./settings/settings";
export = () => {
  const settings = readSettings();
  // What is left of a preview without a stack may go when its tags say so.
  const shared = { ...settings, ...(settings.expires ? { expires: "2026-01-01T00:00:00Z" } : {}) };
  const overrides = overridesIn(settings);
  const mail = new BotSignIn("mail", { ...shared, overrides: { ...overrides, protect: ${protect} } });
  const post = new BotSignIn("post", { ...shared, overrides });
  return { mailApp: mail.webApp, postApp: post.webApp, chatAddress: mail.chatAddress };
};
`;

const write = (protect: boolean): Promise<void> => writeFile(join(stack.project, "infra/index.ts"), program(protect));

async function deployed(protect: boolean): Promise<void> {
  await write(protect);
  const up = await stack.up();
  if (up.code !== 0) throw new Error(up.text);
}

beforeAll(async () => {
  workshop = await Workshop.open();
  before = everythingIn(workshop.azure);
  stack = await workshop.stack("dev");
  await write(true);
});
afterAll(() => workshop?.close());

const made = (): string[] => everythingIn(workshop.azure).filter((id) => !before.includes(id));

test("an up that was killed where it made either of two is recovered, and makes nothing twice", async () => {
  // Which of both Azure does first is the engine's affair.
  const left = [
    (path: string) => /\/resourcegroups\/bot-sign-in-post-dev-[0-9a-f]{6}$/i.test(path),
    // Both sign-in applications have the same name.
    (path: string) =>
      path === "/v1.0/applications" && made().filter((id) => id.startsWith("/applications/")).length === 4,
  ];
  while (left.length > 0) {
    const killed = await killedUp(workshop, stack, ({ method, status, url }) => {
      const at = left.findIndex((here) => method !== "GET" && status < 300 && here(new URL(url).pathname));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
    expect(killed).toBe(true);
    const { code, text } = await recover(workshop, stack, ["dev", "--yes"]);
    expect([code, text]).toEqual([0, expect.not.stringContaining("Left alone")]);
  }
  await deployed(true);
  expect(await orphans(workshop.azure, [stack], new Set(before))).toEqual([]);
});

test("two bots of one stack are two everywhere in Azure: each its group, its applications, its web app", async () => {
  const groups = new Set(made().flatMap((id) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? []));
  expect([...groups].map((group) => group.replace(/-[0-9a-f]{6}$/, "")).sort()).toEqual([
    "bot-sign-in-mail-dev",
    "bot-sign-in-post-dev",
  ]);
  expect(made().filter((id) => id.startsWith("/applications/"))).toHaveLength(4);
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
      "Where users may lose their bot, take the protection off first: pulumi config set protect false --stack dev, pulumi up --stack dev, then destroy.",
  );
  expect(everythingIn(workshop.azure).filter((id) => /mail-dev/.test(id))).toEqual(there);
});

test("without the protection a destroy leaves nothing of either", async () => {
  await deployed(false);
  const destroy = await stack.destroy();
  expect([destroy.code, made()]).toEqual([0, []]);
});

describe("a preview of two", () => {
  let previews: Previews;
  let binnedBefore: unknown;
  /** What Azure keeps of deleted things that a preview empties. */
  const bins = async (): Promise<unknown> => {
    const { sites: _sites, accounts: _accounts, ...emptied } = await softDeleted(workshop.azure);
    return emptied;
  };
  const isSwept = /^\/subscriptions\/[^/]+\/resourcegroups\/bot-sign-in-(mail|post)-pr-6-[0-9a-f]{6}$/i;

  beforeAll(async () => {
    previews = await Previews.in(workshop);
    binnedBefore = await bins();
  });

  test("goes down whole, though a first down was killed when one of them was gone, and the receipt counts both", async () => {
    await previews.json("up", "5");
    const killed = await previews.killed(["down", "5"], ({ method, status, url }) => {
      return method === "DELETE" && status < 300 && /\/resourcegroups\/[^/]+$/i.test(new URL(url).pathname);
    });
    expect(killed).toBe(true);
    const receipt = await previews.json<Receipt>("down", "5");
    expect(receipt).toMatchObject({ outcome: "gone", left: [] });
    expect(made()).toEqual([]);
    expect(await bins()).toEqual(binnedBefore);
  });

  test("whose state is lost is swept whole by its tags, and the receipt counts both", async () => {
    await previews.json("up", "6");
    await new Stack(workshop, "pr-6").mustRun("stack", ["rm", "pr-6", "--force", "--yes"]);
    expect(made().filter((id) => isSwept.test(id))).toHaveLength(2);
    const { out, code } = await previews.run("sweep", "--yes", "--json");
    const { findings, receipts, failures } = JSON.parse(out) as SweepReport;
    expect(findings).toMatchObject([{ stack: "pr-6", kind: "orphan", does: "take down" }]);
    expect([code, failures, receipts.map(({ left }) => left)]).toEqual([0, [], [[]]]);
    const rows = Object.fromEntries(receipts[0]!.rows.map(({ what, before, left }) => [what, [before, left]]));
    expect(rows).toMatchObject({
      "Resource group": [2, 0],
      "Resources in it": [14, 0],
      Applications: [4, 0],
      "Service principals": [4, 0],
    });
    expect(made()).toEqual([]);
    expect(await bins()).toEqual(binnedBefore);
  });
});
