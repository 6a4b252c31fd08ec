import { fulfils } from "../../../local/azure/arm/conditions";
import { wantedFor } from "../../support/pipeline";

const [write, remove] = ["write", "delete"].map((verb) => `Microsoft.Authorization/roleAssignments/${verb}`) as [
  string,
  string,
];
const [ours, owner] = ["4633458b-17de-408a-b874-0445c86b69e6", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"];
const asked = (action: string, RoleDefinitionId: string): Parameters<typeof fulfils>[1] => ({
  action,
  attributes: { RoleDefinitionId, PrincipalId: "somebody", PrincipalType: "ServicePrincipal" },
});

/** The pipeline's own. */
const bounded = wantedFor("prod")
  .identities.flatMap(({ roles }) => roles)
  .find(({ condition }) => condition !== undefined)!.condition!;
const attribute = "@Request[Microsoft.Authorization/roleAssignments:";

test.each<[what: string, condition: string, action: string, role: string, fulfilled: boolean]>([
  ["a role of the list may be given", bounded, write, ours, true],
  ["and its id is compared without case", bounded, write, ours.toUpperCase(), true],
  ["another one may not", bounded, write, owner, false],
  ["nor may it be taken from anybody", bounded, remove, owner, false],
  ["what the condition is not about is not bounded", bounded, "Microsoft.Web/sites/write", owner, true],
  ["none of a list", `${attribute}RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {${owner}}`, write, owner, false],
  ["all but a list", `${attribute}RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {${owner}}`, write, ours, true],
  [
    "by kind",
    `${attribute}PrincipalType] StringEqualsIgnoreCase 'User' && ${attribute}PrincipalId] GuidEquals {x}`,
    write,
    ours,
    false,
  ],
  [
    "one of blobs",
    "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'x'",
    write,
    owner,
    true,
  ],
])("%s", (_what, condition, action, role, fulfilled) => {
  expect(fulfils(condition, asked(action, role))).toBe(fulfilled);
});
