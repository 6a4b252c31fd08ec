import { execFileSync } from "node:child_process";
import { applyParts } from "../../../ops/pipeline/apply";
import { stacksOf } from "../../../ops/pipeline/neighbours";
import { reviewerNamed } from "../../../ops/pipeline/at-git-hub";
import { isOpen, type Part } from "../../../ops/pipeline/part";
import { planPipeline } from "../../../ops/pipeline/plan";
import type { FoundPipeline } from "../../../ops/pipeline/read";
import { planTakeDown } from "../../../ops/pipeline/take-down";
import { environmentMadeTag } from "../../../ops/pipeline/wanted";
import { tableOf } from "../../../ops/pipeline/report";
import { StandInAccess } from "../../infra/provider/stand-in-access";
import { environmentsOf } from "../../../ops/git-hub/environments";
import { nothingFound, wantedFor } from "../../support/pipeline";

const part = (parts: readonly Part[], what: string): Part => parts.find((one) => one.what === what)!;
const tagged = (tags: Record<string, string>, properties: Record<string, unknown>): FoundPipeline["account"] => ({
  id: "/subscriptions/of-state/x",
  tags,
  properties,
});
const opened = { minimumTlsVersion: "TLS1_0", allowBlobPublicAccess: false, allowSharedKeyAccess: true };

test("an account that somebody else made is not changed: others may rely on how it is", () => {
  const wanted = wantedFor("prod");
  const ours = planPipeline(wanted, { ...nothingFound, account: tagged({ pipeline: "bot-sign-in" }, opened) });
  expect(part(ours, "storage account contosobotstate")).toMatchObject({
    found: "differs",
    because: "minimumTlsVersion is TLS1_0, allowSharedKeyAccess is true",
    step: { do: "patch" },
  });
  const theirs = part(
    planPipeline(wanted, { ...nothingFound, account: tagged({}, opened) }),
    "storage account contosobotstate",
  );
  expect(theirs.step).toBeUndefined();
  expect(theirs.fix).toMatch(/^az storage account update --name contosobotstate .*--allow-shared-key-access false$/);
  expect(isOpen(theirs)).toBe(true);
});

test("a vault in the recycle bin is taken out of it, with the keys that it had", () => {
  const parts = planPipeline(wantedFor("prod"), { ...nothingFound, deletedVault: true });
  expect(part(parts, "vault contoso-bot-state").step).toMatchObject({
    body: { properties: { createMode: "recover" } },
  });
});

test("states in the subscription to which the stack is deployed are a person's to judge: a Contributor there could reach them", () => {
  const { place } = wantedFor("prod");
  const parts = planPipeline(wantedFor("prod", { subscriptionId: place.subscriptionId }), nothingFound);
  expect(part(parts, "states in the subscription to which prod is deployed").found).toBe("extra");
  expect(planPipeline(wantedFor("prod"), nothingFound).filter(({ found }) => found === "extra")).toEqual([]);
});

test("a stack that was handed a vault of others has roles inside it, bounded where they give roles", () => {
  const vault = "/subscriptions/others/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/shared";
  const roles = (existing: { vault: string }): unknown[] =>
    wantedFor("prod", {
      settings: {
        project: "bot-sign-in",
        environment: "prod",
        tenantId: "tenant",
        adminConsent: false,
        identity: "secret",
        existing,
      },
    })
      .identities[1]!.roles.filter(({ scope }) => scope === existing.vault)
      .map(({ role, condition }) => [role, condition !== undefined]);
  expect(roles({ vault })).toEqual([
    ["Key Vault Contributor", false],
    ["Role Based Access Control Administrator", true],
    ["Key Vault Secrets Officer", false],
  ]);
  // In its own subscription it is Contributor anyway, which allows nothing inside a vault.
  expect(roles({ vault: vault.replace("/others/", "/of-prod/") })).toEqual([["Key Vault Secrets Officer", false]]);
});

test("a role that an identity has from above every subscription is named by where that is", () => {
  const role = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657";
  const at = (scope: string): string[] => {
    const properties = { scope, roleDefinitionId: role, principalId: "p" };
    const identity = { credentials: [], permissions: [], assignments: [{ id: "/a", properties }] };
    const identities = new Map(wantedFor("prod").identities.map(({ name }) => [name, identity]));
    return planPipeline(wantedFor("prod"), { ...nothingFound, identities })
      .filter(({ found }) => found === "extra")
      .map(({ what }) => what);
  };
  expect(at("/")).toEqual(
    ["prod-plan", "prod"].map((name) => `${name} is 8e3af657 at the root / of the tenant as well`),
  );
  expect(at("/providers/Microsoft.Management/managementGroups/contoso")[0]).toMatch(
    /at managementGroups\/contoso as well$/,
  );
});

