import { z } from "zod";
import { envelope } from "../answer";
import { apiVersionsOf } from "../api-versions";
import type { ResourceType } from "../resource-type";

/** https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities/create-or-update */
export const userAssignedIdentities: ResourceType = {
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  regional: true,
  createdLocation: "id",
  apiVersions: apiVersionsOf("Microsoft.ManagedIdentity"),
  name: { pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/ },
  body: z.strictObject({
    location: z.string(),
    tags: z.record(z.string(), z.string()).nullish(),
    properties: z.strictObject({ isolationScope: z.enum(["None", "Regional"]).optional() }).optional(),
  }),
  write({ azure }, resource, before) {
    const principal = before
      ? { tenantId: before.properties["tenantId"], ...pick(before.properties) }
      : azure.directory.addManagedIdentity(resource.name, resource.id);
    resource.properties = { ...resource.properties, ...principal };
    resource.tags ??= {};
  },
  // Its provider answers with `resourcegroups`, whatever the request said. recorded: azure-cli test_identity_management
  show: (resource) => envelope({ ...resource, id: asIdentitiesSpell(resource.id) }),
  deleted({ azure }, resource) {
    azure.directory.removeManagedIdentity(String(resource.properties["principalId"]));
  },
};

/** An id as the provider of managed identities spells it. */
export const asIdentitiesSpell = (id: string): string => id.replace(/\/resourceGroups\//i, "/resourcegroups/");

const pick = ({ principalId, clientId }: Record<string, unknown>): Record<string, unknown> => ({
  principalId,
  clientId,
});
