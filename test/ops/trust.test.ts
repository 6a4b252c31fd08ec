import { ClientSecretCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import { randomUUID } from "node:crypto";
import { type Environment, environments as kinds } from "../../infra/settings/environment";
import { builtInRoles } from "../../infra/facts/roles";
import { type LocalAzure, startLocalAzure } from "../../local/azure/azure";
import { connectThisProcess } from "../support/deployed";
import { newApplication } from "../support/directory";
import { planPipeline } from "../../ops/pipeline/plan";
import type { Part, Step } from "../../ops/pipeline/part";
import type { CustomRole, WantedIdentity, WantedRole } from "../../ops/pipeline/wanted";
import { nothingFound, wantedFor } from "../support/pipeline";
import { blocks, section, table, those, typed } from "../support/runbook";
import { type RunningJob, runningJobs, runsPullRequestsCode } from "../support/workflows";

/**
 * Who may be which identity, and what that identity reaches: what the workflows say, held against what the pipeline's command
 * makes, and both against the runbook's table.
 */
const state = "/subscriptions/of-state/resourceGroups/bot-state/providers";
const account = `${state}/Microsoft.Storage/storageAccounts/contosobotstate`;
const vault = `${state}/Microsoft.KeyVault/vaults/contoso-bot-state`;
const pipeline = section("A pipeline that signs in without a secret");

interface Row {
  readonly environment: string;
  readonly stack: Environment;
  readonly signsInFor: readonly string[];
  readonly codeOfPullRequests: boolean;
  readonly writes: boolean;
  readonly branches: readonly string[];
  readonly reviewed: boolean;
}
const code = (cell: string | undefined): string[] => [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, one]) => one!);
const rows: readonly Row[] = table(pipeline).map((row) => ({
  environment: code(row.environment)[0]!,
  stack: code(row["its stack's state and key"])[0]! as Environment,
  signsInFor: code(row["signs in for"]),
  codeOfPullRequests: row["code of"] === "a pull request",
  writes: row["its stack's state and key"]!.endsWith(": writes"),
  branches: row.branches!.split(", "),
  reviewed: row.reviewers === "yours",
}));
const jobs = runningJobs().filter(({ environment }) => environment !== undefined);
const jobsIn = (environment: string): RunningJob[] => jobs.filter((job) => job.environment === environment);

/** What the pipeline's command makes where there is nothing yet. */
const plans = new Map(kinds.map((stack) => [stack, planPipeline(wantedFor(stack), nothingFound)]));
type Doing<Done extends Step["do"]> = Step & { readonly do: Done };
const steps = <Done extends Step["do"]>(parts: readonly Part[], done: Done): Doing<Done>[] =>
  parts.flatMap(({ step }) => (step?.do === done ? [step as Doing<Done>] : []));
const madeFor = <Done extends Step["do"]>({ environment, stack }: Row, done: Done): Doing<Done>[] =>
  steps(plans.get(stack)!, done).filter((step) => "identity" in step && step.identity === environment);
const identityOf = ({ environment, stack }: Row): WantedIdentity =>
  wantedFor(stack).identities.find(({ name }) => name === environment)!;

const all = rows.map((row) => ({ row, roles: madeFor(row, "role").map(({ role }) => role) }));

test("the pipeline's command makes the rows of the runbook's table, as they say, and no others", () => {
  const made = kinds
    .flatMap((stack) => wantedFor(stack).identities)
    .map(({ name, stack, does, branches, reviewed }) => [name, stack, does === "deploys", branches, reviewed]);
  const told = rows.map(({ environment, stack, writes, branches, reviewed }) => [
    environment,
    stack,
    writes,
    branches.map((one) => (one === "`main`" ? "main" : "refs/pull/*/merge")),
    reviewed,
  ]);
  expect(made).toEqual(told);
});

test("the jobs that sign in are in the environments that the runbook makes, and in no others", () => {
  const table = rows.map(({ environment, signsInFor, codeOfPullRequests }) => [
    environment,
    [...signsInFor].sort(),
    codeOfPullRequests,
  ]);
  const workflows = [...new Set(jobs.map(({ environment }) => environment!))].map((environment) => [
    environment,
    [...new Set(jobsIn(environment).map(({ file }) => file))].sort(),
    jobsIn(environment).some(runsPullRequestsCode),
  ]);
  const byName = (rows: unknown[][]): unknown[][] =>
    [...rows].sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
  expect(byName(workflows)).toEqual(byName(table));
  expect([...new Set(rows.map(({ stack }) => stack))].sort()).toEqual([...kinds].sort());
});

