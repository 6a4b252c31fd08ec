import { BlobServiceClient } from "@azure/storage-blob";
import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployerAccess } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { deployerCredential } from "../../infra/azure/deployer-credential";
import { graphGet, graphWrite } from "../../infra/azure/graph";
import { type LocalAzure, startLocalAzure } from "../../local/azure/azure";
import type { JobWanted } from "../../local/azure/git-hub/jobs";
import { runGitHub } from "../../ops/pipeline";
import { preflight } from "../../ops/preflight/preflight";
import { connectThisProcess, root } from "../support/deployed";
import { gitHubToken } from "../support/git-hub-token";

/** `npm run pipeline` against the local Azure and the local GitHub, by their real host names. */
let azure: LocalAzure;
let disconnect: () => void;
let folder: string;
let person: NodeJS.ProcessEnv;
const tokens: string[] = [];

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], changed: NodeJS.ProcessEnv = {}): Promise<Ran> {
  let [out, err] = ["", ""];
  const streams = {
    stdout: { write: (text: string) => Boolean((out += text)) },
    stderr: { write: (text: string) => Boolean((err += text)) },
  };
  const environment = { ...person, ...changed };
  const code = await runGitHub([...args, "--repo", "contoso/mail-bot"], {
    folder,
    environment,
    streams: streams as never,
  });
  for (const token of tokens) expect(out + err).not.toContain(token);
  return { code, out, err };
}

interface Document {
  readonly parts: readonly {
    what: string;
    found: string;
    toDo: string | null;
    because: string | null;
    fix: string | null;
  }[];
  readonly done: readonly string[];
  readonly refused: readonly { what: string; ended: string; why: string; fix: string | null }[];
  readonly complete: boolean;
}

async function json(...args: readonly string[]): Promise<Document & { code: number }> {
  const { code, out } = await run([...args, "--json"]);
  return { code, ...(JSON.parse(out) as Document) };
}

const open = ({ parts }: Document): string[] =>
  parts.filter(({ toDo }) => toDo !== null && toDo !== "judge").map(({ what, toDo }) => `${toDo} ${what}`);

/** Requests that change something, since a moment. */
const writes = (since: number): string[] =>
  azure.trace
    .exchanges(since)
    .filter(({ method, url }) => method !== "GET" && /^(management|graph|api)\./.test(new URL(url).hostname))
    .map(({ method, url }) => `${method} ${new URL(url).pathname}`);
const now = (): number => azure.trace.exchanges().at(-1)?.number ?? 0;

const place = (): string[] => [
  "--state",
  "contosobotstate",
  "--vault",
  "contoso-bot-state",
  "--state-subscription",
  azure.tenant.subscriptionId,
];
const namesKey = async (stack: string): Promise<void> => {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const key = `secretsprovider: azurekeyvault://contoso-bot-state.vault.azure.net/keys/${stack}\n`;
  await writeFile(file, key + (await readFile(file, "utf8")));
};

/** The environment of a job at GitHub, as the workflows put it together. */
function job(wanted: Omit<JobWanted, "repository">): Record<string, string> {
  const { environment, variables } = azure.gitHub.jobs.start({ repository: "contoso/mail-bot", ...wanted });
  return {
    ...environment,
    ARM_USE_OIDC: "true",
    ARM_CLIENT_ID: variables.AZURE_CLIENT_ID!,
    ARM_TENANT_ID: variables.AZURE_TENANT_ID!,
    ARM_SUBSCRIPTION_ID: variables.AZURE_SUBSCRIPTION_ID!,
    PULUMI_BACKEND_URL: variables.PULUMI_BACKEND_URL!,
  };
}
const main = "refs/heads/main";

beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  // As one that was made before GitHub put ids into subjects.
  azure.gitHub.repositories.find("contoso", "mail-bot")!.immutableSubject = false;
  disconnect = await connectThisProcess(azure, "person");
  folder = await mkdtemp(join(tmpdir(), "pipeline-test-"));
  for (const file of [
    "Pulumi.yaml",
    "Pulumi.dev.yaml",
    "Pulumi.staging.yaml",
    "Pulumi.prod.yaml",
    "Pulumi.preview.yaml",
  ]) {
    await cp(join(root, file), join(folder, file));
  }
  tokens.push(await gitHubToken(azure, "ada"), await gitHubToken(azure, "sam"));
  person = { ...(await azure.deployerEnvironment()), PATH: "/nowhere", GH_TOKEN: tokens[0] };
});
afterAll(async () => {
  disconnect?.();
  await azure?.close();
  await rm(folder, { recursive: true, force: true });
});

