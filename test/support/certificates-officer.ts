import { randomUUID } from "node:crypto";
import { roleDefinitions } from "../../local/azure/arm/role-definitions";
import type { LocalAzure } from "../../local/azure/azure";
import { Portal } from "../engine/support/portal";

/** Gives the deployer the role by which a vault makes certificates for it, as an administrator does before `identity: certificate`. */
export async function mayMakeCertificates(azure: LocalAzure): Promise<void> {
  const { subscriptionId, deployer } = azure.tenant;
  const { id } = roleDefinitions.find(({ name }) => name === "Key Vault Certificates Officer")!;
  const authorization = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization`;
  await new Portal(azure).arm("PUT", `${authorization}/roleAssignments/${randomUUID()}`, {
    properties: {
      roleDefinitionId: `${authorization}/roleDefinitions/${id}`,
      principalId: deployer.objectId,
      principalType: "ServicePrincipal",
    },
  });
}
