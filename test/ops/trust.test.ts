import { ClientSecretCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import { randomUUID } from "node:crypto";
import { environments as kinds } from "../../infra/decisions/environment";
import { builtInRoles } from "../../infra/decisions/roles";
import { type LocalAzure, startLocalAzure } from "../../local/azure/azure";
import { connectThisProcess } from "../support/deployed";
import { newApplication } from "../support/directory";
import { blocks, type Command, option, section, table, those, typed } from "../support/runbook";
import { type RunningJob, runningJobs, runsPullRequestsCode } from "../support/workflows";

/**
 * Who may be which identity, and what that identity reaches: what the workflows say, held against what the runbook's commands
 * do when they are typed.
 */
const state = "/subscriptions/of-state/resourceGroups/bot-state/providers";
const account = `${state}/Microsoft.Storage/storageAccounts/contosobotstate`;
const vault = `${state}/Microsoft.KeyVault/vaults/contoso-bot-state`;
const variables = {
  ...{ STATE: "contosobotstate", VAULT: "contoso-bot-state", LOCATION: "westeurope", VAULT_ID: vault },
  ...{ STATE_SUBSCRIPTION: "of-state", REPOSITORY: "contoso/mail-bot" },
};
const pipeline = section("A pipeline that signs in without a secret");
const each = section("For each environment");
const shared = blocks(section("State that a team shares"));
const [makingState, writingState] = shared as [string, string];

interface Row {
  readonly environment: string;
  readonly stack: string;
  readonly signsInFor: readonly string[];
  readonly codeOfPullRequests: boolean;
  readonly writes: boolean;
  readonly branches: readonly string[];
  readonly reviewed: boolean;
}
const code = (cell: string | undefined): string[] => [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, one]) => one!);
const rows: readonly Row[] = table(pipeline).map((row) => ({
  environment: code(row.environment)[0]!,
  stack: code(row["its stack's state and key"])[0]!,
  signsInFor: code(row["signs in for"]),
  codeOfPullRequests: row["code of"] === "a pull request",
  writes: row["its stack's state and key"]!.endsWith(": writes"),
  branches: row.branches!.split(", "),
  reviewed: row.reviewers === "yours",
}));
const jobs = runningJobs().filter(({ environment }) => environment !== undefined);
const jobsIn = (environment: string): RunningJob[] => jobs.filter((job) => job.environment === environment);

/** What a person types for a row of the table. */
function typedFor(
  { environment, stack, writes, branches, reviewed }: Row,
  more: Record<string, string> = {},
): Command[] {
  const [identity, atGitHub, mainOnly, pullRequests] = blocks(each) as [string, string, string, string];
  // The runbook gives $ACCOUNT and $KEYS where it gives the roles at the state.
  const [places, roles] = [/^[A-Z]+=.*\n/gm, /^az [^]*$/m].map((part) => writingState.match(part)!.join("")) as [
    string,
    string,
  ];
  return typed(
    [
      ...[identity, atGitHub, places],
      ...(branches.includes("`main`") ? [mainOnly] : []),
      ...(branches.includes("pull requests") ? [pullRequests] : []),
      ...(writes ? [roles, ...blocks(section("Where it deploys"))] : blocks(section("Where it plans"))),
      ...(environment === "preview" ? blocks(section("From pull requests")).filter((one) => one.startsWith("az")) : []),
    ],
    {
      ...variables,
      ...{ ENVIRONMENT: environment, STACK: stack, SUBSCRIPTION: `of-${stack}` },
      ...{ REVIEWERS: reviewed ? '[{ "type": "Team", "id": 1234567 }]' : "[]", ...more },
    },
  );
}

const all = rows.map((row) => ({ row, commands: typedFor(row) }));
const rolesOf = (commands: readonly Command[]): { role: string; scope: string; who: string }[] =>
  those(commands, "az role assignment create").map((command) => ({
    role: option(command, "--role"),
    scope: option(command, "--scope"),
    who: option(command, "--assignee"),
  }));

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

test("an identity that runs a pull request's code reaches the previews' state, reads dev's, and no other", () => {
  const reached = all
    .filter(({ row }) => row.codeOfPullRequests)
    .map(({ row, commands }) => [row.environment, rolesOf(commands).filter(({ scope }) => scope.startsWith(state))]);
  const who = (name: string): string => `principal-of-${name}`;
  expect(reached).toEqual([
    [
      "preview",
      [
        {
          role: "Storage Blob Data Contributor",
          scope: `${account}/blobServices/default/containers/preview`,
          who: who("preview"),
        },
        { role: "Key Vault Crypto User", scope: `${vault}/keys/preview`, who: who("preview") },
      ],
    ],
    [
      "dev-plan",
      [
        {
          role: "Storage Blob Data Reader",
          scope: `${account}/blobServices/default/containers/dev`,
          who: who("dev-plan"),
        },
        { role: "Bot plan of a state", scope: `${vault}/keys/dev`, who: who("dev-plan") },
      ],
    ],
  ]);
});

