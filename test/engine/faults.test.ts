import { knownMistakes } from "../../contract/known-mistakes";
import { isWrite, now } from "./support/azure-calls";
import { type AzureFault, conflicting, forbidden, notSpread, throttled } from "./support/azure-faults";
import { orphans } from "./support/orphans";
import { everythingIn } from "./support/portal";
import { kindsOf, RefusedWrites } from "./support/refused-writes";
import { type Stack, Workshop } from "./support/stack";
import { told } from "./support/told";
import { userSignsIn } from "./support/user";

/** Kinds of writes that `up` makes; the container of the turn state is one of Microsoft.Storage. */
const everyKind = [
  "PATCH applications",
  "PATCH servicePrincipals",
  "POST api/publish",
  "POST applications",
  "POST applications/addPassword",
  "POST oauth2PermissionGrants",
  "POST servicePrincipals",
  "PUT Microsoft.Authorization/roleAssignments",
  "PUT Microsoft.BotService/botServices",
  "PUT Microsoft.BotService/botServices/channels",
  "PUT Microsoft.BotService/botServices/connections",
  "PUT Microsoft.Insights/diagnosticSettings",
  "PUT Microsoft.KeyVault/vaults",
  "PUT Microsoft.KeyVault/vaults/secrets",
  "PUT Microsoft.ManagedIdentity/userAssignedIdentities",
  "PUT Microsoft.OperationalInsights/workspaces",
  "PUT Microsoft.Storage/storageAccounts",
  "PUT Microsoft.Storage/storageAccounts/blobServices/containers",
  "PUT Microsoft.Storage/storageAccounts/managementPolicies",
  "PUT Microsoft.Web/serverfarms",
  "PUT Microsoft.Web/sites",
  "PUT Microsoft.Web/sites/basicPublishingCredentialsPolicies",
  "PUT resourceGroups",
];

let workshop: Workshop;
let writes: RefusedWrites;
let before: Set<string>;
const stacks: Stack[] = [];

beforeAll(async () => {
  workshop = await Workshop.open();
  writes = RefusedWrites.in(workshop.azure);
  before = new Set(everythingIn(workshop.azure));
});
afterAll(() => workshop?.close());

/** A stack with every kind of resource, each of whose writes meets this fault once. */
async function stackThatMeets(fault: AzureFault, name: string): Promise<Stack> {
  const stack = await workshop.stack(name, { environment: "dev", singleSignOn: true, adminConsent: true });
  stacks.push(stack);
  writes.meet(fault);
  return stack;
}

async function expectConverged(stack: Stack): Promise<void> {
  writes.meet();
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
  expect(await orphans(workshop.azure, stacks, before)).toEqual([]);
}

test("429 at every single write is waited out as long as Azure asks: one up, and a user signs in", async () => {
  const stack = await stackThatMeets(throttled, "throttled");
  const since = now(workshop.azure);
  const run = await stack.up();
  expect(run.complaints.filter((line) => !line.includes("using pulumi-resource-"))).toEqual([]);
  expect(run.code).toBe(0);
  const met = workshop.azure.trace.exchanges(since).filter(isWrite);
  expect(met.filter(({ status }) => status === 429)).toHaveLength(met.filter(({ status }) => status < 300).length);
  expect(kindsOf(writes.taken())).toEqual(everyKind);
  await expectConverged(stack);
  expect(await userSignsIn(workshop.azure, await stack.outputs())).toMatch(/newest message/);
});

test("a conflict at every single write is waited out; what does not pass is one error with its fix, and the next up goes on", async () => {
  const stack = await stackThatMeets(conflicting, "busy");
  const run = await stack.up("--continue-on-error");
  const busy = "Another operation holds the resource; run it again when it has ended.";
  expect(told(run)).toEqual([
    // It takes minutes, so nobody is kept waiting.
    {
      resource: "ResourceGroup group",
      error: expect.stringMatching(/is in deprovisioning state/) as string,
      fix: busy,
    },
    // Made, and then refused: another try within this up would make a second one.
    { resource: "ServicePrincipal bot", error: expect.stringContaining("Directory_ConcurrencyViolation"), fix: busy },
    {
      resource: "ServicePrincipal sign-in",
      error: expect.stringContaining("Directory_ConcurrencyViolation"),
      fix: busy,
    },
  ]);
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect(kindsOf(writes.taken())).toEqual(everyKind.filter((kind) => !kind.includes("Microsoft.Authorization")));
  await expectConverged(stack);
});

