import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { blocks, section } from "../support/runbook";
import { failed, session } from "./support/shell";

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
});
afterAll(() => azure.close());

/** A section's blocks of commands, without those of Pulumi's own command line, which has tests of its own. */
const ofAzure = (title: string): string[] => blocks(section(title)).filter((block) => !/npx pulumi/.test(block));

test("who follows the runbook from the state's account to the identities of a pipeline meets no gap", async () => {
  const { subscriptionId } = azure.tenant;
  const variables = [
    `STATE=contosobotstate VAULT=contoso-bot-state LOCATION=westeurope STATE_SUBSCRIPTION=${subscriptionId}`,
    `REPOSITORY=contoso/mail-bot ENVIRONMENT=prod STACK=prod SUBSCRIPTION=${subscriptionId} REVIEWERS='[]'`,
  ];
  const [state = [], roles = []] = [
    ofAzure("State that a team shares").slice(0, 1),
    ofAzure("State that a team shares").slice(1),
  ];
  const ended = await session(azure, "ada", [
    ...variables,
    ...state,
    ...ofAzure("For each environment"),
    ...roles,
    ...ofAzure("Where it deploys"),
    ...ofAzure("Where it plans"),
    "az keyvault key show --vault-name $VAULT --name $STACK",
    "az role assignment list --assignee $WHO --all --query '[].roleDefinitionName' --output tsv | sort > roles && [ $(wc -l < roles) -eq 7 ]",
    "az ad sp show --id $APP",
  ]);
  expect(failed(ended)).toEqual([]);
  expect(ended.length).toBeGreaterThan(8);
  const principal = [...azure.entra.servicePrincipals.values()].find(({ displayName }) =>
    displayName.includes("GitHub"),
  )!;
  const graph = azure.entra.servicePrincipalByAppId("00000003-0000-0000-c000-000000000000")!;
  expect(azure.entra.appRolesOf(principal.id, graph.id).sort()).toEqual([
    "Application.Read.All",
    "Application.ReadWrite.OwnedBy",
  ]);
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
