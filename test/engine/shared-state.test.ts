import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Receipt } from "../../ops/preview/receipt";
import type { UpReport } from "../../ops/preview/up/up";
import { findLeftovers } from "../../ops/pulumi/processes";
import { isWrite, makesVault, now, writesSince } from "./support/azure-calls";
import { IssuedSecrets } from "./support/issued-secrets";
import { killedUp, recover } from "./support/killing";
import { lasting } from "./support/operations";
import { everythingIn, softDeleted } from "./support/portal";
import { Previews } from "./support/previews";
import { SharedState } from "./support/shared-state";
import { Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

/** State in a blob container, its secrets encrypted with a key of Key Vault: what docs/runbook.md has a team do. */
let workshop: Workshop;
let state: SharedState;
let secrets: IssuedSecrets;
let stack: Stack;

beforeAll(async () => {
  workshop = await Workshop.open({}, async (azure) => {
    secrets = IssuedSecrets.watch(azure);
    state = await SharedState.make(azure);
    return state;
  });
});
afterAll(() => workshop?.close());

const stacks = async (): Promise<string[]> => {
  const { text } = await new Stack(workshop, "any").mustRun("stack", ["ls", "--json"]);
  return (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
};

/** Settings of previews that name the key. */
async function previewsWithKey(): Promise<Previews> {
  const previews = await Previews.in(workshop);
  const file = join(previews.folder, "Pulumi.preview.yaml");
  await writeFile(file, `secretsprovider: ${state.secretsProvider}\n${await readFile(file, "utf8")}`);
  return previews;
}

test("who lacks one of the two roles at the state is told which, with the command that gives it", async () => {
  const previews = await previewsWithKey();
  const refused = (role: string): object => ({
    code: 1,
    err: expect.stringMatching(new RegExp(`^Whoever is signed in may not .* --role "${role}" --scope `)) as string,
  });
  expect(await previews.run("list")).toMatchObject(refused("Storage Blob Data Contributor"));
  await state.openContainer();
  expect(await previews.run("list")).toMatchObject({ code: 0 });
  expect(await previews.run("up", "1")).toMatchObject(refused("Key Vault Crypto User"));
  await state.openKey();
  expect(await previews.run("down", "1")).toMatchObject({ code: 0 });
  expect(await stacks()).toEqual([]);
});

test("up makes everything, a user signs in, and another up changes nothing", async () => {
  stack = await workshop.stack("dev");
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect(await userSignsIn(workshop.azure, await stack.outputs())).toMatch(/newest message/);
  const since = now(workshop.azure);
  expect(await stack.up()).toMatchObject({ code: 0, plan: [] });
  const ofTheState = /^(POST \/keys\/team\/\/?decrypt|(PUT|DELETE) \/team\/\.pulumi%2F\S+)$/;
  expect(writesSince(workshop.azure, since).filter((write) => !ofTheState.test(write))).toEqual([]);
});

test("the container holds the state with no secret in clear, and the stack's file names the key", async () => {
  const blobs = await state.blobs();
  expect([...blobs.keys()]).toContain(".pulumi/stacks/bot-sign-in/dev.json");
  expect(secrets.values.size).toBeGreaterThan(10);
  expect(secrets.foundIn([...blobs.values()].join("\n"))).toEqual([]);
  const file = parse(await readFile(join(stack.project, "Pulumi.dev.yaml"), "utf8")) as Record<string, unknown>;
  expect(file).toMatchObject({ secretsprovider: state.secretsProvider, encryptedkey: expect.any(String) as string });
});

test("a plan with the roles that the runbook gives it goes through and writes nothing, not even a lock; it can deploy nothing", async () => {
  const { clientId, secret } = await state.planner();
  const signIn = {
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: secret,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: secret,
  };
  const since = now(workshop.azure);
  const plan = await stack.run("preview", ["--stack", "dev", "--expect-no-changes"], signIn);
  expect(plan).toMatchObject({ code: 0, plan: [] });
  // A key decrypts; all else that changes something would be refused, and is not even tried.
  const decrypts = /^POST \/keys\/team\/\/?decrypt$/;
  expect(writesSince(workshop.azure, since).filter((write) => !decrypts.test(write))).toEqual([]);
  // Pulumi 3.259 panics where its lock is refused.
  const up = await stack.run("up", ["--stack", "dev", "--yes", "--skip-preview"], signIn);
  expect(up.code).not.toBe(0);
  const tried = workshop.azure.trace
    .exchanges(since)
    .filter((one) => isWrite(one) && !decrypts.test(`${one.method} ${new URL(one.url).pathname}`))
    .map(({ method, url, status }) => [`${method} ${new URL(url).pathname.replace(/[0-9a-f-]{36}/, "...")}`, status]);
  expect([...new Set(tried.map(String))]).toEqual([
    "PUT /team/.pulumi%2Flocks%2Forganization%2Fbot-sign-in%2Fdev%2F....json,403",
  ]);
});

test("after an up that was killed, recover takes its lock away and takes in what it had made, and up goes on", async () => {
  await stack.set({ singleSignOn: true });
  const killed = await killedUp(
    workshop,
    stack,
    (exchange) => isWrite(exchange) && exchange.url.includes("/connections/"),
  );
  expect(killed).toBe(true);
  expect(await stack.up()).toMatchObject({ code: 1, text: expect.stringContaining("currently locked") as string });
  const { code, text } = await recover(workshop, stack, ["dev", "--yes"]);
  expect([code, text]).toEqual([
    0,
    expect.stringMatching(/cancel the lock of [^]*dev: recovered\. Next: pulumi up --stack dev\n$/),
  ]);
  expect(await findLeftovers(stack.project)).toEqual([]);
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
});

describe("previews", () => {
  let previews: Previews;
  let before: string[];

  beforeAll(async () => {
    previews = await previewsWithKey();
    before = everythingIn(workshop.azure);
  });

  test("one comes up without any passphrase, and a second command says who holds it", async () => {
    const begun = new Promise<void>((done) => {
      const end = workshop.azure.trace.subscribe((exchange) => {
        if (!isWrite(exchange) || !/^(management|graph)\./.test(new URL(exchange.url).hostname)) return;
        end();
        done();
      });
    });
    // Else it might be up before the others have asked.
    const goesOn = 60_000;
    const quick = lasting(workshop.azure, "Microsoft.Storage/storageAccounts", goesOn);
    const { said } = previews.start(["up", "42", "--json"]);
    await begun;
    for (const other of await Promise.all(["up", "down"].map((command) => previews.run(command, "42")))) {
      const held = expect.stringMatching(/pr-42 is held by \S+@\S+ \(pid \d+\) since /) as string;
      expect(other).toMatchObject({ code: 4, err: held });
    }
    quick();
    workshop.azure.clock.advance(goesOn);
    const { code, out } = await said;
    expect(code).toBe(0);
    const { chatAddress } = JSON.parse(out) as UpReport;
    const outputs = await new Stack(workshop, "pr-42").outputs();
    expect(outputs.chatAddress).toBe(chatAddress);
    expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
  });

  test("down leaves nothing, in Azure and in the container", async () => {
    const receipt = await previews.json<Receipt>("down", "42");
    expect(receipt).toMatchObject({ outcome: "gone", left: [] });
    expect(everythingIn(workshop.azure)).toEqual(before);
    expect(await softDeleted(workshop.azure)).toMatchObject({ vaults: [], workspaces: [], applications: [] });
    expect(await stacks()).toEqual(["dev"]);
    expect([...(await state.blobs()).keys()].filter((name) => name.includes("pr-42"))).toEqual([]);
  });

  test("after an up that was killed, down goes on by itself and leaves nothing", async () => {
    expect(await previews.killed(["up", "43"], makesVault)).toBe(true);
    expect(await stacks()).toEqual(["dev", "pr-43"]);
    expect(await previews.json<Receipt>("down", "43")).toMatchObject({ outcome: "gone", left: [] });
    expect(everythingIn(workshop.azure)).toEqual(before);
    expect(await stacks()).toEqual(["dev"]);
    expect([...(await state.blobs()).keys()].filter((name) => name.includes("pr-43"))).toEqual([]);
  });
});
