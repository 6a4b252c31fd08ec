import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addressesOf } from "../../infra/facts/residency";
import { knownGraphPermissions } from "../../infra/facts/permissions";
import { microsoftGraph } from "../../infra/facts/scopes";
import type { Exchange } from "../../local/azure/exchange";
import type { Receipt } from "../../ops/preview/receipt";
import type { SweepReport } from "../../ops/preview/sweep/sweep";
import { killedDestroy, killedUp, recover } from "./support/killing";
import { everythingIn, Portal, softDeleted } from "./support/portal";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

// A bot in a resource group of others, with a vault, a plan, a workspace and a sign-in application of others: whatever happens
// to the bot, none of it is touched.

let workshop: Workshop;
let previews: Previews;
let portal: Portal;
/** What is there before any bot: ids, and the full bodies of what is handed in. */
let before: string[];
let handedIn: Record<string, unknown>;
let paths: Record<"group" | "vault" | "plan" | "workspace" | "application" | "principal", string>;

const location = "westeurope";
const secretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const scopes = ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"];

beforeAll(async () => {
  workshop = await Workshop.open();
  previews = await Previews.in(workshop);
  portal = new Portal(workshop.azure);
  const clientId = await makeWhatIsThere();
  before = everythingIn(workshop.azure);
  handedIn = await bodies();
  const { vault, plan, workspace } = paths;
  await writeFile(
    join(workshop.folder, "project/infra/index.ts"),
    `
    import { BotSignIn } from "./bot-sign-in";
    import { readSettings } from "./settings/configuration";
    import { overridesIn } from "./settings/settings";

    export = () => {
      const settings = readSettings();
      const { endpoint, chatAddress, signInAppId, bot, connections, resourceGroup } = new BotSignIn("post", {
        ...settings,
        // What is left of a preview without a stack may go when its tags say so.
        ...(settings.expires ? { expires: "2026-01-01T00:00:00Z" } : {}),
        overrides: { ...overridesIn(settings), singleSignOn: false },
        existing: ${JSON.stringify({ resourceGroup: "bots", vault, plan, workspace, signInApp: clientId })},
      });
      return { endpoint, chatAddress, signInAppId, bot, connections, resourceGroup };
    };
    `,
  );
});
afterAll(() => workshop?.close());

/** A platform team's group with what bots share, and a group for bots, with somebody else's storage account in it. */
async function makeWhatIsThere(): Promise<string> {
  const { subscriptionId, tenantId } = workshop.azure.tenant;
  const [platform, group] = ["platform", "bots"].map(
    (name) => `/subscriptions/${subscriptionId}/resourceGroups/${name}`,
  );
  const tags = { owner: "platform team" };
  for (const id of [platform, group]) await portal.arm("PUT", id!, { location, tags });
  const at = (type: string, name: string): string => `${platform}/providers/${type}/${name}`;
  const vault = at("Microsoft.KeyVault/vaults", "platform-keys");
  const plan = at("Microsoft.Web/serverfarms", "platform-plan");
  const workspace = at("Microsoft.OperationalInsights/workspaces", "platform-logs");
  await portal.arm("PUT", vault, {
    location,
    tags,
    properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
  });
  // Whoever deploys into a vault of others needs this of its owner.
  await portal.arm("PUT", `${vault}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
    properties: {
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${secretsOfficer}`,
      principalId: workshop.azure.tenant.deployer.objectId,
      principalType: "ServicePrincipal",
    },
  });
  await portal.arm("PUT", `${vault}/secrets/theirs`, { tags, properties: { value: "theirs" } });
  await portal.arm("PUT", plan, {
    location,
    tags,
    kind: "linux",
    sku: { name: "B1", tier: "Basic" },
    properties: { reserved: true },
  });
  await portal.arm("PUT", workspace, { location, tags, properties: { sku: { name: "PerGB2018" } } });
  const accounts = `${group}/providers/Microsoft.Storage/storageAccounts`;
  await portal.arm("PUT", `${accounts}/theirs`, { location, kind: "StorageV2", sku: { name: "Standard_LRS" }, tags });

  const { id, appId } = await portal.graph<{ id: string; appId: string }>("POST", "/applications", {
    displayName: "Company sign-in",
    signInAudience: "AzureADMyOrg",
    tags: ["owner:identity team"],
    web: { redirectUris: [addressesOf("global").redirectAddress] },
    requiredResourceAccess: [
      {
        resourceAppId: microsoftGraph,
        resourceAccess: knownGraphPermissions
          .filter(({ value }) => scopes.includes(value))
          .map(({ id: permission }) => ({ id: permission, type: "Scope" })),
      },
    ],
  });
  await portal.graph("POST", `/applications/${id}/addPassword`, { passwordCredential: { displayName: "theirs" } });
  const principal = await portal.graph<{ id: string }>("POST", "/servicePrincipals", { appId });
  paths = {
    group: group!,
    vault,
    plan,
    workspace,
    application: `/applications/${id}`,
    principal: `/servicePrincipals/${principal.id}`,
  };
  return appId;
}