test("where a step is refused all that builds on it waits, and the rest is done", async () => {
  const refused = (): Promise<Response> =>
    Promise.resolve(Response.json({ error: { code: "AuthorizationFailed", message: "no" } }, { status: 403 }));
  const access = {
    fetch: refused as never,
    token: () => Promise.resolve("t"),
    wait: () => Promise.resolve(),
    now: () => 0,
  };
  const wanted = wantedFor("prod", { reviewers: undefined });
  const parts = planPipeline(wanted, nothingFound);
  const gitHub = {
    api: "x",
    repository: "contoso/mail-bot",
    token: "t",
    wait: () => Promise.resolve(),
  };
  const outcomes = await applyParts(access, gitHub, wanted, nothingFound, parts, () => undefined);
  const ended = (what: string): unknown => outcomes.find((one) => one.part.what === what)?.ended;
  expect(["resource group bot-state", "role Bot plan of prod", "application of prod"].map(ended)).toEqual([
    "refused",
    "refused",
    "refused",
  ]);
  expect(
    ["storage account contosobotstate", "container prod of contosobotstate", "environment prod"].map(ended),
  ).toEqual(["waits", "waits", "waits"]);
  expect(outcomes.some((one) => one.ended === "done")).toBe(false);
});

test("the command for a role that was refused is one that a terminal takes, with its condition", async () => {
  const access = new StandInAccess(() => Response.json({ error: { code: "No", message: "no" } }, { status: 403 }));
  const wanted = wantedFor("prod");
  const application = { id: "o", appId: "a", displayName: "", tags: [], requiredResourceAccess: [] };
  const identity = { application, principalId: "p", credentials: [], permissions: [], assignments: [] };
  const found = { ...nothingFound, identities: new Map(wanted.identities.map(({ name }) => [name, identity])) };
  const gitHub = { api: "x", repository: "contoso/mail-bot", token: "t", wait: () => Promise.resolve() };
  const parts = planPipeline(wanted, found).filter(({ what }) =>
    /is Role Based Access Control Administrator/.test(what),
  );
  const [outcome] = await applyParts(access, gitHub, wanted, found, parts, () => undefined);
  // As a person's terminal reads it: there an exclamation mark in double quotes asks for an earlier command.
  const input = `set -o history -o histexpand\nprintf '%s\\n' ${outcome?.fix}\n`;
  const words = execFileSync("bash", ["--norc"], { input, encoding: "utf8" }).split("\n");
  const { condition } = wanted.identities[1]!.roles.find(({ role }) => role.startsWith("Role Based"))!;
  expect(words.slice(-3)).toEqual(["--condition", condition, ""]);
});

test("the table says what is found, what becomes of it, and what a person types", () => {
  const rows: readonly Part[] = [
    { where: "Azure", what: "vault v", found: "there" },
    { where: "GitHub", what: "reviewers of prod", found: "missing", because: "say who", fix: "one\ntwo" },
    { where: "Entra", what: "prod trusts x as well", found: "extra", fix: "az delete" },
    { where: "Azure", what: "group g", found: "stays", because: "others are in it" },
  ];
  expect(tableOf(rows)).toBe(
    [
      "FOUND    TO DO   WHERE   WHAT",
      "there            Azure   vault v",
      "missing  you     GitHub  reviewers of prod (say who)",
      "                         one",
      "                         two",
      "extra    judge   Entra   prod trusts x as well",
      "                         to take it away: az delete",
      "stays    keep    Azure   group g (others are in it)",
    ].join("\n"),
  );
});

test("a container is not empty where its states are packed: it would be deleted with them", () => {
  const blobs = [
    "bot/prod.json.gz",
    "bot/prod.json.gz.bak",
    "bot/dev.json",
    "bot/dev.json.bak",
    "old.json",
    "bot/x.json.attrs",
  ];
  expect(stacksOf(blobs.map((name) => `.pulumi/stacks/${name}`))).toEqual(["prod", "dev", "old"]);
});

test("the commands that a person types quote a resource group that has brackets in its name", () => {
  const wanted = wantedFor("prod");
  const place = { ...wanted.place, group: "bot(state)" };
  const parts = planPipeline({ ...wanted, place }, { ...nothingFound, account: tagged({}, opened) });
  const container =
    "/subscriptions/of-state/resourceGroups/bot(state)/providers/Microsoft.Storage/storageAccounts/contosobotstate/blobServices/default/containers/prod";
  expect(part(parts, "Pulumi.prod.yaml names the key prod").fix).toContain(`--scope '${container}'\n`);
  expect(part(parts, "storage account contosobotstate").fix).toContain(" --resource-group 'bot(state)' ");
});