test("each state is written by its own deployer alone, and read by its plan alone", () => {
  const places = all.flatMap(({ commands }) => rolesOf(commands)).filter(({ scope }) => scope.startsWith(state));
  const at = (place: string): [string, string][] =>
    places.filter(({ scope }) => scope === place).map(({ role, who }) => [who, role]);
  for (const stack of kinds) {
    const plans = stack !== "preview";
    const plan = `principal-of-${stack}-plan`;
    const deployer = `principal-of-${stack}`;
    expect(at(`${account}/blobServices/default/containers/${stack}`).sort()).toEqual(
      [
        [deployer, "Storage Blob Data Contributor"] as [string, string],
        ...(plans ? [[plan, "Storage Blob Data Reader"] as [string, string]] : []),
      ].sort(),
    );
    expect(at(`${vault}/keys/${stack}`).sort()).toEqual(
      [
        [deployer, "Key Vault Crypto User"] as [string, string],
        ...(plans ? [[plan, "Bot plan of a state"] as [string, string]] : []),
      ].sort(),
    );
  }
  // No other role, nor one above a container or a key: an account's Contributor would reach all of them.
  expect(places).toHaveLength(2 * rows.length);
});

test("outside the state an identity has roles in its own stack's subscription, and in no other", () => {
  for (const { row, commands } of all) {
    const elsewhere = rolesOf(commands).filter(({ scope }) => !scope.startsWith(state));
    expect(elsewhere.map(({ role, scope }) => [role, scope])).toEqual(
      (row.writes ? ["Contributor", "Role Based Access Control Administrator"] : [`Bot plan of ${row.stack}`]).map(
        (role) => [role, `/subscriptions/of-${row.stack}`],
      ),
    );
  }
});

test("the container and the key of each are made, and the state's account can be reached by no key of its own", () => {
  const commands = typed([makingState], variables);
  for (const making of ["az storage container-rm create", "az keyvault key create"]) {
    expect(those(commands, making).map((command) => option(command, "--name"))).toEqual([...kinds]);
  }
  const [made] = those(commands, "az storage account create");
  expect(option(made!, "--allow-shared-key-access")).toBe("false");
  expect(option(made!, "--allow-blob-public-access")).toBe("false");
});

interface Definition {
  readonly Name: string;
  readonly Actions?: readonly string[];
  readonly NotActions?: readonly string[];
  readonly DataActions?: readonly string[];
}
const definitions = (commands: readonly Command[]): Definition[] =>
  those(commands, "az role definition create").map(
    (command) => JSON.parse(option(command, "--role-definition")) as Definition,
  );

test("a plan writes nothing, anywhere: the roles that the runbook makes for it read and decrypt", () => {
  expect(definitions(typed([makingState], variables))).toMatchObject([
    { Name: "Bot plan of a state", DataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"] },
  ]);
  for (const { row, commands } of all) {
    const made = definitions(commands);
    expect(made).toHaveLength(row.writes ? 0 : 1);
    for (const { Name, Actions, NotActions, DataActions } of made) {
      expect([Name, DataActions]).toEqual([`Bot plan of ${row.stack}`, undefined]);
      expect(Actions).toEqual(["*/read", "Microsoft.BotService/botServices/channels/listchannelwithkeys/action"]);
      expect(NotActions).toEqual(["Microsoft.OperationalInsights/workspaces/query/*"]);
    }
  }
});

test("a deployer may give the roles that the program gives, and no others", () => {
  for (const { row, commands } of all.filter(({ row }) => row.writes)) {
    const [giving] = those(commands, "az role assignment create").filter(
      (command) => option(command, "--role") === "Role Based Access Control Administrator",
    );
    const condition = option(giving!, "--condition");
    const lists = [...condition.matchAll(/GuidEquals \{([^}]*)\}/g)].map(([, list]) => list!.split(", "));
    expect([row.environment, lists]).toEqual([
      row.environment,
      [Object.values(builtInRoles), Object.values(builtInRoles)],
    ]);
    expect(condition).toContain("roleAssignments/write'");
    expect(condition).toContain("roleAssignments/delete'");
  }
});

test("in Entra a deployer manages what it made itself; that of previews reads bins and grants besides, a plan reads applications, and none reads people", () => {
  const asked = all.map(({ row, commands }) => [
    row.environment,
    those(commands, "az ad app permission add").flatMap(({ args }) => args.filter((one) => one.endsWith("=Role"))),
  ]);
  const owned = "18a4783c-866b-4cc7-a460-3d5e5662c884=Role";
  const read = "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30=Role";
  expect(Object.fromEntries(asked)).toEqual({
    preview: [owned, read, "81b4724a-58aa-41c1-8a55-84ef97466587=Role"],
    dev: [owned],
    staging: [owned],
    prod: [owned],
    "dev-plan": [read],
    "staging-plan": [read],
    "prod-plan": [read],
  });
});

