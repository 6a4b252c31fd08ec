import { z } from "zod";
import type { ResourceType } from "../arm/resource-type";
import { keyOperations, keySizes } from "./keys";
import { apiVersions } from "./secret-type";
import { keyType, type VaultContents } from "./vaults";

const body = z.strictObject({
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.strictObject({
    kty: z.literal("RSA"),
    keySize: keySizes.nullish(),
    keyOps: z.array(z.enum(keyOperations)).nullish(),
    attributes: z.strictObject({ enabled: z.boolean().nullish() }).nullish(),
  }),
});

/**
 * Keys through the management plane: made where there is none of the name, and else left as they are; nothing there changes
 * or deletes one. https://learn.microsoft.com/rest/api/keyvault/keys/create-if-not-exist
 */
export function keys(contents: VaultContents): ResourceType {
  return {
    type: keyType,
    level: "parent",
    apiVersions,
    methods: [],
    name: { pattern: /^[0-9A-Za-z-]{1,127}$/ },
    body,
    async write({ names, body: asked }, resource, before) {
      const vault = contents.vault(names["vaults"]!)!;
      const { keySize, keyOps, attributes } = asked["properties"] as z.infer<typeof body>["properties"];
      if (!before) {
        await contents.of(vault.name).keys.create(resource.name, {
          size: keySize,
          operations: keyOps,
          tags: resource.tags,
          enabled: attributes?.enabled,
        });
      }
      resource.location = vault.location;
      resource.properties = contents.keyProperties(vault, resource.name);
    },
  };
}
