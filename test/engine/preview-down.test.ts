import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Receipt } from "../../ops/preview/receipt";
import type { UpReport } from "../../ops/preview/up/up";
import { isWrite, now, writesSince } from "./support/azure-calls";
import { everythingIn, Portal, softDeleted } from "./support/portal";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

let workshop: Workshop;
let previews: Previews;
let portal: Portal;
let empty: string[];

beforeAll(async () => {
  workshop = await Workshop.open();
  previews = await Previews.in(workshop);
  portal = new Portal(workshop.azure);
  empty = everythingIn(workshop.azure);
});
afterAll(() => workshop?.close());

const made = (): string[] => everythingIn(workshop.azure).filter((id) => !empty.includes(id));

/** Asks the local Azure itself, the backend and the folder, not our own code. */
async function expectNothingOf(stack: string): Promise<void> {
  expect(made()).toEqual([]);
  const { sites: _sites, accounts: _accounts, ...bins } = await softDeleted(workshop.azure);
  expect(bins).toEqual({ vaults: [], workspaces: [], applications: [], principals: [] });
  const { text } = await new Stack(workshop, stack).mustRun("stack", ["ls", "--json"]);
  expect((JSON.parse(text) as { name: string }[]).map(({ name }) => name)).not.toContain(stack);
  expect((await readdir(previews.folder)).filter((file) => file.includes(stack))).toEqual([]);
}

/** Of its state, its history and its locks not even the copies that Pulumi itself leaves. */
async function expectNothingInTheBackend(stack: string): Promise<void> {
  const kept = await readdir(join(workshop.folder, "state"), { recursive: true, withFileTypes: true });
  expect(kept.filter((file) => file.isFile() && file.name.includes(stack)).map(({ name }) => name)).toEqual([]);
}

/** A command that is to be refused, with nothing written to Azure. */
async function refused(changed: NodeJS.ProcessEnv, ...args: string[]): Promise<[number, string]> {
  const since = now(workshop.azure);
  const { code, out, err } = await previews.runWith(changed, ...args);
  const writes = writesSince(workshop.azure, since).filter((write) => !write.endsWith("/$batch"));
  expect([writes, out.includes("###")]).toEqual([[], false]);
  return [code, err.trim()];
}

