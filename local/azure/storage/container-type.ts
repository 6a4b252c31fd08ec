import { z } from "zod";
import { providerError } from "../arm/errors";
import type { ResourceType } from "../arm/resource-type";
import { each } from "../members";
import { apiVersions } from "./account-type";
import { containerName, containerType, serviceType, type Accounts } from "./accounts";

const retention = z
  .strictObject({
    enabled: z.boolean().optional(),
    days: z.number().int().optional(),
    allowPermanentDelete: z.boolean().optional(),
  })
  .optional();

/** An account's blob service: there with the account, named `default`, only ever written. */
export const blobServices: ResourceType = {
  type: serviceType,
  level: "parent",
  apiVersions,
  methods: [],
  created: 200,
  name: { pattern: /^default$/i },
  body: z.strictObject({
    properties: z
      .strictObject({
        automaticSnapshotPolicyEnabled: z.boolean().optional(),
        changeFeed: z.looseObject({}).optional(),
        containerDeleteRetentionPolicy: retention,
        cors: z.strictObject({ corsRules: z.array(z.looseObject({})).optional() }).optional(),
        defaultServiceVersion: z.string().optional(),
        deleteRetentionPolicy: retention,
        isVersioningEnabled: z.boolean().optional(),
        lastAccessTimeTrackingPolicy: z.looseObject({}).optional(),
        restorePolicy: z.looseObject({}).optional(),
      })
      .optional(),
  }),
  write(_context, service, before) {
    service.sku = before?.sku;
    service.properties = { ...before?.properties, ...service.properties };
  },
};

/** https://learn.microsoft.com/rest/api/storagerp/blob-containers/create */
export function containers(accounts: Accounts): ResourceType {
  return {
    type: containerType,
    level: "parent",
    apiVersions,
    name: {
      pattern: containerName,
      error: () =>
        providerError(
          400,
          "ContainerNameInvalid",
          "The specified container name is invalid: 3 to 63 of a-z, 0-9 and single hyphens.",
        ),
    },
    body: z.strictObject({
      properties: z
        .strictObject({
          publicAccess: z.enum(["None", "Blob", "Container"]).optional(),
          metadata: z.record(z.string(), z.string()).optional(),
          defaultEncryptionScope: z.string().optional(),
          ...each(z.boolean().optional(), "denyEncryptionScopeOverride enableNfsV3AllSquash enableNfsV3RootSquash"),
          immutableStorageWithVersioning: z.looseObject({}).optional(),
        })
        .optional(),
    }),
    write({ names }, container) {
      const account = accounts.account(names["storageaccounts"]!);
      const access = container.properties["publicAccess"] ?? "None";
      if (access !== "None" && account?.properties["allowBlobPublicAccess"] !== true) {
        throw providerError(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
      }
      Object.assign(container, accounts.newContainer(container.properties));
    },
    deleted: (_context, container) => accounts.forget(container),
  };
}