test("what is new and has not spread in Entra is waited for; what was made and cannot be found is kept for the next up", async () => {
  const stack = await stackThatMeets(notSpread, "new");
  const run = await stack.up("--continue-on-error");
  const fix = "What it needs is new and has not spread in Entra yet: run pulumi up again in some minutes.";
  expect(told(run)).toEqual([
    { resource: "ServicePrincipal bot", error: expect.stringContaining("Request_ResourceNotFound"), fix },
    { resource: "ServicePrincipal sign-in", error: expect.stringContaining("Request_ResourceNotFound"), fix },
  ]);
  const refused = writes.taken();
  // Minutes later the principals have spread; what is new now has not.
  writes.meet((write) => (write.method === "POST" ? notSpread(write) : undefined));
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect(kindsOf([...refused, ...writes.taken()])).toEqual([
    "PATCH applications",
    "PATCH servicePrincipals",
    "POST applications/addPassword",
    "POST oauth2PermissionGrants",
    "POST servicePrincipals",
    "PUT Microsoft.Authorization/roleAssignments",
  ]);
  await expectConverged(stack);
});

/** What names the cause, and the fix: for ARM, Entra and the deployment service. */
const rights: [error: RegExp, fix: RegExp][] = [
  [
    /AuthorizationFailed[\s\S]*'Microsoft\.Authorization\/roleAssignments\/write' over scope '[^']+'/,
    /the role Role Based Access Control Administrator/,
  ],
  [
    /AuthorizationFailed[\s\S]*perform action '[^']+' over scope '[^']+'/,
    /Contributor does; npm run preflight -- \S+ prints the command/,
  ],
  [
    /does not have authorization to perform action '[^']+' over scope '[^']+'[\s\S]*\[AuthorizationFailed\]/,
    /Contributor does; npm run preflight -- \S+ prints the command/,
  ],
  [
    /unexpected status 403 \(403 Forbidden\) with error: Authorization_RequestDenied: Insufficient privileges/,
    /missing in Entra: npm run preflight -- \S+ prints the command/,
  ],
  [
    /^\S+\.scm\.azurewebsites\.net: the deployment service refuses the deploying identity \(403\) \[scm-refused\]/,
    /Microsoft\.Web\/sites\/publish\/Action/,
  ],
];

test("a missing right at every single write is one error with its cause and its fix; each up goes on where the last one ended", async () => {
  const stack = await stackThatMeets(forbidden, "poor");
  const refused: { write: string }[] = [];
  // As a person types it: besides the errors of the resources there is only Pulumi's last line.
  let run = await stack.up();
  const others = run.events.flatMap(({ diagnosticEvent: said }) =>
    said?.severity === "error" && !said.urn ? [said.message.trim()] : [],
  );
  expect(others).toEqual(["update failed"]);
  for (let ups = 1; run.code !== 0; ups++) {
    const met = writes.taken();
    refused.push(...met);
    expect(ups).toBeLessThan(20);
    const seen = told(run);
    expect(new Set(seen.map(({ resource }) => resource)).size).toBe(seen.length);
    expect(seen).toHaveLength(met.length);
    for (const { error, fix } of seen) {
      const [, wanted] = rights.find(([pattern]) => pattern.test(error)) ?? [];
      expect({ error, fix: fix || error, wanted: Boolean(wanted) }).toEqual({
        error,
        fix: expect.stringMatching(wanted ?? /$^/) as string,
        wanted: true,
      });
    }
    run = await stack.up("--continue-on-error");
  }
  expect(kindsOf([...refused, ...writes.taken()])).toEqual(everyKind);
  await expectConverged(stack);
});

test.each([
  "AuthorizationFailed",
  "Authorization_RequestDenied",
  "MissingSubscriptionRegistration",
  "Directory_ConcurrencyViolation",
  "ResourceGroupBeingDeleted",
  "PrincipalNotFound",
  "Request_ResourceNotFound",
])("%s stands in the list of known mistakes", (code) => {
  expect(knownMistakes.filter(({ seen }) => seen.includes(code))).toHaveLength(1);
});
