import { ClientSecretCredential } from "@azure/identity";
import { randomUUID } from "node:crypto";
import { isWrite, now, writesSince } from "./support/azure-calls";
import { ownName } from "../../infra/facts/names";
import { Portal } from "./support/portal";
import { connectThisProcess } from "../support/deployed";
import { newApplication, type ApplicationOfTenant } from "../support/directory";
import type { Run } from "./support/run";
import { Stack, Workshop } from "./support/stack";
import { told } from "./support/told";

let workshop: Workshop;
let stack: Stack;
let stranger: ApplicationOfTenant;

beforeAll(async () => {
  workshop = await Workshop.open();
  const disconnect = await connectThisProcess(workshop.azure, "client");
  const { tenantId, deployer } = workshop.azure.tenant;
  const credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  stranger = await newApplication(credential, "stranger");
  disconnect();
  stack = await workshop.stack("dev");
});
afterAll(() => workshop?.close());

const noPassphrase = { PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_CONFIG_PASSPHRASE_FILE: undefined };

/** An `up` that is refused, and writes nothing to Azure. */
async function refusedUp(changed: NodeJS.ProcessEnv, name = "dev"): Promise<Run> {
  const since = now(workshop.azure);
  const run = await stack.run("up", ["--stack", name, "--yes", "--skip-preview"], changed);
  expect(run.code).not.toBe(0);
  const made = workshop.azure.trace.exchanges(since).filter((exchange) => isWrite(exchange) && exchange.status < 300);
  expect(made).toEqual([]);
  return run;
}

/** Pulumi's own sentence: the last line. */
const lastLine = ({ text }: Run): string => text.trim().split("\n").at(-1) ?? "";

test("up without the passphrase, without a backend, and of a stack that nobody made ends with Pulumi's own sentence", async () => {
  expect(lastLine(await refusedUp(noPassphrase))).toMatch(
    /^error: .*passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE/,
  );
  expect(lastLine(await refusedUp({ ...noPassphrase, PULUMI_CONFIG_PASSPHRASE: "another" }))).toMatch(
    /^error: .*incorrect passphrase$/,
  );
  expect(lastLine(await refusedUp({ PULUMI_BACKEND_URL: undefined }))).toMatch(
    /^error: PULUMI_ACCESS_TOKEN must be set/,
  );
  expect(lastLine(await refusedUp({}, "nobodys"))).toBe("error: no stack named 'nobodys' found");
});

test("up signed in to another tenant than the stack's is one sentence with the command, before anything is made", async () => {
  const { tenantId } = workshop.azure.tenant;
  const other = randomUUID();
  await stack.set({ tenant: tenantId });
  const { complaints } = await refusedUp({ ARM_TENANT_ID: other });
  await stack.reset();
  expect(complaints.map((line) => line.trim())).toEqual([
    `Setting tenant is "${tenantId}" [tenants-differ]. The applications would be made in one tenant and the bot would look ` +
      `for them in the other. Allowed: the tenant that ARM_TENANT_ID names, ${other}. Example: pulumi config set tenant ` +
      `${other}\nNothing was created.`,
  ]);
});

test("up signed in to a tenant that does not exist says so and what to correct", async () => {
  const { complaints } = await refusedUp({ ARM_TENANT_ID: randomUUID() });
  const errors = complaints.filter((line) => line.includes("AADSTS90002"));
  expect(errors).not.toEqual([]);
  for (const error of errors)
    expect(error).toContain("[AADSTS90002] Correct ARM_TENANT_ID, or az login --tenant <tenant>");
});

test("up by somebody without a right is one error for each resource, with the command that tells which right", async () => {
  const run = await refusedUp({ ARM_CLIENT_ID: stranger.clientId, ARM_CLIENT_SECRET: stranger.secret });
  const application = {
    error: expect.stringMatching(/Authorization_RequestDenied: Insufficient privileges/) as string,
    fix: expect.stringContaining("npm run preflight -- dev prints the command") as string,
  };
  const refused = [
    { resource: "Application bot", ...application },
    { resource: "Application sign-in", ...application },
    {
      resource: "ResourceGroup group",
      error: expect.stringMatching(
        /'Microsoft\.Resources\/subscriptions\/resourceGroups\/read' over scope '\S+'/i,
      ) as string,
      fix: expect.stringContaining("Contributor does; npm run preflight -- dev prints the command") as string,
    },
  ];
  // The engine begins nothing new once one of the three has failed.
  const errors = told(run);
  expect(errors.length).toBeGreaterThan(0);
  expect(refused).toEqual(expect.arrayContaining(errors));
});