describe("a preview's life", () => {
  let up: UpReport;
  let group: string;

  beforeAll(async () => {
    // An earlier life of the same number ended by hand: its vault, its workspace and its application are in the bins.
    up = await previews.json<UpReport>("up", "42");
    group = made().find((id) => /\/resourceGroups\/[^/]+$/i.test(id))!;
    await new Stack(workshop, "pr-42").destroy();
    expect(await softDeleted(workshop.azure)).toMatchObject({
      vaults: [expect.anything()],
      workspaces: [expect.anything()],
      applications: [expect.anything(), expect.anything()],
    });
    up = await previews.json<UpReport>("up", "42");
  });

  test("a user signs in to it", async () => {
    const outputs = await new Stack(workshop, "pr-42").outputs();
    expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
    expect(outputs.chatAddress).toBe(up.chatAddress);
  });

  test("with an expired login nothing is deleted, and the sentence says how to sign in", async () => {
    const [code, said] = await refused({ ARM_CLIENT_SECRET: "expired" }, "down", "42");
    expect([code, said]).toEqual([1, expect.stringContaining("AADSTS7000215")]);
  });

  test("one with a protected resource is not deleted", async () => {
    const stack = new Stack(workshop, "pr-42");
    const urn = /urn:pulumi:pr-42::[^"]*keyvault:Vault::bot-sign-in-vault/.exec(
      (await stack.mustRun("stack", ["export", "--stack", "pr-42"])).text,
    )![0];
    await stack.mustRun("state", ["protect", urn, "--yes", "--stack", "pr-42"]);
    expect(await refused({}, "down", "42")).toEqual([
      1,
      expect.stringMatching(
        /^(Asking.*\n)?Preview 42 is protected: Vault bot-sign-in-vault\. .*pulumi state unprotect --all/,
      ),
    ]);
    await stack.mustRun("state", ["unprotect", urn, "--yes", "--stack", "pr-42"]);
  });

  test("one whose group holds somebody else's resource is not deleted, and the resource is named", async () => {
    const theirs = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/theirs`;
    await portal.arm("PUT", theirs, { location: "westeurope" });
    expect(await refused({}, "down", "42")).toEqual([
      1,
      expect.stringContaining("theirs (Microsoft.ManagedIdentity/userAssignedIdentities). Nothing was deleted"),
    ]);
    await portal.arm("DELETE", theirs);
  });

  test("down, on a machine that never saw its file, leaves nothing, of this life and of the earlier one", async () => {
    await rm(join(previews.folder, "Pulumi.pr-42.yaml"));
    // A person works on a stack of his own beside it.
    await workshop.stack("mine");
    const receipt = await previews.json<Receipt>("down", "42");
    expect(receipt).toMatchObject({ name: "42", stack: "pr-42", outcome: "gone", left: [] });
    const rows = new Map(receipt.rows.map(({ what, before, left }) => [what, [before, left]]));
    expect([...rows.values()].map(([, left]) => left)).toEqual([...rows].map(() => 0));
    expect(Object.fromEntries(rows)).toMatchObject({
      "Resource group": [1, 0],
      "Resources in it": [7, 0],
      Applications: [2, 0],
      "Service principals": [2, 0],
      // A user consented when signing in.
      "Permission grants": [1, 0],
      "Deleted vaults, with their secrets": [1, 0],
      "Deleted log workspaces (14 days)": [1, 0],
      "Deleted applications (30 days in Entra's bin)": [2, 0],
      "Pulumi's stack": [1, 0],
      "Pulumi's copies of the state": [expect.any(Number), 0],
    });
    await expectNothingOf("pr-42");
    await expectNothingInTheBackend("pr-42");
    const { text } = await new Stack(workshop, "mine").mustRun("stack", ["ls", "--json"]);
    expect(JSON.parse(text)).toEqual([expect.objectContaining({ name: "mine", current: true })]);
    const { sites, accounts } = await softDeleted(workshop.azure);
    expect(receipt.keeps.map(({ what }) => what).sort()).toEqual(
      [
        ...sites!.map((name) => `deleted web app ${name}`),
        ...accounts!.map((name) => `deleted storage account ${name}`),
      ].sort(),
    );
    for (const { until } of receipt.keeps) expect(Date.parse(until)).toBeGreaterThan(Date.now() + 13 * 24 * 3_600_000);
  });

  test("down again is a success that says that nothing was there", async () => {
    const { code, out } = await previews.run("down", "#42");
    expect([code, out]).toEqual([0, expect.stringContaining("There is no preview 42")]);
  });

  test("what is neither a number nor a branch is refused before anything is asked", async () => {
    const since = now(workshop.azure);
    expect(await refused({}, "down", "a b")).toEqual([1, expect.stringContaining("is no pull request's number")]);
    expect(now(workshop.azure)).toBe(since);
  });
});

test("while an up works on the preview, down says who holds it and touches nothing", async () => {
  const begun = new Promise<void>((done) => {
    const end = workshop.azure.trace.subscribe((exchange) => {
      if (!isWrite(exchange)) return;
      end();
      done();
    });
  });
  const { child, said } = previews.start(["up", "43"]);
  await begun;
  const { code, err } = await previews.run("down", "43");
  expect([code, err]).toEqual([4, expect.stringMatching(/pr-43 is held by \S+@\S+ \(pid \d+\) since /)]);
  expect(child.exitCode).toBeNull();
  expect(await said).toMatchObject({ code: 0 });
  expect(made().some((id) => id.includes("/Microsoft.BotService/botServices/"))).toBe(true);
});

describe("a faulty Azure", () => {
  test("a group that cannot be deleted is on the receipt with Azure's words and what fixes it, and the stack stays until it can be", async () => {
    const arm = workshop.azure.hosts.find("management.azure.com")!;
    const { handle } = arm;
    arm.handle = (request) => {
      const deletes = request.method === "DELETE" && /\/resourceGroups\/[^/]+$/i.test(new URL(request.url).pathname);
      if (!deletes) return handle.call(arm, request);
      const message = "The scope cannot perform delete operation because following scope(s) are locked.";
      return Response.json({ error: { code: "ScopeLocked", message } }, { status: 409 });
    };
    const locked = await previews.run("down", "43", "--json");
    const receipt = JSON.parse(locked.out) as Receipt;
    expect([locked.code, receipt.outcome]).toEqual([3, "left"]);
    expect(receipt.left.find(({ what }) => what.startsWith("resource group"))?.why).toMatch(
      /^ScopeLocked: The scope .*az lock delete --ids <id>/,
    );
    expect(receipt.rows.filter(({ left }) => left > 0).map(({ what }) => what)).toEqual([
      "Resource group",
      "Resources in it",
      "Pulumi's stack",
      "Pulumi's copies of the state",
      "The stack's settings file",
    ]);
    // A deletion that Azure calls done and is not.
    let lies = 2;
    arm.handle = (request) => {
      const deletes = request.method === "DELETE" && /\/resourceGroups\/[^/]+$/i.test(new URL(request.url).pathname);
      return deletes && lies-- > 0 ? new Response(null, { status: 200 }) : handle.call(arm, request);
    };
    const unlocked = await previews.run("down", "43", "--json");
    expect([unlocked.code, (JSON.parse(unlocked.out) as Receipt).left, lies]).toEqual([0, [], -1]);
    arm.handle = handle;
    await expectNothingOf("pr-43");
    await expectNothingInTheBackend("pr-43");
  });
});
