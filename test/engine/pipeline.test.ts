import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../support/deployed";
import { gitHubToken } from "../support/git-hub-token";
import type { Run } from "./support/run";
import { Stack, Workshop } from "./support/stack";

/**
 * From nothing to a deployed bot, without a secret: the command makes the pipeline, a job of main takes its token from GitHub, and
 * Pulumi's own CLI deploys with what Entra gives for it, into the state that the command made.
 */
const [account, vault] = ["contosobotstate", "contoso-bot-state"];
const secretsProvider = `azurekeyvault://${vault}.vault.azure.net/keys/prod`;
let workshop: Workshop;
let stack: Stack;

beforeAll(async () => {
  const backend = `azblob://prod?storage_account=${account}`;
  workshop = await Workshop.open({}, () => Promise.resolve({ backend, secretsProvider }));
  stack = new Stack(workshop, "prod");
  await cp(join(root, "Pulumi.prod.yaml"), join(stack.project, "Pulumi.prod.yaml"));
});
afterAll(() => workshop?.close());

async function pipeline(...args: readonly string[]): Promise<Run> {
  const token = { GH_TOKEN: await gitHubToken(workshop.azure) };
  return stack.opsAs(token, "pipeline", "github", "prod", "--repo", "contoso/mail-bot", ...args);
}

/** What a job of main has in its environment: no secret. It reaches the state by the same token, as azure/login has it do. */
async function job(environment: "prod" | "prod-plan"): Promise<Record<string, string | undefined>> {
  const { environment: given, variables } = workshop.azure.gitHub.jobs.start({
    repository: "contoso/mail-bot",
    ref: "refs/heads/main",
    environment,
    approvedBy: "kim",
    actor: "sam",
  });
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = given;
  const asked = await workshop.azure.call("job", `${address}&audience=api://AzureADTokenExchange`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const file = join(workshop.folder, "oidc-token");
  await writeFile(file, ((await asked.json()) as { value: string }).value, { mode: 0o600 });
  const { AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID, PULUMI_BACKEND_URL } = variables;
  return {
    ...given,
    ARM_USE_OIDC: "true",
    ARM_CLIENT_SECRET: undefined,
    AZURE_CLIENT_SECRET: undefined,
    ARM_CLIENT_ID: AZURE_CLIENT_ID,
    ARM_TENANT_ID: AZURE_TENANT_ID,
    ARM_SUBSCRIPTION_ID: AZURE_SUBSCRIPTION_ID,
    AZURE_CLIENT_ID,
    AZURE_TENANT_ID,
    AZURE_FEDERATED_TOKEN_FILE: file,
    PULUMI_BACKEND_URL,
  };
}

test("what the command makes is all that a job of main needs to deploy prod, and another one to plan it", async () => {
  const { subscriptionId } = workshop.azure.tenant;
  const place = ["--state", account, "--vault", vault, "--state-subscription", subscriptionId];
  const made = await pipeline("--reviewer", "kim", "--yes", ...place);
  expect([made.code, made.text]).toEqual([3, expect.stringMatching(/Pulumi\.prod\.yaml names the key prod/)]);

  const init = await stack.run("stack", ["init", "prod", "--secrets-provider", secretsProvider], await job("prod"));
  expect([init.code, init.text]).toEqual([0, expect.anything()]);
  expect(await pipeline("--check")).toMatchObject({ code: 0 });
  const preflight = await stack.opsAs(await job("prod"), "preflight", "prod");
  expect([preflight.code, preflight.text]).toEqual([0, expect.stringContaining("prod: nothing is missing.")]);

  const up = await stack.run("up", ["--stack", "prod", "--yes", "--skip-preview"], await job("prod"));
  expect([up.code, up.text]).toEqual([0, expect.anything()]);
  const plan = await stack.run("preview", ["--stack", "prod", "--expect-no-changes"], await job("prod-plan"));
  expect([plan.code, plan.text]).toEqual([0, expect.anything()]);
});

test("it leaves the state of a stack that is deployed, and names it", async () => {
  const down = await pipeline("--down");
  expect([down.code, down.text]).toEqual([
    2,
    expect.stringMatching(/keep .* container prod of contosobotstate \((you may not see|it holds the state of prod)/),
  ]);
});