test("a job that asks for an identity is in an environment: without one its subject is every branch's", () => {
  const asking = runningJobs().filter(({ permissions }) => permissions?.["id-token"] === "write");
  expect(asking.filter(({ environment }) => !environment)).toEqual([]);
  expect(asking.length).toBe(jobs.length);
});

test("no pull request's code plans or deploys staging or prod, or writes dev", () => {
  const its = jobs.filter(runsPullRequestsCode).map(({ file, name, environment }) => [file, name, environment]);
  expect(its).toEqual([
    ["plan.yml", "dev", "dev-plan"],
    ["preview.yml", "up", "preview"],
  ]);
});

const atState = (roles: readonly WantedRole[]): readonly WantedRole[] =>
  roles.filter(({ scope }) => scope.startsWith(state));

test("an identity that runs a pull request's code reaches the previews' state, reads dev's, and no other", () => {
  const reached = all
    .filter(({ row }) => row.codeOfPullRequests)
    .map(({ row, roles }) => [row.environment, atState(roles)]);
  expect(reached).toEqual([
    [
      "preview",
      [
        { role: "Storage Blob Data Contributor", scope: `${account}/blobServices/default/containers/preview` },
        { role: "Key Vault Crypto User", scope: `${vault}/keys/preview` },
      ],
    ],
    [
      "dev-plan",
      [
        { role: "Storage Blob Data Reader", scope: `${account}/blobServices/default/containers/dev` },
        { role: "Bot plan of a state", scope: `${vault}/keys/dev` },
      ],
    ],
  ]);
});

test("each state is written by its own deployer alone, and read by its plan alone", () => {
  const places = all.flatMap(({ row, roles }) =>
    atState(roles).map(({ role, scope }) => ({ role, scope, who: row.environment })),
  );
  const at = (place: string): [string, string][] =>
    places.filter(({ scope }) => scope === place).map(({ role, who }) => [who, role]);
  for (const stack of kinds) {
    const plan = stack === "preview" ? [] : [`${stack}-plan`];
    expect(at(`${account}/blobServices/default/containers/${stack}`).sort()).toEqual(
      [[stack, "Storage Blob Data Contributor"], ...plan.map((who) => [who, "Storage Blob Data Reader"])].sort(),
    );
    expect(at(`${vault}/keys/${stack}`).sort()).toEqual(
      [[stack, "Key Vault Crypto User"], ...plan.map((who) => [who, "Bot plan of a state"])].sort(),
    );
  }
  // No other role, nor one above a container or a key: an account's Contributor would reach all of them.
  expect(places).toHaveLength(2 * rows.length);
});

test("outside the state an identity has roles in its own stack's subscription, and in no other", () => {
  for (const { row, roles } of all) {
    const elsewhere = roles.filter(({ scope }) => !scope.startsWith(state));
    expect(elsewhere.map(({ role, scope }) => [role, scope])).toEqual(
      (row.writes ? ["Contributor", "Role Based Access Control Administrator"] : [`Bot plan of ${row.stack}`]).map(
        (role) => [role, `/subscriptions/of-${row.stack}`],
      ),
    );
  }
});

test("the container and the key of each are made, and the state's account can be reached by no key of its own", () => {
  for (const stack of kinds) {
    const made = new Map(steps(plans.get(stack)!, "put").map(({ id, body }) => [id, body]));
    expect([...made.keys()]).toEqual(
      expect.arrayContaining([`${account}/blobServices/default/containers/${stack}`, `${vault}/keys/${stack}`]),
    );
    expect(made.get(account)).toMatchObject({
      properties: { allowSharedKeyAccess: false, allowBlobPublicAccess: false, minimumTlsVersion: "TLS1_2" },
    });
    expect(made.get(vault)).toMatchObject({
      properties: { enableRbacAuthorization: true, enablePurgeProtection: true },
    });
  }
});

