import type { Resource, Resources } from "../service";

/** The tiers as a region's usages name them. */
export const quotaTiers = ["Free", "Shared", "Basic", "Standard", "PremiumV2", "PremiumV3", "PremiumV4"] as const;

/** `Premium0V3` counts among `PremiumV3`. */
export function quotaTierOf(tier: string): string {
  return tier.replace(/^Premium0/, "Premium");
}

/** Workers that a subscription has of a tier in a region, without one plan. */
export function workersOf(resources: Resources, tier: string, location: string | undefined, without = ""): number {
  return resources
    .list("Microsoft.Web/serverfarms")
    .filter((plan) => plan.location === location && plan.id !== without && quotaTierOf(tierIn(plan)) === tier)
    .reduce((sum, { sku }) => sum + Number(sku?.capacity ?? 1), 0);
}

const tierIn = ({ sku }: Resource): string => String(sku?.tier ?? "");