test("it shows its plan first, and does nothing where nobody agrees", async () => {
  const since = now();
  const { code, out } = await run(["prod", ...place()]);
  expect(code).toBe(2);
  expect(out).toMatch(/^prod at contoso\/mail-bot: prod-plan, prod\nFOUND +TO DO +WHERE +WHAT\n/);
  expect(out).toMatch(/missing {2}make {4}Entra {3}application of prod\n/);
  expect(out).toMatch(/\nNothing was done\. To do it: the same again, with --yes\n$/);
  expect(writes(since)).toEqual([]);
});

test("a misspelt region of the states is refused before anything is made", async () => {
  const since = now();
  const { code, err } = await run(["prod", ...place(), "--location", "westeurop", "--yes"]);
  expect(code).toBe(1);
  expect(err).toMatch(/^--location is "westeurop", no region of the subscription\. Did you mean westeurope\?/);
  expect(writes(since)).toEqual([]);
});

test("who lets prod's jobs go on only a person can say: until then nothing of prod is at GitHub", async () => {
  const { code, refused } = await json("prod", ...place(), "--yes");
  expect(code).toBe(3);
  expect(refused[0]).toMatchObject({ what: "environment prod", ended: "waits", why: "reviewers of prod" });
  expect(() => job({ ref: main, environment: "prod" }).ARM_CLIENT_ID).not.toThrow();
  // GitHub makes an environment without rules where a job names one that is not there; it knows no application.
  expect(job({ ref: main, environment: "prod" }).ARM_CLIENT_ID).toBeUndefined();
});

test("it makes all the rest, and has nothing to do again: a person's part is named until it is done", async () => {
  const made = await json("prod", "--reviewer", "contoso/mail-team", "--yes");
  expect([made.code, open(made)]).toEqual([3, ["you Pulumi.prod.yaml names the key prod"]]);
  await namesKey("prod");
  const since = now();
  const { code, out } = await run(["prod", "--yes"]);
  expect([code, out.split("\n").at(-2)]).toEqual([0, "prod: the pipeline is complete."]);
  expect(writes(since)).toEqual([]);
});

describe("a job at GitHub", () => {
  test("of main that a reviewer let go on signs in by its token alone, and preflight misses nothing", async () => {
    const environment = job({ ref: main, environment: "prod", approvedBy: "kim", actor: "sam" });
    const findings = await preflight(folder, "prod", environment);
    expect(findings.filter(({ state }) => state === "missing")).toEqual([]);
    expect(findings.filter(({ state }) => state === "held").length).toBeGreaterThan(10);
  });

  test.each<[string, Omit<JobWanted, "repository">, RegExp]>([
    [
      "of another branch",
      { ref: "refs/heads/feature", environment: "prod", approvedBy: "kim" },
      /^Branch "feature" is not/,
    ],
    [
      "of a pull request",
      { ref: "refs/pull/7/merge", environment: "prod", approvedBy: "kim" },
      /^Branch "refs\/pull\/7\/merge"/,
    ],
    ["that nobody let go on", { ref: main, environment: "prod" }, /^Waiting for review/],
    ["that its own author let go on", { ref: main, environment: "prod", approvedBy: "sam", actor: "sam" }, /^Waiting/],
  ])("%s is not let in", (_what, wanted, says) => {
    expect(() => job(wanted)).toThrow(says);
  });

  test("in no environment, or in the plan's, is not prod's application", async () => {
    const { ARM_CLIENT_ID } = job({ ref: main, environment: "prod", approvedBy: "kim" });
    for (const wanted of [{ ref: main }, { ref: main, environment: "prod-plan" }]) {
      const { ARM_CLIENT_ID: _own, ...as } = job(wanted);
      const { tenantId, subscriptionId } = azure.tenant;
      const environment = { ...as, ARM_CLIENT_ID, ARM_TENANT_ID: tenantId, ARM_SUBSCRIPTION_ID: subscriptionId };
      await expect(preflight(folder, "prod", environment as Record<string, string>)).rejects.toThrow(/AADSTS700213/);
    }
  });

  test("that plans reads Azure, and writes nothing", async () => {
    const arm = armClient(deployerAccess(job({ ref: main, environment: "prod-plan" })));
    const group = `/subscriptions/${azure.tenant.subscriptionId}/resourceGroups`;
    expect(await arm.list(group, "2021-04-01")).not.toEqual([]);
    await expect(arm.put(`${group}/plan`, "2021-04-01", { location: "westeurope" })).rejects.toMatchObject({
      code: "AuthorizationFailed",
    });
  });
});

