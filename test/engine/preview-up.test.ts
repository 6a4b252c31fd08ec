import { randomUUID } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Store } from "../../local/azure/arm/store";
import type { PreviewRow } from "../../ops/preview/list";
import { previewName } from "../../ops/preview/preview-name";
import type { PreviewDetails } from "../../ops/preview/show";
import type { UpReport } from "../../ops/preview/up/up";
import { makesVault, now, writesSince } from "./support/azure-calls";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

let workshop: Workshop;
let previews: Previews;
let up: UpReport;
/** What the last `up` of pull request 42 said. */
let latest: UpReport;

beforeAll(async () => {
  workshop = await Workshop.open();
  previews = await Previews.in(workshop);
  up = await previews.json<UpReport>("up", "42", "--owner", "kim@contoso.example", "--commit", "0123456789abcdef");
  latest = up;
});
afterAll(() => workshop?.close());

const settingsFile = (): string => join(previews.folder, "Pulumi.pr-42.yaml");

test("up of a pull request is a bot into which a user signs in", async () => {
  expect(up).toEqual({
    name: "42",
    stack: "pr-42",
    chatAddress: expect.stringMatching(/^https:\/\/bot-sign-in-pr-42-\w{8}\.azurewebsites\.net\/$/) as string,
    owner: "kim@contoso.example",
    commit: "0123456789abcdef",
    expires: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    changes: { create: expect.any(Number) as number },
    recovered: [],
    seconds: expect.any(Number) as number,
  });
  const hours = (Date.parse(up.expires) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(71.5);
  expect(hours).toBeLessThanOrEqual(72);
  expect(await userSignsIn(workshop.azure, await new Stack(workshop, "pr-42").outputs())).toMatch(/newest message/);
});

test("all that can carry tags says whose it is, and the stack's tags say the same", async () => {
  const { owner, commit, expires } = up;
  const tags = { project: "bot-sign-in", stack: "pr-42", owner, commit };
  const tagged = (workshop.azure.resources as Store).all().flatMap(({ id, tags }) => (tags ? [{ id, tags }] : []));
  const group = tagged.find(({ id }) => /\/resourceGroups\/[^/]+$/i.test(id) && id.includes("pr-42"));
  expect(group?.tags).toEqual({ ...tags, expires });
  const { text } = await new Stack(workshop, "pr-42").mustRun("stack", ["tag", "ls", "--json", "--stack", "pr-42"]);
  expect(JSON.parse(text)).toEqual({
    made: expect.any(String) as string,
    owner,
    commit,
    expires,
  });
});

test("up again, from a machine that never saw the stack's file, moves expiry and commit and nothing else", async () => {
  await rm(settingsFile());
  const since = now(workshop.azure);
  const again = await previews.json<UpReport>("up", "#42", "--ttl", "96h", "--commit", "fedcba9876543210");
  expect(again).toMatchObject({ stack: "pr-42", chatAddress: up.chatAddress, commit: "fedcba9876543210" });
  latest = again;
  expect(Date.parse(again.expires) - Date.parse(up.expires)).toBeGreaterThan(23 * 3_600_000);
  expect(Object.keys(again.changes)).toEqual(["update"]);
  expect(
    writesSince(workshop.azure, since).filter((write) => /addPassword|POST \/api\/publish|DELETE/.test(write)),
  ).toEqual([]);
  expect(await userSignsIn(workshop.azure, await new Stack(workshop, "pr-42").outputs())).toMatch(/newest message/);
  const written = parse(await readFile(settingsFile(), "utf8")) as { config: Record<string, unknown> };
  expect(written.config).toMatchObject({ "bot-sign-in:expires": again.expires, "bot-sign-in:displayName": "Mail bot" });
  expect((await readdir(previews.folder)).filter((file) => file.endsWith(".tmp"))).toEqual([]);
});

test("the stack that a person had selected stays selected", async () => {
  const { text } = await new Stack(workshop, "pr-42").run("stack", ["ls", "--json"]);
  expect((JSON.parse(text) as { current: boolean }[]).filter(({ current }) => current)).toEqual([]);
});

test("list and show tell owner, expiry, health, address and cost", async () => {
  const [row, ...others] = await previews.json<PreviewRow[]>("list");
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    name: "42",
    stack: "pr-42",
    commit: latest.commit,
    expires: latest.expires,
    expired: false,
    health: { state: "well" },
    chatAddress: up.chatAddress,
    monthlyCost: 12.69,
  });
  const { code, out } = await previews.run("list");
  expect(code).toBe(0);
  expect(out).toMatch(
    /^NAME +OWNER +AGE +EXPIRES +HEALTH +COST +CHAT\n42 +\S.* \d min +in [23] d 23 h +well +\$12\.69 +https:/,
  );
  expect(out).toMatch(/Together \$12\.69 a month\. Cost: estimate .* list prices of East US on 2026-09-26/);

  const details = await previews.json<PreviewDetails>("show", "42");
  expect(details).toMatchObject({
    settings: [],
    connections: ["GraphConnection"],
    secretsExpire: { "bot-app-password": expect.stringMatching(/^20/) as string },
    resources: { Vault: 1, WebApp: 1, Bot: 1, Application: 2 },
    cost: { monthly: 12.69, unknown: [] },
  });
  const shown = await previews.run("show", "42");
  expect(shown.out).toMatch(/^Preview 42\n {2}Stack: +pr-42\n {2}Chat: +https:.*\n {2}Health: +well\n/);
  expect(shown.out).toMatch(/Costs \$12\.69 a month:\n {4}\$12\.41 {2}App Service plan B1 \(730 hours\)\n/);
});

