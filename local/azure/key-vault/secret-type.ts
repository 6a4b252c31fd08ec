import { z } from "zod";
import { apiVersionsOf } from "../arm/api-versions";
import { providerError } from "../arm/errors";
import type { ResourceType } from "../arm/resource-type";
import { AzureError } from "../error";
import type { SecretInput } from "./secrets";
import { secretType, type VaultContents } from "./vaults";

export const apiVersions = apiVersionsOf("Microsoft.KeyVault");

const body = z.strictObject({
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.strictObject({
    value: z.string().optional(),
    contentType: z.string().optional(),
    attributes: z
      .strictObject({
        enabled: z.boolean().nullish(),
        nbf: z.number().int().nullish(),
        exp: z.number().int().nullish(),
      })
      .nullish(),
  }),
});

/**
 * Secrets through the management plane: Contributor on the vault is enough to write, a value never comes back, and
 * there is no DELETE (the data plane has one).
 * https://learn.microsoft.com/rest/api/keyvault/secrets/create-or-update
 */
export function secrets(contents: VaultContents): ResourceType {
  return {
    type: secretType,
    level: "parent",
    apiVersions,
    methods: ["PATCH"],
    name: { pattern: /^[0-9A-Za-z-]{1,127}$/ },
    body,
    write({ names, body: asked }, resource, before) {
      const vault = contents.vault(names["vaults"]!)!;
      const { value, contentType, attributes } = (asked["properties"] ?? {}) as z.infer<typeof body>["properties"];
      const input: Omit<SecretInput, "value"> = {
        contentType,
        tags: resource.tags,
        attributes: dropNull(attributes ?? {}),
      };
      const isPatch = before !== undefined && value === undefined;
      if (!isPatch && value === undefined) {
        throw providerError(400, "BadRequest", "The property 'value' is required to create a secret.");
      }
      try {
        if (isPatch) contents.of(vault.name).secrets.update(resource.name, undefined, input);
        else contents.of(vault.name).secrets.set(resource.name, { ...input, value: value! });
      } catch (error) {
        if (error instanceof AzureError) throw providerError(error.status, "ConflictError", error.message);
        throw error;
      }
      resource.location = vault.location;
      resource.properties = contents.properties(vault.name, resource.name);
    },
  };
}

function dropNull(attributes: Record<string, unknown>): NonNullable<SecretInput["attributes"]> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined));
}
