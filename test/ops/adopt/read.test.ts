import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Access } from "../../../infra/azure/access";
import { type LocalAzure, startLocalAzure } from "../../../local/azure/azure";
import { decide } from "../../../ops/adopt/decide";
import { readHandMade } from "../../../ops/adopt/read";
import { OpsError } from "../../../ops/cli/ops-error";
import { checkSettings, checkStackName, configOf, writeAdoption } from "../../../ops/adopt/write";
import { deployerToken } from "../../support/deployer-token";
import { badAnswers, meeting } from "../../support/bad-answers";
import { HandMade, shapes } from "../../support/hand-made";

let azure: LocalAzure;
let access: Access;
const bots: Record<string, string> = {};
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  access = {
    now: () => Date.now(),
    wait: () => Promise.resolve(),
    token: (scope) => deployerToken(azure, new URL(scope).origin, "adopt"),
    fetch: (url, init) => azure.call("adopt", String(url), init),
  };
  const made = new HandMade(azure);
  for (const [shape, make] of Object.entries(shapes)) bots[shape] = await make(made);
});
afterAll(() => azure.close());

test.each<[shape: keyof typeof shapes, adopted: object, existing: object]>([
  ["web chat only", { bot: "Contoso.Helpdesk", teams: false }, { resourceGroup: "Helpdesk.Bots" }],
  ["Teams with single sign-on", { bot: "teams_sso_bot", teams: true }, { resourceGroup: "rg-teams-bot-prod" }],
  ["two connections", { bot: "contoso-devtools-bot", teams: false }, { resourceGroup: "devtools" }],
  [
    "a vault elsewhere",
    { bot: "orders-bot" },
    { vault: expect.stringMatching(/platform\/.*\/contoso-platform$/) as string },
  ],
  ["hosted elsewhere", { bot: "cluster-bot" }, { endpoint: "https://bots.contoso.example/cluster/api/messages" }],
])("%s is read as it is, by reads alone, and its settings hold", async (shape, adopted, existing) => {
  const before = azure.trace.exchanges().at(-1)!.number;
  const seen = await readHandMade(access, bots[shape]!);
  const asked = azure.trace.exchanges(before).map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  // App Service shows settings to a POST alone.
  expect(
    asked.filter((one) => !one.startsWith("GET ") && !/\/(appsettings\/list|oauth2\/v2\.0\/token)$/.test(one)),
  ).toEqual([]);
  expect(asked.length).toBeGreaterThan(5);
  const decision = decide(seen, { project: "bot-sign-in", stack: "contoso" });
  if (decision.kind !== "adoption") throw new Error(decision.why);
  expect(decision.settings).toMatchObject({ adopted, existing });
  checkSettings(configOf(decision, "bot-sign-in", seen.subscriptionId), "bot-sign-in", "contoso");
});

test.each(badAnswers.map((bad) => [bad.what, bad] as const))(
  "%s of any one call ends the look with one sentence: nothing is adopted that was not read",
  async (_what, bad) => {
    const id = bots["a vault elsewhere"]!;
    const calls = new Set<string>();
    const nothing = { ...bad, answer: (answered: () => Promise<Response>) => answered() };
    await readHandMade(
      meeting(access, nothing, (_method, url) => Boolean(calls.add(url.href))),
      id,
    );
    for (const call of calls) {
      await expect(
        readHandMade(
          meeting(access, bad, (_method, url) => url.href === call),
          id,
        ),
      ).rejects.toMatchObject({ name: "AzureCallError", message: expect.stringMatching(bad.words) as string });
    }
    expect(calls.size).toBeGreaterThan(8);
  },
);

test("an id of another thing, and of a bot that is not there, are refused with the command that tells ids", async () => {
  await expect(readHandMade(access, "contoso-bot")).rejects.toThrow("is not the ARM id of a bot: az resource list");
  const gone = bots["hosted elsewhere"]!.replace("cluster-bot", "no-bot");
  await expect(readHandMade(access, gone)).rejects.toThrow("There is no bot no-bot in bots: az resource list");
});

test.each(["pr-7", "branch-x-1a2b3c4d", "../prod", "a stack"])("no files are written for the stack %s", (name) => {
  expect(() => checkStackName(name)).toThrow(OpsError);
});

describe("the files", () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "adopt-"))));
  afterEach(() => rm(folder, { recursive: true }));
  const write = (overwrite = false): Promise<void> =>
    writeAdoption(folder, "prod", {
      config: { "bot-sign-in:tenant": "0e12345" },
      imports: { resources: [] },
      overwrite,
    });

  test("what pulumi stack init wrote stays, and settings of somebody are overwritten only where that was asked for", async () => {
    const file = join(folder, "Pulumi.prod.yaml");
    await writeFile(file, "encryptionsalt: v1:abc=\n");
    await write();
    expect(parse(await readFile(file, "utf8"))).toEqual({
      encryptionsalt: "v1:abc=",
      config: { "bot-sign-in:tenant": "0e12345" },
    });
    expect(JSON.parse(await readFile(join(folder, "adopt.prod.json"), "utf8"))).toEqual({ resources: [] });
    await writeFile(file, "config:\n  location: westeurope\n");
    await expect(write()).rejects.toThrow("Pulumi.prod.yaml is there already, with settings in it");
    expect(await readFile(file, "utf8")).toBe("config:\n  location: westeurope\n");
    await write(true);
    expect(parse(await readFile(file, "utf8"))).toEqual({ config: { "bot-sign-in:tenant": "0e12345" } });
  });
});
