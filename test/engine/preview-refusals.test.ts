import { ClientSecretCredential } from "@azure/identity";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownName } from "../../infra/facts/names";
import type { UpReport } from "../../ops/preview/up/up";
import { endProcesses, findLeftovers } from "../../ops/pulumi/processes";
import { connectThisProcess } from "../support/deployed";
import { newApplication } from "../support/directory";
import { makesVault } from "./support/azure-calls";
import { Portal } from "./support/portal";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";

let workshop: Workshop;
let previews: Previews;
let portal: Portal;

beforeAll(async () => {
  workshop = await Workshop.open();
  previews = await Previews.in(workshop);
  portal = new Portal(workshop.azure);
});
afterAll(() => workshop?.close());

/** What an `up` writes last where it cannot go on. */
async function refusal(name: string, changed: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, err } = await previews.runWith(changed, "up", name);
  expect(code).toBe(1);
  return err.trimEnd().split("\n").at(-1) ?? "";
}

test("up where somebody else has a resource group of that name touches nothing of it", async () => {
  const group = ownName("bot-sign-in", "pr-8");
  const path = `/subscriptions/${workshop.azure.tenant.subscriptionId}/resourceGroups/${group}`;
  await portal.arm("PUT", path, { location: "westeurope", tags: { team: "others" } });
  expect(await refusal("8")).toBe(
    `resourceGroup: the resource group ${group}: is there already, and by its tags it is not of this stack. Delete or rename ` +
      `it; or let the program use it as it is: pulumi config set --path existing.resourceGroup ${group}. ` +
      "Then run it again: nothing was written before that.",
  );
  expect(await portal.arm("GET", path)).toMatchObject({ tags: { team: "others" } });
});

test("up by somebody without a role names the right, and the command that lists what is missing", async () => {
  const disconnect = await connectThisProcess(workshop.azure, "client");
  const { tenantId, deployer } = workshop.azure.tenant;
  const credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  const stranger = await newApplication(credential, "stranger");
  disconnect();
  expect(await refusal("10", { ARM_CLIENT_ID: stranger.clientId, ARM_CLIENT_SECRET: stranger.secret })).toMatch(
    // Which of Azure and Entra is asked first, nobody knows.
    /^The deploying identity (?:\(\S+\) has no role that allows \S+\. .*|may not register applications in Entra, .*)npm run preflight -- pr-10 prints the command/,
  );
});

test("up of a preview whose vault is in the recycle bin names the vault and how to let go of it", async () => {
  await previews.json<UpReport>("up", "9");
  const vaults = await portal.arm<{ value: { id: string; name: string; tags?: { stack?: string } }[] }>(
    "GET",
    `/subscriptions/${workshop.azure.tenant.subscriptionId}/providers/Microsoft.KeyVault/vaults`,
  );
  const { id, name } = vaults.value.find(({ tags }) => tags?.stack === "pr-9")!;
  await portal.arm("DELETE", id);
  expect(await new Stack(workshop, "pr-9").refresh()).toMatchObject({ code: 0 });
  expect(await refusal("9")).toMatch(
    new RegExp(
      `^vault: the vault ${name}: lies in the recycle bin until \\S+, and keeps its name there\\. Bring it back ` +
        `\\(az keyvault recover --name ${name}\\) or empty the bin of it \\(az keyvault purge --name ${name}\\)\\. ` +
        "Then run it again: nothing was written before that\\.$",
    ),
  );
});

test("a job that was ended on another machine is respected for two hours, and then put right by the next command", async () => {
  expect(await previews.killed(["up", "11"], makesVault)).toBe(true);
  await endProcesses(await findLeftovers(previews.folder), () => findLeftovers(previews.folder));
  const locks = join(workshop.folder, "state/.pulumi/locks/organization/bot-sign-in/pr-11");
  const file = join(
    locks,
    (await readdir(locks)).find((name) => name.endsWith(".json"))!,
  );
  const lock = JSON.parse(await readFile(file, "utf8")) as object;
  const takenAgo = (minutes: number): Promise<void> => {
    const timestamp = new Date(Date.now() - minutes * 60_000).toISOString();
    return writeFile(file, JSON.stringify({ ...lock, hostname: "runner-1", timestamp }));
  };
  await takenAgo(30);
  expect(await previews.run("down", "11")).toMatchObject({
    code: 4,
    err: expect.stringContaining("@runner-1 (pid ") as string,
  });
  await takenAgo(150);
  expect(await previews.json<UpReport>("up", "11")).toMatchObject({
    recovered: expect.arrayContaining([expect.stringMatching(/^cancel the lock of \S+@runner-1 /)]) as string[],
  });
  expect(await previews.run("down", "11")).toMatchObject({ code: 0 });
});
