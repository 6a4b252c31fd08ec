import type { StateResource } from "../../ops/pulumi/state";
import { armAddress, asWritten, type PendingOperation, takenIn, unsureOf } from "../../ops/pulumi/pending-operations";
import { leftovers, type Process } from "../../ops/pulumi/processes";
import { isLocked, locksIn, stillHeld, takenSince } from "../../ops/pulumi/lock";
import { AzureSide } from "../../ops/recovery/azure";
import { StandInAccess } from "../infra/provider/stand-in-access";
import { type EntraApplication, type Found, planFor, sentenceOf } from "../../ops/recovery/plan";

const deployment = { project: "bot-sign-in", stack: "dev" };
const tags = { project: "bot-sign-in", stack: "dev", owner: "kim" };
const entraTags = ["project:bot-sign-in", "stack:dev"];
const group = "/subscriptions/s/resourceGroups/g";
const vault = `${group}/providers/Microsoft.KeyVault/vaults/v`;
const nothing: Found = {
  atPending: new Map(),
  tagged: [],
  applications: [],
  servicePrincipals: [],
  grants: [],
};

function resource(type: string, name: string, inputs: Record<string, unknown>, id?: string): StateResource {
  return { urn: `urn:pulumi:dev::bot-sign-in::${type}::${name}`, type, custom: true, inputs, ...(id ? { id } : {}) };
}
function creating(made: StateResource): PendingOperation {
  return { type: "creating", resource: made };
}
function application(id: string, more: Partial<EntraApplication> = {}): EntraApplication {
  return {
    id,
    appId: `app-${id}`,
    displayName: "Mail bot (dev)",
    createdDateTime: "2026-01-31T09:00:00Z",
    tags: entraTags,
    identifierUris: [],
    preAuthorized: [],
    passwords: [],
    ...more,
  };
}
function live(id: string, more: object = {}): Found["tagged"][number] {
  return { id, apiVersion: "2024-11-01", tags, ...more };
}
const groupInState = resource("azure-native:resources:ResourceGroup", "group", { resourceGroupName: "g" }, group);
const pendingVault = creating(
  resource("azure-native:keyvault:Vault", "vault", { resourceGroupName: "g", vaultName: "v" }),
);
const pendingApplication = creating(
  resource("azuread:index/application:Application", "sign-in", { displayName: "Mail bot (dev)" }),
);
function plan(standing: Partial<{ resources: StateResource[]; pending: PendingOperation[] }>, found: Partial<Found>) {
  const { steps, left } = planFor(
    deployment,
    { resources: [], pending: [], ...standing },
    { ...nothing, ...found },
    "s",
  );
  return { steps: steps.map(sentenceOf), left: left.map(({ what, why }) => `${what}: ${why}`) };
}
function at(...resources: Found["tagged"]): Found["atPending"] {
  return new Map(resources.map((one) => [one.id.toLowerCase(), one]));
}

test("what a killed up had made in ARM is taken in, so that the next up does not call it already existing", () => {
  const found = { atPending: at(live(vault)), tagged: [live(vault)] };
  expect(plan({ resources: [groupInState], pending: [pendingVault] }, found)).toEqual({
    steps: [`take into the state: Vault vault (${vault})`],
    left: [],
  });
});

test("what a killed up had not made yet is struck from the state", () => {
  expect(plan({ resources: [groupInState], pending: [pendingVault] }, {}).steps).toEqual([
    "strike from the pending operations: Vault vault (it was never made)",
  ]);
});

test("what failed in Azure is removed, and made anew by the next up", () => {
  const failed = live(vault, { provisioningState: "Failed" });
  const found = { atPending: at(failed), tagged: [failed] };
  expect(plan({ resources: [groupInState], pending: [pendingVault] }, found).steps).toEqual([
    "strike from the pending operations: Vault vault (its creation failed in Azure)",
    `delete: ${vault} (its creation failed)`,
  ]);
});

test("somebody else's resource of the wanted name is neither taken in nor removed", () => {
  for (const ofOthers of [{ tags: {} }, { tags: { project: "bot-sign-in", stack: "prod" } }]) {
    const { steps, left } = plan({ pending: [pendingVault] }, { atPending: at(live(vault, ofOthers)) });
    expect(steps).toEqual(["strike from the pending operations: Vault vault (what has its name is not this stack's)"]);
    expect(left).toEqual([`${vault}: it has the name that the program wants and lacks this stack's tags`]);
  }
});