/** Everything that ARM and Graph show of what is handed in. */
async function bodies(): Promise<Record<string, unknown>> {
  const entries = Object.entries(paths).map(async ([name, path]) => {
    const body = await (path.startsWith("/subscriptions/") ? portal.arm("GET", path) : portal.graph("GET", path));
    return [name, body] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const made = (): string[] => everythingIn(workshop.azure).filter((id) => !before.includes(id));

/** Nothing of the bot is there any more, living or in a bin, and what was handed in is what it was, to the letter. */
async function expectAsBefore(): Promise<void> {
  expect(made()).toEqual([]);
  expect(before.filter((id) => !everythingIn(workshop.azure).includes(id))).toEqual([]);
  expect(await bodies()).toEqual(handedIn);
}

/** While a bot is there, the plan counts its web app, and the application has its password. */
async function expectUnchangedBeside(): Promise<void> {
  const now = await bodies();
  const { group, vault, workspace, principal } = handedIn;
  expect(now).toMatchObject({ group, vault, workspace, principal });
  const { passwordCredentials: passwords, ...application } = now.application as { passwordCredentials: unknown[] };
  const { passwordCredentials: theirs, ...theirApplication } = handedIn.application as {
    passwordCredentials: unknown[];
  };
  expect(application).toEqual(theirApplication);
  expect(passwords).toEqual(expect.arrayContaining(theirs));
  const { tags, sku, kind } = handedIn.plan as Record<string, unknown>;
  expect(now.plan).toMatchObject({ tags, sku, kind });
}

const wrote = (method: string, path: RegExp): ((exchange: Exchange) => boolean) => {
  return (exchange) => exchange.method === method && exchange.status < 300 && path.test(new URL(exchange.url).pathname);
};

describe("a stack of a person's own", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await workshop.stack("dev");
  });

  test("an up that was killed where it wrote into what is handed in is recovered, and nothing of it is touched", async () => {
    // A password at their application, a role at their vault, a part of our own account in their group. Which is written
    // first is the engine's choice, so each up is killed at the first of those at which none was killed yet.
    const left = new Set([
      wrote("POST", new RegExp(`${paths.application}/addPassword$`)),
      wrote("PUT", /vaults\/platform-keys\/.*\/roleAssignments\//),
      wrote("PUT", /\/blobServices\/default\/containers\//),
    ]);
    while (left.size > 0) {
      let at: ReturnType<typeof wrote> | undefined;
      const atFirst: ReturnType<typeof wrote> = (exchange) =>
        (at ??= [...left].find((here) => here(exchange))) !== undefined;
      expect(await killedUp(workshop, stack, atFirst)).toBe(true);
      left.delete(at!);
      const { code, text } = await recover(workshop, stack, ["dev", "--yes"]);
      expect([text, code]).toEqual([expect.not.stringContaining("Left alone"), 0]);
      await expectUnchangedBeside();
    }
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
    await expectUnchangedBeside();
    // Of the passwords that killed runs added none is left.
    const { passwordCredentials: passwords } = (await bodies()).application as { passwordCredentials: unknown[] };
    expect(passwords).toHaveLength(3);
  });

  test("a user signs in through what is handed in", async () => {
    const outputs = await stack.outputs();
    expect(outputs.resourceGroup).toBe("bots");
    expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
    // An administrator's consent is their application's, too, and stays with it.
    before.push(...made().filter((id) => id.startsWith("/oauth2PermissionGrants/")));
  });

  test("a destroy that was killed is recovered, and goes on to its end, and nothing that is handed in goes with it", async () => {
    expect(await killedDestroy(workshop, stack, wrote("DELETE", /\/Microsoft\.Web\/sites\/[^/]+$/))).toBe(true);
    const { code } = await recover(workshop, stack, ["dev", "--yes"]);
    expect(code).toBe(0);
    await expectUnchangedBeside();
    expect(await stack.destroy()).toMatchObject({ code: 0 });
    await expectAsBefore();
  });
});

describe("a preview", () => {
  let binnedBefore: unknown;
  /** What Azure keeps of deleted things that a preview empties. */
  const bins = async (): Promise<unknown> => {
    const { sites: _sites, accounts: _accounts, ...emptied } = await softDeleted(workshop.azure);
    return emptied;
  };
  beforeAll(async () => {
    binnedBefore = await bins();
  });

  test("is taken down completely, though a first down was killed, and the receipt counts what lay in the group of others", async () => {
    await previews.json("up", "7");
    await expectUnchangedBeside();
    const killed = await previews.killed(["down", "7"], wrote("DELETE", /\/Microsoft\.Web\/sites\/[^/]+$/));
    expect(killed).toBe(true);
    const receipt = await previews.json<Receipt>("down", "7");
    expect(receipt).toMatchObject({ outcome: "gone", left: [] });
    const rows = Object.fromEntries(receipt.rows.map(({ what, before, left }) => [what, [before, left]]));
    expect(rows).toMatchObject({ "Resource group": [0, 0], "Resources in it": [0, 0] });
    expect(rows["Tagged resources elsewhere"]![0]).toBeGreaterThan(0);
    await expectAsBefore();
    expect(await bins()).toEqual(binnedBefore);
  });

  test("that has expired is swept, and so is what is left of one whose state is lost", async () => {
    await previews.json("up", "8");
    await previews.json("up", "9");
    const [known, lost] = ["pr-8", "pr-9"].map((name) => new Stack(workshop, name));
    await known!.mustRun("stack", ["tag", "set", "expires", "2026-01-01T00:00:00Z", "--stack", "pr-8"]);
    await lost!.mustRun("stack", ["rm", "pr-9", "--force", "--yes"]);
    const { out, code } = await previews.run("sweep", "--yes", "--json");
    const report = JSON.parse(out) as SweepReport;
    expect(report.findings.map(({ stack, kind, does }) => [stack, kind, does]).sort()).toEqual([
      ["pr-8", "preview", "take down"],
      ["pr-9", "orphan", "take down"],
    ]);
    expect([code, report.receipts.map(({ left }) => left), report.failures]).toEqual([0, [[], []], []]);
    await expectAsBefore();
    expect(await bins()).toEqual(binnedBefore);
  });
});