test("up in a subscription that never used the Bot Service registers it and goes on", async () => {
  const since = now(workshop.azure);
  const provider = `/subscriptions/${workshop.azure.tenant.subscriptionId}/providers/Microsoft.BotService`;
  await new Portal(workshop.azure).arm("POST", `${provider}/unregister`);
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect(writesSince(workshop.azure, since)).toContain(`POST ${provider}/register`);
});

/** What drift writes where it cannot look: one line. */
async function refusal(changed: Record<string, string | undefined>, of = stack): Promise<string> {
  const { code, text } = await of.drift(changed);
  expect(code).toBe(1);
  return text;
}

test("drift without the passphrase, and with another one", async () => {
  expect(await refusal(noPassphrase)).toMatch(
    /^The passphrase that opens the secrets of the stack dev is not set: .*PULUMI_CONFIG_PASSPHRASE.*\n$/,
  );
  expect(await refusal({ ...noPassphrase, PULUMI_CONFIG_PASSPHRASE: "another" })).toMatch(
    /^The passphrase is not the one of the stack dev: set PULUMI_CONFIG_PASSPHRASE .*\n$/,
  );
});

test("drift without a backend, and with one that is not there", async () => {
  expect(await refusal({ PULUMI_BACKEND_URL: undefined })).toMatch(
    /^Nobody is signed in to Pulumi's state, or the login has ended: export PULUMI_BACKEND_URL=.*\n$/,
  );
  expect(await refusal({ PULUMI_BACKEND_URL: "file:///nowhere/at/all" })).toMatch(
    /^Pulumi's state at file:\/\/\/nowhere\/at\/all cannot be reached: correct PULUMI_BACKEND_URL.*\n$/,
  );
});

test("drift of a stack that nobody made", async () => {
  expect(await refusal({}, new Stack(workshop, "nobodys"))).toBe(
    "There is no stack nobodys in this state: pulumi stack ls shows those that there are\n",
  );
});

test("drift signed in to another tenant, and with a secret that has ended", async () => {
  expect(await refusal({ ARM_TENANT_ID: randomUUID() })).toMatch(
    /^There is no tenant \S+, in which the deployment is to sign in \(AADSTS90002\)\. Correct ARM_TENANT_ID, .*\n$/,
  );
  expect(await refusal({ ARM_CLIENT_SECRET: "ended" })).toMatch(
    /^The client secret of the deploying application is wrong: .* \(AADSTS7000215\)\. Put .*: az ad app credential reset .*\n$/,
  );
});

test("drift by somebody without a role names him, the right, and the command that lists what is missing", async () => {
  const text = await refusal({ ARM_CLIENT_ID: stranger.clientId, ARM_CLIENT_SECRET: stranger.secret });
  expect(text).toMatch(
    /^The deploying identity \(\S+\) has no role that allows \S+\. Give .* \(Contributor does; npm run preflight -- dev prints the command\), then deploy again\.\n$/,
  );
  expect(text).toContain(`(${stranger.principalId})`);
});

test("up with a scope that the tenant does not have ends with one sentence that names the nearest, before anything is made", async () => {
  await stack.set({ connections: [{ name: "GraphConnection", scopes: ["openid", "User.Read", "Mail.Reed"] }] });
  const { text } = await refusedUp({});
  await stack.reset();
  expect(text).toMatch(
    /error: Setting connections\[0\]\.scopes\[2\] is "Mail\.Reed" \[unknown-scope\]\. Did you mean Mail\.Read\? /,
  );
  expect(text).toContain("Nothing was created.");
  expect(text).not.toMatch(/serializ/i);
});

test("destroy --run-program of a locked group tells below Azure's words how to lift the lock, and goes on once it is lifted", async () => {
  const { subscriptionId } = workshop.azure.tenant;
  const portal = new Portal(workshop.azure);
  const group = ownName("bot-sign-in", "dev");
  const lock = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Authorization/locks/keep`;
  await portal.arm("PUT", lock, { properties: { level: "CanNotDelete" } });
  const refused = told(await stack.destroy("--run-program"));
  expect(refused.map(({ resource }) => resource)).toContain("Channel channels-teams");
  for (const { error, fix } of refused) {
    expect([error, fix]).toEqual([
      expect.stringContaining('Code="ScopeLocked"'),
      `Ask whoever set the lock (az lock list --resource-group ${group} shows it, with its notes), have it taken away (az lock ` +
        "delete --ids <id>), and set it again afterwards.",
    ]);
  }
  await portal.arm("DELETE", lock);
  expect(await stack.destroy("--run-program")).toMatchObject({ code: 0 });
});