test("what can carry no tags is ours inside our own group, a grant on a resource of it too", () => {
  const inputs = { scope: vault, roleAssignmentName: "r" };
  const grant = creating(resource("azure-native:authorization:RoleAssignment", "grant", inputs));
  const id = `${vault}/providers/Microsoft.Authorization/roleAssignments/r`;
  const atPending = at(live(id, { tags: {} }));
  expect(plan({ resources: [groupInState], pending: [grant] }, { atPending }).steps).toEqual([
    `take into the state: RoleAssignment grant (${id})`,
  ]);
  expect(plan({ pending: [grant] }, { atPending }).left).toHaveLength(1);
});

test("an application that was made and not noted is taken in; a second one of a later up leaves the first to be removed", () => {
  expect(plan({ pending: [pendingApplication] }, { applications: [application("a")] }).steps).toEqual([
    "take into the state: Application sign-in (/applications/a)",
  ]);
  const inState = resource(pendingApplication.resource.type, "sign-in", {}, "/applications/b");
  expect(plan({ resources: [inState] }, { applications: [application("a"), application("b")] }).steps).toEqual([
    "delete application: Mail bot (dev) (made 2026-01-31T09:00:00Z) (it stands in no state)",
  ]);
});

test("an application with passwords is left, because another deployment of the same name may live on it", () => {
  const passwords = [{ keyId: "k", displayName: "bot", endDateTime: "2027-01-01T00:00:00Z" }];
  const inState = resource(pendingApplication.resource.type, "sign-in", {}, "/applications/b");
  const { steps, left } = plan({ resources: [inState] }, { applications: [application("a", { passwords })] });
  expect(steps).toEqual([]);
  expect(left).toEqual([expect.stringContaining("it holds passwords")]);
});

test("a password that nobody could read is removed, those in the state and those of other names stay", () => {
  const type = "azuread:index/applicationPassword:ApplicationPassword";
  const inputs = { applicationId: "/applications/a", displayName: "bot" };
  const owner = resource(pendingApplication.resource.type, "bot", {}, "/applications/a");
  const old = resource(type, "bot", inputs, "a/password/old");
  const endDateTime = "2027-01-01T00:00:00Z";
  const passwords = ["old", "new"].map((keyId) => ({ keyId, displayName: "bot", endDateTime }));
  passwords.push({ keyId: "hand", displayName: "made by hand", endDateTime });
  const { steps } = planFor(
    deployment,
    { resources: [owner, old], pending: [creating(resource(type, "bot", inputs))] },
    { ...nothing, applications: [application("a", { passwords })] },
    "s",
  );
  expect(steps.filter(({ action }) => action === "remove password")).toEqual([
    { action: "remove password", applicationId: "a", keyId: "new", what: '"bot" of Mail bot (dev)' },
  ]);
});

test("nothing is removed on the word of a state that holds nothing: it may be the wrong backend", () => {
  const { steps, left } = plan({}, { tagged: [live(group), live(vault)], applications: [application("a")] });
  expect(steps).toEqual([]);
  expect(left).toHaveLength(3);
});

test("a stray resource goes only out of our own group; a full group, and what is elsewhere, is left", () => {
  const elsewhere = "/subscriptions/s/resourceGroups/other/providers/Microsoft.KeyVault/vaults/w";
  const otherGroup = "/subscriptions/s/resourceGroups/other";
  const tagged = [live(group), live(vault), live(otherGroup), live(elsewhere)];
  expect(plan({ resources: [groupInState] }, { tagged })).toEqual({
    steps: [`delete: ${vault} (it stands in no state)`],
    left: [
      `${elsewhere}: its resource group is not this stack's`,
      `${otherGroup}: it is a resource group that is not empty`,
    ],
  });
});

test("an empty group of ours goes where no state has it; one that holds anything at all stays, whoever's that is", () => {
  const ofOurs = "/subscriptions/s/resourceGroups/second";
  const stray = (full: boolean): ReturnType<typeof plan> =>
    plan({ resources: [groupInState] }, { tagged: [live(group, { full: true }), live(ofOurs, { full })] });
  expect(stray(false)).toEqual({ steps: [`delete: ${ofOurs} (it stands in no state)`], left: [] });
  expect(stray(true)).toEqual({ steps: [], left: [`${ofOurs}: it is a resource group that is not empty`] });
});

test("what a group holds Azure is asked for, untagged things too", async () => {
  const tagged = { id: group, tags, type: "Microsoft.Resources/resourceGroups" };
  const access = new StandInAccess(({ url: { pathname } }) => {
    if (pathname === "/subscriptions/s/resourcegroups") return Response.json({ value: [tagged] });
    return Response.json({ value: pathname === `${group}/resources` ? [{ id: `${group}/providers/A.B/c/d` }] : [] });
  });
  const { fetch } = access;
  const side = new AzureSide({ fetch, token: async () => "token", wait: async () => {}, now: () => 0 }, "s");
  const found = await side.find(deployment, { resources: [], pending: [] });
  expect(found.tagged).toEqual([{ id: group, tags, apiVersion: "2024-03-01", full: true }]);
});