describe("what somebody changed by hand", () => {
  const arm = (): ReturnType<typeof armClient> => armClient(deployerAccess(person));
  const application = async (environment: string): Promise<{ id: string; appId: string; principal: string }> => {
    const appId = job({ ref: main, environment, approvedBy: "kim" }).ARM_CLIENT_ID!;
    const of = async (kind: string): Promise<string> =>
      (await graphGet<{ id: string }>(deployerAccess(person), `/${kind}(appId='${appId}')`))!.id;
    return { id: await of("applications"), appId, principal: await of("servicePrincipals") };
  };
  const gitHub = async (method: string, path: string, body?: object): Promise<void> => {
    const answer = await fetch(`https://api.github.com/repos/contoso/mail-bot${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens[0]}`, "user-agent": "a test" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  };
  interface Assigned {
    readonly id: string;
    readonly properties: Record<string, string>;
  }
  const assignments = async (): Promise<Assigned[]> =>
    arm().list<Assigned>(
      `/subscriptions/${azure.tenant.subscriptionId}/providers/Microsoft.Authorization/roleAssignments`,
      "2022-04-01",
      `principalId eq '${(await application("prod")).principal}'`,
    );

  const changes: readonly (readonly [what: string, change: () => Promise<void>, expected: string])[] = [
    [
      "the bounds of the right to give roles",
      async () => {
        const [bounded] = (await assignments()).filter(({ properties }) => properties.condition);
        const { roleDefinitionId, principalId } = bounded!.properties;
        await arm().put(bounded!.id, "2022-04-01", { properties: { roleDefinitionId, principalId } });
      },
      "mend prod is Role Based Access Control Administrator at subscription",
    ],
    [
      "a role at the state",
      async () => {
        const [at] = (await assignments()).filter(({ properties }) => properties.scope!.includes("/containers/"));
        await arm().remove(at!.id, "2022-04-01");
      },
      "make prod is Storage Blob Data Contributor at containers/prod",
    ],
    [
      "keys of the state's account",
      () =>
        arm().patch(
          `/subscriptions/${azure.tenant.subscriptionId}/resourceGroups/bot-state/providers/Microsoft.Storage/storageAccounts/contosobotstate`,
          "2025-06-01",
          { properties: { allowSharedKeyAccess: true } },
        ),
      "mend storage account contosobotstate",
    ],
    [
      "a permission at Microsoft Graph",
      async () => {
        const access = deployerAccess(person);
        const { principal } = await application("prod-plan");
        const path = `/servicePrincipals/${principal}/appRoleAssignments`;
        const { value } = (await graphGet<{ value: { id: string }[] }>(access, path))!;
        await graphWrite(access, "DELETE", `${path}/${value[0]!.id}`);
      },
      "make prod-plan may Application.Read.All at Microsoft Graph",
    ],
    [
      "the branches",
      () => gitHub("POST", "/environments/prod/deployment-branch-policies", { name: "*", type: "branch" }),
      "remove * may be in prod",
    ],
    [
      "who may let a job go on",
      () =>
        gitHub("PUT", "/environments/prod", {
          reviewers: [{ type: "Team", id: 4217 }],
          deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
        }),
      "mend environment prod",
    ],
    [
      "a variable",
      () => gitHub("PATCH", "/environments/prod/variables/AZURE_SUBSCRIPTION_ID", { value: "another" }),
      "mend AZURE_SUBSCRIPTION_ID of prod",
    ],
  ];

  test("is named, and mended: roles and their bounds, permissions, keys, branches, reviewers, variables", async () => {
    for (const [, change] of changes) await change();
    const found = await json("prod", "--check");
    const named = open(found);
    expect([found.code, named.length]).toEqual([2, changes.length]);
    for (const [what, , expected] of changes) {
      expect([what, named]).toEqual([what, expect.arrayContaining([expect.stringContaining(expected)])]);
    }
    const mended = await json("prod", "--yes");
    expect([mended.code, mended.done.length, mended.complete]).toEqual([0, changes.length, true]);
  });

  test("a repository whose subject takes its other form is trusted by that alone", async () => {
    azure.gitHub.repositories.find("contoso", "mail-bot")!.immutableSubject = true;
    const mended = await json("prod", "--yes");
    expect(mended.done).toEqual(
      ["prod-plan", "prod"].map((name) => `${name} trusts repo:contoso@9919/mail-bot@1296269:environment:${name}`),
    );
    await preflight(folder, "prod", job({ ref: main, environment: "prod", approvedBy: "kim" }));
  });

  test("what somebody gave besides is named with the command that takes it away, and left", async () => {
    const access = deployerAccess(person);
    const { id, appId } = await application("prod");
    await graphWrite(access, "POST", `/applications/${id}/federatedIdentityCredentials`, {
      name: "everything",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso/mail-bot:pull_request",
      audiences: ["api://AzureADTokenExchange"],
    });
    const { code, parts } = await json("prod", "--check");
    expect(code).toBe(0);
    expect(parts.filter(({ found }) => found === "extra")).toEqual([
      // The local Azure has one subscription.
      expect.objectContaining({ what: "states in the subscription to which prod is deployed" }),
      expect.objectContaining({
        what: "prod trusts repo:contoso/mail-bot:pull_request as well",
        fix: `az ad app federated-credential delete --id ${appId} --federated-credential-id everything`,
      }),
    ]);
  });
});

test("dev's and the previews' pipelines stand beside it, at the same places", async () => {
  for (const stack of ["dev", "preview"]) {
    await namesKey(stack);
    expect(await json(stack, "--yes")).toMatchObject({ code: 0, complete: true });
  }
  for (const wanted of [
    { environment: "preview", ref: "refs/pull/42/merge", stack: "pr-42" },
    { environment: "dev", ref: main, stack: "dev" },
  ]) {
    const findings = await preflight(folder, wanted.stack, job(wanted));
    expect([wanted, findings.filter(({ state }) => state === "missing")]).toEqual([wanted, []]);
  }
  expect(() => job({ environment: "dev-plan", ref: "refs/pull/42/merge" })).not.toThrow();
  expect(() => job({ environment: "dev", ref: "refs/pull/42/merge" })).toThrow(/^Branch/);
});

test("who lacks rights is told by whom, or by which command, it is done", async () => {
  expect(await run(["prod", "--check"], { GH_TOKEN: tokens[1] })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^Whoever is signed in to GitHub is no administrator of contoso\/mail-bot/) as string,
  });
  expect(await run(["prod", "--check"], { GH_TOKEN: "", GITHUB_TOKEN: "" })).toMatchObject({
    code: 1,
    err: "Nobody is signed in to GitHub: gh auth login, or put a token into GH_TOKEN\n",
  });
  expect(await run(["prod", "--check"], { GH_TOKEN: "ghp_wrong" })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/401 Bad credentials\. Sign in with gh auth login/) as string,
  });
  // Prod's own identity has rights enough for prod's bot, and none to make another pipeline.
  const identity = { ...job({ ref: main, environment: "prod", approvedBy: "kim" }), ARM_CLIENT_SECRET: "" };
  const { code, out } = await run(["staging", "--reviewer", "kim", "--yes", "--json"], identity);
  const { refused, done } = JSON.parse(out) as Document;
  expect(code).toBe(3);
  expect(done).toEqual(expect.arrayContaining(["container staging of contosobotstate", "application of staging"]));
  const why = (what: string): object => refused.find((one) => one.what.startsWith(what))!;
  expect(why("staging may Application.ReadWrite.OwnedBy")).toMatchObject({
    ended: "refused",
    fix: expect.stringMatching(
      /^az ad app permission admin-consent --id [0-9a-f-]{36}, by an administrator$/,
    ) as string,
  });
  expect(why("staging is Contributor")).toMatchObject({
    ended: "refused",
    fix: expect.stringMatching(
      /^az role assignment create --assignee-object-id [0-9a-f-]{36} .*--role "Contributor"/,
    ) as string,
  });
  // Who has the rights finishes it.
  await namesKey("staging");
  expect(await json("staging", "--reviewer", "kim", "--yes")).toMatchObject({ code: 0, complete: true });
});

