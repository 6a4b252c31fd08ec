import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Remains } from "../ops/preview/remains";
import type { SweepReport } from "../../ops/preview/sweep/sweep";
import type { UpReport } from "../../ops/preview/up/up";
import { now, writesSince } from "./support/azure-calls";
import { everythingIn, softDeleted } from "./support/portal";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";

const past = "2026-01-01T00:00:00Z";
const future = "2099-01-01T00:00:00Z";

let workshop: Workshop;
let previews: Previews;
let remains: Remains;
/** All that is not to be touched. */
const spared = new Set<string>();

/** Makes something, and notes what of Azure and Entra a sweep must not touch. */
async function make(fate: "goes" | "stays", making: () => Promise<unknown>): Promise<void> {
  const before = new Set(everythingIn(workshop.azure));
  await making();
  for (const id of everythingIn(workshop.azure)) if (!before.has(id) && fate === "stays") spared.add(id);
}

/** A stack of the backend that no `up` has seen. */
async function stackOf(name: string, expires?: string): Promise<Stack> {
  const stack = new Stack(workshop, name);
  await stack.mustRun("stack", ["init", name, "--no-select"]);
  if (expires) await stack.mustRun("stack", ["tag", "set", "expires", expires, "--stack", name]);
  return stack;
}

/** Has a stack's state hold something that is not to be deleted. */
async function protect(stack: Stack): Promise<void> {
  const file = join(workshop.folder, `${stack.name}.json`);
  await stack.mustRun("stack", ["export", "--file", file, "--stack", stack.name]);
  const state = JSON.parse(await readFile(file, "utf8")) as { deployment: { resources?: unknown[] } };
  const type = "bot-sign-in:infra:Vault";
  const urn = `urn:pulumi:${stack.name}::bot-sign-in::${type}::vault`;
  state.deployment.resources = [{ urn, type, custom: false, protect: true }];
  await writeFile(file, JSON.stringify(state));
  await stack.mustRun("stack", ["import", "--file", file, "--stack", stack.name]);
}

beforeAll(async () => {
  workshop = await Workshop.open();
  previews = await Previews.in(workshop);
  remains = Remains.in(workshop.azure);
  for (const id of everythingIn(workshop.azure)) spared.add(id);

  await make("goes", () => previews.json<UpReport>("up", "1"));
  await new Stack(workshop, "pr-1").mustRun("stack", ["tag", "set", "expires", past, "--stack", "pr-1"]);
  await stackOf("pr-2", past);
  await make("stays", async () => {
    await stackOf("pr-3", future);
    await remains.make("pr-3", { expires: past });
    await stackOf("pr-4");
    await remains.make("pr-4");
    await protect(await stackOf("pr-5", past));
    await remains.make("pr-5");
    await stackOf("branch-feature-1a2b3c4d", past);
    await remains.storage(await remains.group("branch-feature-1a2b3c4d"), "somebodyelses");
  });
  // Belong to no stack, in all ages.
  for (let number = 10; number < 18; number += 1) await make("goes", () => remains.make(`pr-${number}`));
  for (let number = 20; number < 28; number += 1) {
    await make("stays", () => remains.make(`pr-${number}`, { expires: future }));
  }
  await make("stays", () => remains.make("pr-30", { expires: undefined }));
  await make("goes", async () => {
    const { group, application } = await remains.make("pr-31");
    await remains.portal.arm("DELETE", group);
    await remains.portal.graph("DELETE", `/applications/${application}`);
  });
  // Nobody's business here.
  for (const stack of ["dev", "staging", "prod", "release-2"]) await make("stays", () => remains.make(stack));
  await make("stays", () => remains.make("pr-40", { project: "other" }));
  await make("stays", () =>
    remains.portal.arm("PUT", `${remains.subscription}/resourceGroups/bot-sign-in-pr-41`, { location: "westeurope" }),
  );
  await make("stays", () => remains.portal.graph("POST", "/applications", { displayName: "Mail bot (pr-41)" }));
});
afterAll(() => workshop?.close());

const fatesOf = ({ findings }: SweepReport): Record<string, string[]> => {
  const fates: Record<string, string[]> = {};
  for (const { stack, does } of findings) (fates[does] ??= []).push(stack);
  for (const stacks of Object.values(fates)) stacks.sort();
  return fates;
};
const orphans = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `pr-${first + at}`);
const fates = {
  "take down": ["pr-1", "pr-2", ...orphans(10, 8), "pr-31"].sort(),
  keep: ["pr-3", ...orphans(20, 8)].sort(),
  leave: ["branch-feature-1a2b3c4d", "pr-4", "pr-5", "pr-30"].sort(),
};

test("without --yes a sweep only shows what it would do, and writes nothing", async () => {
  const since = now(workshop.azure);
  const { code, out } = await previews.run("sweep", "--json");
  const report = JSON.parse(out) as SweepReport;
  expect([code, report.done, report.receipts]).toEqual([2, false, []]);
  expect(fatesOf(report)).toEqual(fates);
  expect(writesSince(workshop.azure, since).filter((write) => !write.endsWith("/$batch"))).toEqual([]);
  const reasons = Object.fromEntries(report.findings.map(({ stack, why }) => [stack, why]));
  expect(reasons).toMatchObject({
    "pr-4": "nothing says when it expires",
    "pr-5": "it is protected: Vault vault",
    "pr-30": "nothing says when it expires",
    "branch-feature-1a2b3c4d": expect.stringContaining("somebodyelses (Microsoft.Storage/storageAccounts)") as string,
  });
});

test("a sweep removes exactly the expired and the orphaned among 30 stacks of all kinds", async () => {
  const { code, out, err } = await previews.run("sweep", "--yes");
  expect(err).toBe("");
  expect(code).toBe(3);
  expect(everythingIn(workshop.azure)).toEqual([...spared].sort());
  const { sites: _sites, accounts: _accounts, ...bins } = await softDeleted(workshop.azure);
  expect(bins).toEqual({ vaults: [], workspaces: [], applications: [], principals: [] });
  const { text } = await new Stack(workshop, "pr-3").mustRun("stack", ["ls", "--json"]);
  const stacks = (JSON.parse(text) as { name: string }[]).map(({ name }) => name).sort();
  expect(stacks).toEqual(["branch-feature-1a2b3c4d", "pr-3", "pr-4", "pr-5"]);
  expect(out).toMatch(/Taken down:\n {2}- 1 \(pr-1[^)]*\), expired 2026-01-01T00:00:00Z: gone, in [\d.]+ s\n/);
  expect(out).toMatch(/Left alone, for a person to judge:\n(.*\n)*.*pr-5.*it is protected: Vault vault/);
});

test("a sweep after it finds nothing more to take down", async () => {
  const { code, out } = await previews.run("sweep", "--json");
  const { "take down": _gone, ...others } = fates;
  expect([code, fatesOf(JSON.parse(out) as SweepReport)]).toEqual([3, others]);
});