describe("in a resource group of others", () => {
  const shared = "/subscriptions/s/resourceGroups/shared";
  const account = `${shared}/providers/Microsoft.Storage/storageAccounts/botsignindevabcd1234`;
  const inState = resource("azure-native:storage:StorageAccount", "state", {}, account);
  const grantOn = (scope: string): PendingOperation =>
    creating(
      resource("azure-native:authorization:RoleAssignment", "grant", {
        scope,
        roleAssignmentName: "r",
        principalId: "p",
      }),
    );
  const role = (scope: string): string => `${scope}/providers/Microsoft.Authorization/roleAssignments/r`;

  test("part of a resource of ours is taken in, or the next up would call it already existing", () => {
    const inputs = { resourceGroupName: "shared", accountName: "botsignindevabcd1234", containerName: "turns" };
    const container = creating(resource("azure-native:storage:BlobContainer", "turns", inputs));
    const id = `${account}/blobServices/default/containers/turns`;
    const found = { atPending: at(live(id, { tags: {} })) };
    expect(plan({ resources: [inState], pending: [container] }, found)).toEqual({
      steps: [`take into the state: BlobContainer turns (${id})`],
      left: [],
    });
    // Of somebody else's account nothing is.
    expect(plan({ pending: [container] }, found).left).toHaveLength(1);
  });

  test("a role at a vault of others is ours where it is our identity's, and left where it is anybody else's", () => {
    const theirs = `${shared}/providers/Microsoft.KeyVault/vaults/keys`;
    const found = (principalId: string): Partial<Found> => ({
      atPending: at(live(role(theirs), { tags: {}, principalId })),
    });
    expect(plan({ pending: [grantOn(theirs)] }, found("p")).steps).toEqual([
      `take into the state: RoleAssignment grant (${role(theirs)})`,
    ]);
    expect(plan({ pending: [grantOn(theirs)] }, found("q")).left).toHaveLength(1);
  });

  test("a stray resource goes where the stack lives and the program gave it its name; a copy, and the group, stay", () => {
    const [stray, copy] = ["botsignindevdcba4321", "copied"].map((name) => account.replace(/[^/]+$/, name));
    expect(plan({ resources: [inState] }, { tagged: [live(stray!), live(copy!)] })).toEqual({
      steps: [`delete: ${stray} (it stands in no state)`],
      left: [`${copy}: its resource group is not this stack's`],
    });
  });
});

test("of an application of others only the password that this stack was adding is removed, not that of another bot", () => {
  const type = "azuread:index/applicationPassword:ApplicationPassword";
  const [ends, otherEnd] = ["2027-01-01T00:00:00Z", "2027-02-02T00:00:00Z"];
  const inputs = { applicationId: "/applications/a", displayName: "bot-sign-in-dev-721f88", endDate: ends };
  const passwords = [
    { keyId: "ours", displayName: inputs.displayName, endDateTime: "2027-01-01T00:00:00.0000000Z" },
    { keyId: "same name", displayName: inputs.displayName, endDateTime: otherEnd },
    { keyId: "theirs", displayName: "made by hand", endDateTime: ends },
  ];
  const theirs = application("a", { tags: [], passwords });
  const { steps } = plan(
    { resources: [groupInState], pending: [creating(resource(type, "sign-in", inputs))] },
    { applications: [theirs] },
  );
  expect(steps).toEqual([
    'remove password: "bot-sign-in-dev-721f88" of Mail bot (dev)',
    "strike from the pending operations: ApplicationPassword sign-in (Entra shows a password once, and nobody was there to read it)",
  ]);
});

test("of two components that are called the same each gets its own application back", () => {
  const pending = ["mail", "post"].map((component) =>
    creating(
      resource(pendingApplication.resource.type, component, {
        displayName: "Mail bot (dev)",
        tags: [`component:${component}`, ...entraTags, "commit:1a2b3c4"],
      }),
    ),
  );
  const applications = ["post", "mail"].map((component) =>
    application(component, { tags: [...entraTags, `component:${component}`] }),
  );
  expect(plan({ pending }, { applications }).steps).toEqual([
    "take into the state: Application mail (/applications/mail)",
    "take into the state: Application post (/applications/post)",
  ]);
});

test("the id of what was being made follows from its inputs, and is none where an input is not known", () => {
  expect(armAddress(pendingVault.resource, "s")).toEqual({ id: vault, apiVersion: "2026-02-01" });
  expect(armAddress(resource("azure-native:keyvault:Vault", "v", { vaultName: "v" }), "s")).toBeUndefined();
  expect(armAddress(resource("bot-sign-in:index:RotationDate", "d", {}), "s")).toBeUndefined();
});