describe("taken down", () => {
  const blobs = (): BlobServiceClient =>
    new BlobServiceClient("https://contosobotstate.blob.core.windows.net", deployerCredential(person));
  const there = (): string[] =>
    [
      ...[...azure.entra.applications.values()].map(({ displayName }) => displayName),
      ...["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"].flatMap((type) =>
        azure.resources.list(type).map(({ name }) => name),
      ),
    ].filter((name) => /at GitHub|state/.test(name));

  test("a state that nobody may look into, or with stacks in it, stays, and is named", async () => {
    const unseen = await run(["dev", "--down"]);
    expect(unseen.code).toBe(2);
    expect(unseen.out).toMatch(
      /keep .*container dev of contosobotstate \(you may not see whether stacks are in it\)|judge .*container dev/,
    );
    expect(unseen.out).toContain('--role "Storage Blob Data Reader" --scope ');
    await run(["staging", ...place(), "--reviewer", "none", "--yes"]);
    const left = await run(["staging", "--down", "--yes"]);
    expect(left.code).toBe(3);
    expect(left.out).toMatch(/\nstaging: all is gone but what stays: .*container staging of contosobotstate.*\.\n$/);
    const scope = `/subscriptions/${azure.tenant.subscriptionId}`;
    await armClient(deployerAccess(person)).put(
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
      "2022-04-01",
      {
        properties: {
          roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`,
          principalId: azure.tenant.deployer.objectId,
          principalType: "ServicePrincipal",
        },
      },
    );
    const blob = blobs().getContainerClient("dev").getBlockBlobClient(".pulumi/stacks/bot-sign-in/dev.json");
    await blob.upload("{}", 2);
    const held = await json("dev", "--down");
    expect(held.parts).toContainEqual(
      expect.objectContaining({
        what: "container dev of contosobotstate",
        toDo: "keep",
        because: "it holds the state of dev: pulumi destroy and pulumi stack rm each, then run this again",
      }),
    );
    await blob.delete();
  });

  test("one goes with all that was made for it, and nothing that another one uses; an environment with more in it stays", async () => {
    const gitHub = azure.gitHub.environments.find(azure.gitHub.repositories.find("contoso", "mail-bot")!, "dev")!;
    gitHub.variables.set("TEAM", { value: "mail", at: "" });
    const before = there();
    const { code, done, parts } = await json("dev", "--down", "--yes");
    expect(code).toBe(0);
    expect(done).toEqual(
      expect.arrayContaining(["application of dev", "environment dev-plan", "container dev of contosobotstate"]),
    );
    expect(before.filter((name) => !there().includes(name))).toEqual([
      "bot-sign-in at GitHub: dev-plan",
      "bot-sign-in at GitHub: dev",
    ]);
    expect([...gitHub.variables.keys()]).toEqual(["TEAM"]);
    expect(parts.filter(({ toDo }) => toDo === "keep").map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        "role Bot plan of a state",
        "storage account contosobotstate",
        "vault contoso-bot-state",
      ]),
    );
    expect(await json("prod", "--check")).toMatchObject({ code: 0, complete: true });
  });

  test("an application that somebody made by hand stays, with all that it was given", async () => {
    const access = deployerAccess(person);
    const clientId = job({ ref: main, environment: "preview" }).ARM_CLIENT_ID!;
    const application = (await graphGet<{ id: string; tags: string[] }>(access, `/applications(appId='${clientId}')`))!;
    await graphWrite(access, "PATCH", `/applications/${application.id}`, { tags: [] });
    const { parts } = await json("preview", "--down");
    expect(parts.find(({ what }) => what === "application of preview")).toMatchObject({
      toDo: "keep",
      because: `${clientId} was made by hand: it stays, with all that it was given`,
    });
    expect(
      parts.filter(({ what }) => / of preview$|at GitHub|environment/.test(what) && what !== "application of preview"),
    ).toEqual([]);
    await graphWrite(access, "PATCH", `/applications/${application.id}`, { tags: application.tags });
  });

  test("the last one takes the places of the states along, and what comes after takes the vault out of the bin", async () => {
    for (const stack of ["staging", "preview", "prod"]) {
      expect([stack, await json(stack, "--down", "--yes")]).toMatchObject([stack, { code: 0 }]);
    }
    expect(there()).toEqual([]);
    expect(azure.resources.list("Microsoft.Authorization/roleDefinitions")).toEqual([]);
    // Whatever said where the state was is gone, too.
    expect((await run(["prod", "--down"])).err).toMatch(
      /^Nothing is left at GitHub and Entra of the environments prod-plan, prod\. Nobody has said yet in which storage account the states are kept: to look for their state, too, add --state <name>;/,
    );
    expect((await json("prod", ...place(), "--reviewer", "kim", "--yes")).complete).toBe(true);
  });
});