/** An environment at GitHub in which nobody has anything, and a state's place that nobody else uses. */
const nobodyIn = {
  reviewers: [],
  preventSelfReview: false,
  adminsBypass: true,
  waitTimer: 0,
  ownBranches: true,
  branches: [],
  variables: new Map<string, string>(),
  secrets: 0,
};
const nobody = { stacks: [], containers: [], keys: [], inGroup: [], assignments: [] };

test("where GitHub refuses, the application stays by which the next run knows what was made here; and a state's key stays with it", async () => {
  const access = new StandInAccess(({ method, url: { pathname } }) =>
    // The container is locked; all else goes.
    method === "DELETE" && pathname.endsWith("/containers/prod")
      ? Response.json({ error: { code: "ScopeLocked", message: "locked" } }, { status: 409 })
      : new Response(method === "GET" ? "{}" : null, { status: method === "GET" ? 404 : 204 }),
  );
  const wanted = wantedFor("prod", {
    environments: environmentsOf("prod", "prod").filter(({ does }) => does === "deploys"),
  });
  const [{ tag }] = wanted.identities as [(typeof wanted.identities)[number]];
  const properties = { scope: "/subscriptions/of-prod", roleDefinitionId: "r", principalId: "p" };
  const prod = {
    application: { id: "o", appId: "a", displayName: "", tags: [tag, environmentMadeTag], requiredResourceAccess: [] },
    principalId: "p",
    credentials: [],
    permissions: [],
    assignments: [{ id: "/subscriptions/of-prod/providers/Microsoft.Authorization/roleAssignments/1", properties }],
    environment: nobodyIn,
  };
  const ours = tagged({ pipeline: "bot-sign-in" }, {});
  const state = { account: ours, container: ours, vault: ours, key: ours, group: ours };
  const found = { ...nothingFound, ...state, identities: new Map([["prod", prod]]) };
  const parts = planTakeDown(wanted, found, nobody);
  // Nothing answers at this address.
  const gitHub = { api: "x", repository: "contoso/mail-bot", token: "t", wait: () => Promise.resolve() };
  const outcomes = await applyParts(access, gitHub, wanted, found, parts, () => undefined);
  expect(outcomes.map(({ part: { what }, ended }) => `${what}: ${ended}`)).toEqual([
    "environment prod: refused",
    "role assignment of prod at /subscriptions/of-prod: done",
    "application of prod: waits",
    "container prod of contosobotstate: refused",
    "storage account contosobotstate: waits",
    "vault contoso-bot-state: waits",
    "resource group bot-state: waits",
  ]);
  expect(new Set(access.lines.filter((line) => line.startsWith("DELETE"))).size).toBe(2);
});

test("an environment whose application is gone is left for a person, and not told as nothing", () => {
  const wanted = wantedFor("prod", {
    environments: environmentsOf("prod", "prod").filter(({ does }) => does === "deploys"),
  });
  const [{ variables }] = wanted.identities as [(typeof wanted.identities)[number]];
  const partsWith = (own: Readonly<Record<string, string>>): readonly Part[] => {
    const prod = { ...nobodyIn, variables: new Map(Object.entries({ TEAM: "mail", ...own })) };
    const identity = { credentials: [], permissions: [], assignments: [], environment: prod };
    return planTakeDown(wanted, { ...nothingFound, identities: new Map([["prod", identity]]) }, nobody);
  };
  expect(partsWith(variables)).toEqual([
    {
      where: "GitHub",
      what: "environment prod",
      found: "stays",
      because: "the application of its jobs is gone, by which it is known who made it",
      waits: true,
      fix: "gh api --method DELETE repos/contoso/mail-bot/environments/prod",
    },
  ]);
  expect(partsWith({})).toEqual([]);
});

test.each(["contoso/mail-team/more", "contoso/", "..", "contoso/..", "kim lee"])(
  "%j is nobody who reviews, and GitHub is not asked for another one in that place",
  async (name) => {
    const fetch = jest.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(Response.json({ id: 1 })));
    try {
      const gitHub = { api: "https://api.github.com", repository: "a/b", token: "t", wait: () => Promise.resolve() };
      await expect(reviewerNamed(gitHub, name)).rejects.toMatchObject({ code: "reviewer-unknown" });
      expect(fetch).not.toHaveBeenCalled();
      expect(await reviewerNamed(gitHub, "@contoso/mail-team")).toEqual({
        type: "Team",
        id: 1,
        name: "contoso/mail-team",
      });
    } finally {
      fetch.mockRestore();
    }
  },
);
