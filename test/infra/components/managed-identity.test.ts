import { ManagedIdentity } from "../../../infra/components/managed-identity";
import { guid, subscriptionId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf, valueOf } from "../../support/bot-sign-in";

test("the running bot may read one vault's secrets and write one container, and nothing else", async () => {
  let identity: ManagedIdentity | undefined;
  const made = await madeBy(
    () =>
      (identity = new ManagedIdentity("identity", {
        resourceGroupName: "shop-dev",
        location: "westeurope",
        identityName: "shop-dev-k3x9q2ab",
        subscriptionId,
        vaultId: "/the/vault",
        stateContainerId: "/the/container",
        tags: { project: "shop", stack: "dev" },
      })),
  );
  expect(namesOf(made)).toEqual([
    "RoleAssignment identity-reads-secrets",
    "RoleAssignment identity-writes-state",
    "UserAssignedIdentity identity",
  ]);
  expect(oneOf(made, "UserAssignedIdentity")).toEqual({
    resourceGroupName: "shop-dev",
    location: "westeurope",
    resourceName: "shop-dev-k3x9q2ab",
    tags: { project: "shop", stack: "dev" },
  });
  const role = (id: string): string =>
    `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
  const principal = { principalId: guid("identity principal"), principalType: "ServicePrincipal" };
  expect(oneOf(made, "RoleAssignment", "identity-reads-secrets")).toEqual({
    ...principal,
    scope: "/the/vault",
    roleDefinitionId: role("4633458b-17de-408a-b874-0445c86b69e6"),
  });
  expect(oneOf(made, "RoleAssignment", "identity-writes-state")).toEqual({
    ...principal,
    scope: "/the/container",
    roleDefinitionId: role("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
  });
  expect(await valueOf(identity!.clientId)).toBe(guid("identity client"));
});