test("a branch becomes an environment of main's by no workflow of its own; prod and staging wait for a person", () => {
  for (const { row, commands } of all) {
    const at = `repos/contoso/mail-bot/environments/${row.environment}`;
    const [made] = those(commands, `gh api --method PUT ${at}`);
    expect(JSON.parse(made!.input)).toEqual({
      reviewers: row.reviewed ? [{ type: "Team", id: 1234567 }] : [],
      prevent_self_review: true,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    });
    const branches = those(commands, `gh api --method POST ${at}/deployment-branch-policies`).map(({ args }) =>
      args.filter((one) => one.startsWith("name=") || one.startsWith("type=")),
    );
    const of = (event: (job: RunningJob) => boolean, name: string): string[][] =>
      jobsIn(row.environment).some(event) ? [[`name=${name}`, "type=branch"]] : [];
    expect(branches).toEqual([
      ...of((job) => !runsPullRequestsCode(job), "main"),
      ...of(runsPullRequestsCode, "refs/pull/*/merge"),
    ]);
    expect([row.environment, row.reviewed]).toEqual([row.environment, ["staging", "prod"].includes(row.environment)]);
  }
});

test("the variables of an environment name its own identity, subscription and state", () => {
  for (const { row, commands } of all) {
    const set = those(commands, "gh variable set").map((command) => {
      expect(option(command, "--env")).toBe(row.environment);
      return [command.args[2], option(command, "--body")];
    });
    expect(Object.fromEntries(set)).toEqual({
      AZURE_CLIENT_ID: `app-of-${row.environment}`,
      AZURE_TENANT_ID: "tenant",
      AZURE_SUBSCRIPTION_ID: `of-${row.stack}`,
      PULUMI_BACKEND_URL: `azblob://${row.stack}?storage_account=contosobotstate`,
    });
  }
});

test.each([
  ["a repository made before GitHub put ids into subjects", {}, "repo:contoso/mail-bot"],
  ["one made after", { SUB_CLAIM_PREFIX: "repo:contoso@9919/mail-bot@1296269" }, "repo:contoso@9919/mail-bot@1296269"],
])("the subject that Entra is told is the one that GitHub sends: %s", (_when, more, prefix) => {
  for (const row of rows) {
    const [credential] = those(typedFor(row, more), "az ad app federated-credential create");
    expect(JSON.parse(option(credential!, "--parameters"))).toEqual({
      name: `github-${row.environment}`,
      issuer: "https://token.actions.githubusercontent.com",
      subject: `${prefix}:environment:${row.environment}`,
      audiences: ["api://AzureADTokenExchange"],
    });
    expect(option(credential!, "--id")).toBe(`app-of-${row.environment}`);
  }
});

test("main takes no change that a second person has not seen, and runs no action that moves", () => {
  const commands = typed(blocks(section("Once for the repository")), variables);
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

describe("given in the local Azure, the runbook's roles at the state", () => {
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
      ...{ alg: "RSA-OAEP-256", value },
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
      ...{ location, kind: "StorageV2", sku: { name: "Standard_ZRS" } },
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
        ...{ kty: "RSA", key_size: 2048, key_ops: ["encrypt", "decrypt"] },
      });
      const answer = await crypto(deployer, stack, "encrypt", Buffer.from("secret").toString("base64url"));
      encrypted.set(stack, ((await answer.json()) as { value: string }).value);
    }
    for (const made of those(
      typed([makingState], { ...variables, STATE_SUBSCRIPTION: subscription }),
      "az role definition create",
    )) {
      const role = JSON.parse(option(made, "--role-definition")) as Definition & Record<string, unknown>;
      const at = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${randomUUID()}`;
      await arm("PUT", at, "2022-04-01", {
        properties: {
          ...{ roleName: role.Name, description: role["Description"], assignableScopes: role["AssignableScopes"] },
          permissions: [{ dataActions: role.DataActions }],
        },
      });
    }
  });
  afterAll(async () => {
    disconnect?.();
    await azure?.close();
  });

  /** What an identity can do with each stack's container and key: `reads writes decrypts encrypts`. */
  async function reachOf(row: Row): Promise<Record<string, string>> {
    const { clientId, secret, principalId } = await newApplication(deployer, row.environment);
    const commands = typedFor(row, { STATE_SUBSCRIPTION: subscription });
    for (const { role, scope } of rolesOf(commands).filter(({ scope }) => scope.includes("/bot-state/"))) {
      await give(principalId, role, scope);
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
