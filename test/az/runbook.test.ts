import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { root } from "../support/deployed";
import { gitHubToken } from "../support/git-hub-token";
import { blocks, section } from "../support/runbook";
import { failed, session } from "./support/shell";

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
});
afterAll(() => azure.close());

/** A pipeline in the local Azure, at the places that the runbook's commands name. */
async function makePipeline(): Promise<void> {
  const environment = { ...(await azure.deployerEnvironment()), GH_TOKEN: await gitHubToken(azure) };
  const place = [
    "--state",
    "contosobotstate",
    "--vault",
    "contoso-bot-state",
    "--state-subscription",
    azure.tenant.subscriptionId,
  ];
  const args = ["github", "prod", "--repo", "contoso/mail-bot", "--reviewer", "kim", "--yes", ...place];
  await promisify(execFile)(
    process.execPath,
    [join(root, "node_modules/tsx/dist/cli.mjs"), "ops/pipeline.ts", ...args],
    {
      cwd: root,
      env: { ...process.env, ...environment },
    },
  ).catch((error: { code?: number; stdout?: string; stderr?: string }) => {
    // 3: prod's stack file names no key yet, which is what the commands are about.
    if (error.code !== 3) throw new Error(`${error.stdout}${error.stderr}`);
  });
}

test("who deploys by hand beside the pipeline gets the two roles at the state, as the runbook and the command say", async () => {
  await makePipeline();
  const ended = await session(azure, "ada", [
    `WHO=${azure.tenant.people[1]!.objectId} STATE=contosobotstate VAULT=contoso-bot-state STACK=prod STATE_SUBSCRIPTION=${azure.tenant.subscriptionId}`,
    ...blocks(section("State that a team shares")).filter((block) => /az role/.test(block)),
    "az role assignment list --assignee $WHO --all --query '[].roleDefinitionName' --output tsv | sort > roles && [ $(wc -l < roles) -eq 2 ]",
  ]);
  expect(failed(ended)).toEqual([]);
  expect(ended.length).toBeGreaterThan(2);
});

test("what the runbook has people look for, and what it has them purge, is found", async () => {
  const ended = await session(
    azure,
    "ada",
    [
      ...blocks(section("Environments")).filter((block) => /^az /m.test(block)),
      "az keyvault list-deleted --query \"[?properties.tags.stack=='dev'].name\" --output tsv",
      "az rest --method get --url https://graph.microsoft.com/v1.0/directory/deletedItems/microsoft.graph.application",
    ].filter(Boolean),
  );
  expect(failed(ended)).toEqual([]);
});