test("a plan writes nothing, anywhere: the roles that are made for it read and decrypt", () => {
  for (const stack of kinds) {
    const made = steps(plans.get(stack)!, "custom role").map(({ role }) => role);
    const rights = ({ name, actions, notActions, dataActions }: CustomRole): unknown[] => [
      name,
      actions,
      notActions,
      dataActions,
    ];
    const ofState = ["Bot plan of a state", [], [], ["Microsoft.KeyVault/vaults/keys/decrypt/action"]];
    const ofStack = [
      `Bot plan of ${stack}`,
      ["*/read", "Microsoft.BotService/botServices/channels/listchannelwithkeys/action"],
      ["Microsoft.OperationalInsights/workspaces/query/*"],
      [],
    ];
    expect([stack, made.map(rights)]).toEqual([stack, stack === "preview" ? [] : [ofState, ofStack]]);
  }
});

test("a deployer may give the roles that the program gives, and no others", () => {
  for (const { row, roles } of all) {
    const conditions = roles.flatMap(({ role, condition }) => (condition === undefined ? [] : [[role, condition]]));
    if (!row.writes) {
      expect(conditions).toEqual([]);
      continue;
    }
    expect(conditions).toEqual([["Role Based Access Control Administrator", expect.any(String)]]);
    const condition = conditions[0]![1]!;
    const lists = [...condition.matchAll(/GuidEquals \{([^}]*)\}/g)].map(([, list]) => list!.split(", "));
    expect(lists).toEqual([Object.values(builtInRoles), Object.values(builtInRoles)]);
    for (const [verb, asked] of [
      ["write", "Request"],
      ["delete", "Resource"],
    ]) {
      expect(condition).toContain(`ActionMatches{'Microsoft.Authorization/roleAssignments/${verb}'}`);
      expect(condition).toContain(`@${asked}[Microsoft.Authorization/roleAssignments:RoleDefinitionId]`);
    }
  }
});

test("in Entra a deployer manages what it made itself; that of previews reads bins and grants besides, a plan reads applications, and none reads people", () => {
  const asked = all.map(({ row }) => [
    row.environment,
    madeFor(row, "permission").map(({ permission: { name, id } }) => `${name} ${id}`),
  ]);
  const owned = "Application.ReadWrite.OwnedBy 18a4783c-866b-4cc7-a460-3d5e5662c884";
  const read = "Application.Read.All 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30";
  expect(Object.fromEntries(asked)).toEqual({
    preview: [owned, read, "DelegatedPermissionGrant.Read.All 81b4724a-58aa-41c1-8a55-84ef97466587"],
    dev: [owned],
    staging: [owned],
    prod: [owned],
    "dev-plan": [read],
    "staging-plan": [read],
    "prod-plan": [read],
  });
});

test("a branch becomes an environment of main's by no workflow of its own; prod and staging wait for a person", () => {
  for (const { row } of all) {
    expect(madeFor(row, "environment").map(({ body }) => body)).toEqual([
      {
        wait_timer: 0,
        reviewers: row.reviewed ? [{ type: "Team", id: 1234567 }] : [],
        // GitHub refuses it where nobody reviews.
        prevent_self_review: row.reviewed,
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      },
    ]);
    const of = (event: (job: RunningJob) => boolean, name: string): string[] =>
      jobsIn(row.environment).some(event) ? [name] : [];
    expect(
      madeFor(row, "branch")
        .map(({ branch }) => branch)
        .sort(),
    ).toEqual([...of((job) => !runsPullRequestsCode(job), "main"), ...of(runsPullRequestsCode, "refs/pull/*/merge")]);
    expect([row.environment, row.reviewed]).toEqual([row.environment, ["staging", "prod"].includes(row.environment)]);
  }
});

test("the variables of an environment name its own identity, subscription and state", () => {
  for (const { row } of all) {
    const set = madeFor(row, "variable").map(({ name, value }) => [name, value]);
    expect(Object.fromEntries(set)).toEqual({
      AZURE_CLIENT_ID: undefined,
      AZURE_TENANT_ID: "tenant",
      AZURE_SUBSCRIPTION_ID: `of-${row.stack}`,
      PULUMI_BACKEND_URL: `azblob://${row.stack}?storage_account=contosobotstate`,
    });
    // Undefined is: that of the application which is made for this environment.
    expect(madeFor(row, "application")).toHaveLength(1);
  }
});

