/** App Service's sizes for Linux that can host the bot, each with its tier. */
const tiers = {
  F1: "Free",
  B1: "Basic",
  B2: "Basic",
  B3: "Basic",
  S1: "Standard",
  S2: "Standard",
  S3: "Standard",
  P0v3: "PremiumV3",
  P1v3: "PremiumV3",
  P2v3: "PremiumV3",
  P3v3: "PremiumV3",
} as const;

export type HostingSize = keyof typeof tiers;
export const hostingSizes = Object.keys(tiers) as HostingSize[];

export function tierOf(size: HostingSize): string {
  return tiers[size];
}

/** App Service refuses `alwaysOn` on the free size; there the bot sleeps when nobody talks to it. */
export function alwaysOn(size: HostingSize): boolean {
  return tiers[size] !== "Free";
}
