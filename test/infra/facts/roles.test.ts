import { roleDefinitionId } from "../../../infra/facts/roles";

test("roles are granted by their full ids in the deployer's subscription", () => {
  expect(roleDefinitionId("sub", "keyVaultSecretsUser")).toBe(
    "/subscriptions/sub/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
  );
  expect(roleDefinitionId("sub", "storageBlobDataContributor")).toBe(
    "/subscriptions/sub/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  );
});