test.each([
  ["a repository made before GitHub put ids into subjects", "repo:contoso/mail-bot"],
  ["one made after", "repo:contoso@9919/mail-bot@1296269"],
])("the subject that Entra is told is the one that GitHub sends: %s", (_when, subjectPrefix) => {
  for (const { environment, stack } of rows) {
    const parts = planPipeline(wantedFor(stack, { subjectPrefix }), nothingFound);
    const told = steps(parts, "credential").filter(({ identity }) => identity === environment);
    expect(told.map(({ credential }) => credential)).toEqual([
      {
        name: `github-${environment}`,
        issuer: "https://token.actions.githubusercontent.com",
        subject: `${subjectPrefix}:environment:${environment}`,
        audiences: ["api://AzureADTokenExchange"],
      },
    ]);
  }
});

test("main takes no change that a second person has not seen, and runs no action that moves", () => {
  const commands = typed(blocks(section("Once for the repository")), { REPOSITORY: "contoso/mail-bot" });
  const [ruleset] = those(commands, "gh api --method POST repos/contoso/mail-bot/rulesets");
  const { enforcement, conditions, rules } = JSON.parse(ruleset!.input) as {
    enforcement: string;
    conditions: object;
    rules: { type: string; parameters?: object }[];
  };
  expect([enforcement, conditions]).toEqual(["active", { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } }]);
  expect(rules).toEqual(
    expect.arrayContaining([
      { type: "non_fast_forward" },
      expect.objectContaining({
        type: "pull_request",
        parameters: expect.objectContaining({
          required_approving_review_count: 1,
          dismiss_stale_reviews_on_push: true,
          require_last_push_approval: true,
        }) as object,
      }),
      expect.objectContaining({
        type: "required_status_checks",
        parameters: expect.objectContaining({ required_status_checks: [{ context: "test" }] }) as object,
      }),
    ]),
  );
  const [token] = those(commands, "gh api --method PUT repos/contoso/mail-bot/actions/permissions/workflow");
  expect(token!.args).toEqual(
    expect.arrayContaining(["default_workflow_permissions=read", "can_approve_pull_request_reviews=false"]),
  );
  const [pinned] = those(commands, "gh api --method PUT repos/contoso/mail-bot/actions/permissions");
  expect(pinned!.args).toContain("sha_pinning_required=true");
});