test("a kill that empties an attribute file of the state makes nothing unreadable", async () => {
  await writeFile(join(workshop.folder, "state/.pulumi/stacks/bot-sign-in/pr-42.json.attrs"), "");
  expect((await previews.json<PreviewRow[]>("list")).map(({ name }) => name)).toEqual(["42"]);
});

test("two ups at once for one number: one goes on, the other says who holds the stack", async () => {
  const first = previews.start(["up", "42", "--json"]);
  const second = previews.start(["up", "42", "--json"]);
  const said = await Promise.all([first.said, second.said]);
  expect(said.map(({ code }) => code).sort()).toEqual([0, 4]);
  const refused = said.find(({ code }) => code === 4)!;
  expect(refused.err).toMatch(
    /pr-42 is held by \S+@\S+ \(pid \d+\) since 20\S+\. Wait for it to end; if it was killed: npm run recover -- pr-42\n$/,
  );
  expect(JSON.parse(refused.out)).toMatchObject({ error: { code: "stack-locked" } });
});

test("an up that was killed is recovered by the next one, with nothing twice", async () => {
  expect(await previews.killed(["up", "43"], makesVault)).toBe(true);
  const again = await previews.json<UpReport>("up", "43");
  expect(again.recovered).toEqual(expect.arrayContaining([expect.stringMatching(/cancel the lock/)]));
  const { applications } = workshop.azure.directory as unknown as {
    applications: Map<string, { displayName: string }>;
  };
  const names = [...applications.values()].map(({ displayName }) => displayName).filter((name) => /pr-43/.test(name));
  expect(names.length).toBe(2);
  expect(await userSignsIn(workshop.azure, await new Stack(workshop, "pr-43").outputs())).toMatch(/newest message/);
});

test("so it is where the backend tells of a lock only to whoever needs it, as one of blobs does", async () => {
  // Pulumi takes the scheme in capitals, too; to the commands it is a backend like any other.
  const elsewhere = { PULUMI_BACKEND_URL: workshop.environment.PULUMI_BACKEND_URL?.replace("file:", "FILE:") };
  expect(await previews.killed(["up", "44"], makesVault, elsewhere)).toBe(true);
  await removeEmptyAttributes(join(workshop.folder, "state"));
  const { code, out, err } = await previews.runWith(elsewhere, "up", "44", "--json");
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  expect((JSON.parse(out) as UpReport).recovered).not.toEqual([]);
  expect(await previews.runWith(elsewhere, "down", "44")).toMatchObject({ code: 0 });
});

