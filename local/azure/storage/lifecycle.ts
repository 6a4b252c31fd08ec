import { day } from "../../../contract/time";
import { z } from "zod";
import { each } from "../members";
import type { Blob } from "./blobs";

const days = z.number().int().min(0);
const condition = z.strictObject(
  each(
    days.optional(),
    "daysAfterModificationGreaterThan daysAfterCreationGreaterThan",
    "daysAfterLastAccessTimeGreaterThan daysAfterLastTierChangeGreaterThan",
  ),
);
const sinceCreation = condition.pick({
  daysAfterCreationGreaterThan: true,
  daysAfterLastTierChangeGreaterThan: true,
});
const tiers = <Condition extends z.ZodType>(when: Condition) =>
  each(when.optional(), "delete tierToArchive tierToCold tierToCool tierToHot");

/** https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-policy-structure */
export const policyBody = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(256),
        type: z.literal("Lifecycle"),
        enabled: z.boolean().optional(),
        definition: z.strictObject({
          filters: z
            .strictObject({
              blobTypes: z.array(z.enum(["blockBlob", "appendBlob"])).min(1),
              prefixMatch: z.array(z.string()).max(10).optional(),
              blobIndexMatch: z
                .array(z.strictObject({ name: z.string(), op: z.string(), value: z.string() }))
                .optional(),
            })
            .optional(),
          actions: z.strictObject({
            baseBlob: z
              .strictObject({ ...tiers(condition), enableAutoTierToHotFromCool: z.boolean().optional() })
              .optional(),
            snapshot: z.strictObject(tiers(sinceCreation)).optional(),
            version: z.strictObject(tiers(sinceCreation)).optional(),
          }),
        }),
      }),
    )
    .min(1)
    .max(100),
});

export type Policy = z.infer<typeof policyBody>;

/**
 * The names of the blobs of one container that a policy deletes. Tiers, snapshots, versions and index tags, none of which
 * the local Azure keeps, delete nothing here.
 */
export function expired(policy: Policy, container: string, blobs: readonly Blob[], now: Date): string[] {
  const rules = policy.rules.filter(({ enabled = true, definition: { filters } }) => {
    return enabled && !filters?.blobIndexMatch?.length && (filters?.blobTypes.includes("blockBlob") ?? true);
  });
  const older = (since: Date, limit: number | undefined): boolean =>
    limit !== undefined && now.getTime() - since.getTime() > limit * day;
  return blobs
    .filter(({ name, changedAt, createdAt }) =>
      rules.some(({ definition: { filters, actions } }) => {
        const prefixes = filters?.prefixMatch ?? [];
        const when = actions.baseBlob?.delete;
        return (
          (prefixes.length === 0 || prefixes.some((prefix) => `${container}/${name}`.startsWith(prefix))) &&
          (older(changedAt, when?.daysAfterModificationGreaterThan) ||
            older(createdAt, when?.daysAfterCreationGreaterThan))
        );
      }),
    )
    .map(({ name }) => name);
}