describe("given in the local Azure, the roles at the state", () => {
  const stateOf = "/resourceGroups/bot-state/providers";
  let azure: LocalAzure;
  let disconnect: () => void;
  let deployer: ClientSecretCredential;
  let subscription: string;
  /** Something that each key has encrypted. */
  const encrypted = new Map<string, string>();

  const ask = async (who: ClientSecretCredential, method: string, url: string, body?: object): Promise<Response> => {
    const { hostname, origin } = new URL(url);
    const audience = hostname.endsWith(".vault.azure.net") ? "https://vault.azure.net" : origin;
    const { token } = await who.getToken(`${audience}/.default`);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  const arm = async (method: string, path: string, version: string, body?: object): Promise<{ value?: unknown }> => {
    const url = `https://management.azure.com${path}${path.includes("?") ? "&" : "?"}api-version=${version}`;
    const answer = await ask(deployer, method, url, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text || "{}") as { value?: unknown };
  };
  const crypto = (who: ClientSecretCredential, stack: string, operation: string, value: string): Promise<Response> =>
    ask(who, "POST", `https://contoso-bot-state.vault.azure.net/keys/${stack}/${operation}?api-version=7.4`, {
      alg: "RSA-OAEP-256",
      value,
    });

  async function give(principalId: string, role: string, scope: string): Promise<void> {
    const { value } = await arm(
      "GET",
      `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions?$filter=${encodeURIComponent(`roleName eq '${role}'`)}`,
      "2022-04-01",
    );
    const [{ id }] = value as [{ id: string }];
    const properties = { roleDefinitionId: id, principalId, principalType: "ServicePrincipal" };
    await arm("PUT", `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, "2022-04-01", {
      properties,
    });
  }

  beforeAll(async () => {
    azure = await startLocalAzure({ port: 0 });
    disconnect = await connectThisProcess(azure, "client");
    const { tenantId, subscriptionId, deployer: own } = azure.tenant;
    subscription = subscriptionId;
    deployer = new ClientSecretCredential(tenantId, own.clientId, own.clientSecret);
    const group = `/subscriptions/${subscription}/resourceGroups/bot-state`;
    const [location, at] = ["westeurope", `/subscriptions/${subscription}${stateOf}`];
    await arm("PUT", group, "2021-04-01", { location });
    await arm("PUT", `${at}/Microsoft.Storage/storageAccounts/contosobotstate`, "2023-05-01", {
      location,
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      properties: { minimumTlsVersion: "TLS1_2", allowBlobPublicAccess: false, allowSharedKeyAccess: false },
    });
    await arm("PUT", `${at}/Microsoft.KeyVault/vaults/contoso-bot-state`, "2024-11-01", {
      location,
      properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
    });
    await give(own.objectId, "Key Vault Crypto Officer", `${at}/Microsoft.KeyVault/vaults/contoso-bot-state`);
    await give(own.objectId, "Storage Blob Data Contributor", group);
    const blobs = new BlobServiceClient("https://contosobotstate.blob.core.windows.net", deployer);
    for (const stack of kinds) {
      await blobs.createContainer(stack);
      await blobs.getContainerClient(stack).getBlockBlobClient("state.json").upload("{}", 2);
      await ask(deployer, "POST", `https://contoso-bot-state.vault.azure.net/keys/${stack}/create?api-version=7.4`, {
        kty: "RSA",
        key_size: 2048,
        key_ops: ["encrypt", "decrypt"],
      });
      const answer = await crypto(deployer, stack, "encrypt", Buffer.from("secret").toString("base64url"));
      encrypted.set(stack, ((await answer.json()) as { value: string }).value);
    }
    const [ofState] = wantedFor("prod").customRoles;
    const definition = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${randomUUID()}`;
    await arm("PUT", definition, "2022-04-01", {
      properties: {
        roleName: ofState!.name,
        assignableScopes: [`/subscriptions/${subscription}`],
        permissions: [{ dataActions: ofState!.dataActions }],
      },
    });
  });
  afterAll(async () => {
    disconnect?.();
    await azure?.close();
  });

  /** What an identity can do with each stack's container and key: `reads writes decrypts encrypts`. */
  async function reachOf(row: Row): Promise<Record<string, string>> {
    const { clientId, secret, principalId } = await newApplication(deployer, row.environment);
    for (const { role, scope } of atState(identityOf(row).roles)) {
      await give(principalId, role, scope.replace("of-state", subscription));
    }
    const who = new ClientSecretCredential(azure.tenant.tenantId, clientId, secret);
    const blobs = new BlobServiceClient("https://contosobotstate.blob.core.windows.net", who);
    const can = async (what: string, tried: Promise<unknown>): Promise<string[]> =>
      tried.then(
        () => [what],
        (error: { statusCode?: number }) => {
          expect(error.statusCode).toBe(403);
          return [];
        },
      );
    const key = async (stack: string, operation: string, value: string): Promise<void> => {
      const { ok, status } = await crypto(who, stack, operation, value);
      if (!ok) throw { statusCode: status };
    };
    const reach: [string, string][] = [];
    for (const stack of kinds) {
      const blob = blobs.getContainerClient(stack).getBlockBlobClient("state.json");
      const does = [
        ...(await can("reads", blob.downloadToBuffer())),
        ...(await can("writes", blob.upload("{}", 2))),
        ...(await can("decrypts", key(stack, "decrypt", encrypted.get(stack)!))),
        ...(await can("encrypts", key(stack, "encrypt", Buffer.from("x").toString("base64url")))),
      ];
      if (does.length > 0) reach.push([stack, does.join(" ")]);
    }
    return Object.fromEntries(reach);
  }

  test.each(rows)("let $environment do what the table says with $stack, and nothing with any other", async (row) => {
    expect(await reachOf(row)).toEqual({
      [row.stack]: row.writes ? "reads writes decrypts encrypts" : "reads decrypts",
    });
  });
});