test("a state takes half-made resources in with the inputs they were written with, and keeps no pending operation", () => {
  const state = { version: 3, deployment: { resources: [groupInState], pending_operations: [pendingVault] } };
  const { deployment } = takenIn(state, [{ urn: pendingVault.resource.urn, id: vault }]);
  const { inputs } = pendingVault.resource;
  expect(deployment).toEqual({
    resources: [groupInState, { ...pendingVault.resource, id: vault, outputs: { ...inputs, __inputs: inputs } }],
    pending_operations: [],
  });
});

test("what a refresh reads of a resource taken in changes its outputs alone, so that the next up does not replace it", () => {
  const { resource: vaultAsked } = pendingVault;
  const before = { resources: [groupInState], pending: [pendingVault, pendingApplication] };
  const spoiled = { ...vaultAsked, id: vault, inputs: { location: "West Europe" }, outputs: { vaultUri: "https://v" } };
  const entra = { ...pendingApplication.resource, id: "/applications/a", inputs: { displayName: "live" }, outputs: {} };
  const refreshed = { version: 3, deployment: { resources: [groupInState, spoiled, entra] } };
  const { inputs } = vaultAsked;
  expect(asWritten(refreshed, before, [vaultAsked.urn, entra.urn]).deployment.resources).toEqual([
    groupInState,
    { ...spoiled, inputs, outputs: { vaultUri: "https://v", __inputs: inputs } },
    entra,
  ]);
});

test("what was taken in or was being changed is read anew, and nothing else of the stack", () => {
  const changed = resource("azure-native:web:WebApp", "host", { name: "w" }, `${group}/w`);
  const pending = [pendingVault, pendingApplication, { type: "updating", resource: changed }];
  const vaultUrn = pendingVault.resource.urn;
  expect(unsureOf({ resources: [groupInState, changed], pending }, [{ urn: vaultUrn }])).toEqual([
    vaultUrn,
    changed.urn,
  ]);
  expect(unsureOf({ resources: [groupInState], pending: [pendingApplication] }, [])).toEqual([]);
});

describe("processes", () => {
  const engine = "127.0.0.1:4000";
  const process = (pid: number, parent: number, command: string[], folder = "/home/kim/bot/infra"): Process => ({
    pid,
    parent,
    folder,
    command,
  });
  const language = process(10, 1, ["/opt/pulumi-language-nodejs", engine]);
  const script = process(11, 1, ["node", "plugin.js", "azuread", engine]);
  const pids = (processes: Process[], answering: string[] = []): number[] =>
    leftovers(processes, "/home/kim/bot", new Set(answering)).map(({ pid }) => pid);

  test("the plugins of a killed CLI are found, with those that became processes of another name and their children", () => {
    const child = process(12, 11, ["node", "provider.js", engine]);
    expect(pids([language, script, child])).toEqual([10, 11, 12]);
  });

  test("plugins of a CLI that still runs, of another project and other programs are never ended", () => {
    expect(pids([language, script], [engine])).toEqual([]);
    expect(pids([{ ...language, folder: "/home/kim/bottle" }])).toEqual([]);
    expect(pids([script])).toEqual([]);
    expect(pids([process(9, 1, ["pulumi", "up"]), { ...language, parent: 9 }])).toEqual([]);
  });
});

describe("locks", () => {
  const said =
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete it\n" +
    "  azblob://state/.pulumi/locks/x.json: created by kim@laptop (pid 4711) at 2026-01-31T09:00:00Z";
  const lock = { pid: 4711, host: "laptop", user: "kim", at: "2026-01-31T09:00:00Z" };

  test("who holds a stack is read from Pulumi's words", () => {
    expect(isLocked(said)).toBe(true);
    expect(locksIn(said)).toEqual([lock]);
  });

  test("a lock that somebody took since the locks were shown is never cancelled with them, not even by the same process number", () => {
    const later = { ...lock, at: "2026-01-31T09:05:00Z" };
    expect(takenSince([lock], [lock])).toEqual([]);
    expect(takenSince([lock], [])).toEqual([]);
    expect(takenSince([lock], [lock, later])).toEqual([later]);
    expect(takenSince([lock], [later])).toEqual([later]);
  });

  test("a lock whose pulumi still runs here is never cancelled", () => {
    const running = [{ pid: 4711, parent: 1, folder: "/", command: ["/opt/pulumi", "up"] }];
    expect(stillHeld(lock, running, "laptop")).toBe(true);
    expect(stillHeld(lock, running, "desktop")).toBe(false);
    expect(stillHeld(lock, [{ ...running[0]!, command: ["vi"] }], "laptop")).toBe(false);
  });
});