/** Blobs have no files of attributes beside them, so a kill leaves none of them empty. */
async function removeEmptyAttributes(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    const file = join(folder, name);
    if (name.endsWith(".attrs") && (await stat(file)).size === 0) await rm(file);
  }
}

describe("what cannot be done ends with 1 and one sentence", () => {
  const nobody = { PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_CONFIG_PASSPHRASE_FILE: undefined };
  const refusals: [what: string, changed: NodeJS.ProcessEnv, args: string[], sentence: RegExp][] = [
    ["a wrong name", {}, ["up", "a..b"], /^"a\.\.b" is no pull request's number and no branch's name\. Give /],
    ["a wrong time", {}, ["up", "7", "--ttl", "soon"], /^--ttl "soon" is no time to live\. Give /],
    ["a wrong owner", {}, ["up", "7", "--owner", "a/b"], /^--owner "a\/b" cannot be a tag\. Give /],
    ["an unknown preview", {}, ["show", "7"], /^There is no preview 7 \(pr-7\)\. Those that there are: /],
    ["a misspelt command", {}, ["lsit"], /^npm run preview has no command lsit\. Did you mean list\? Help: /],
    ["a misspelt option", {}, ["up", "7", "--tll", "3d"], / has no option --tll\. Did you mean --ttl\? Help: /],
    [
      "no passphrase",
      nobody,
      ["up", "42"],
      /^The passphrase that opens the secrets of the stack pr-42 is not set: read -rs PULUMI_CONFIG/,
    ],
    [
      "another passphrase",
      { PULUMI_CONFIG_PASSPHRASE: "another" },
      ["up", "42"],
      /^The passphrase is not the one of the stack pr-42: set PULUMI_CONFIG_PASSPHRASE /,
    ],
    [
      "no login to the state",
      { PULUMI_BACKEND_URL: undefined },
      ["list"],
      /^Nobody is signed in to Pulumi's state, or the login has ended: export PULUMI_BACKEND_URL/,
    ],
    [
      "a state that is not there",
      { PULUMI_BACKEND_URL: "file:///nowhere" },
      ["up", "7"],
      /^Pulumi's state at file:\/\/\/nowhere cannot/,
    ],
    ["no CLI", { PATH: "/nowhere" }, ["list"], /^Pulumi's CLI is not on PATH/],
    [
      "an Azure login that has ended",
      { ARM_CLIENT_SECRET: "ended" },
      ["up", "42"],
      /^The client secret of the deploying application is wrong: .* \(AADSTS7000215\)\. Put .*: az ad app credential reset /,
    ],
    [
      "another tenant",
      { ARM_TENANT_ID: randomUUID() },
      ["up", "42"],
      /^There is no tenant \S+, .*\(AADSTS90002\)\. Correct ARM_TENANT_ID, or az login /,
    ],
  ];
  test.each(refusals)("%s", async (_what, changed, args, sentence) => {
    const { code, err } = await previews.runWith(changed, ...args);
    expect(err.trimEnd().split("\n").at(-1)).toMatch(sentence);
    expect(code).toBe(1);
  });
});

test("branches with slashes, emoji and 200 letters come up, and two that differ in one letter are two", async () => {
  const long = `feature/${"x".repeat(191)}`;
  const branches = [`users/kim/größe_🎉`, `${long}a`, `${long}b`];
  const reports: UpReport[] = [];
  for (const branch of branches) reports.push(await previews.json<UpReport>("up", branch));
  expect(reports.map(({ stack }) => stack)).toEqual(branches.map((branch) => previewName(branch).stack));
  expect(new Set(reports.map(({ chatAddress }) => chatAddress)).size).toBe(3);
  const rows = await previews.json<PreviewRow[]>("list");
  expect(rows.map(({ name }) => name).sort()).toEqual(["42", "43", ...branches].sort());
  expect(rows.filter(({ health }) => health.state !== "well")).toEqual([]);
});
