import { botSeeds } from "./bot";
import { channelSeeds } from "./channels";
import { connectionSeeds } from "./connections";
import { seedsOf } from "./seed";
import { webAppSeeds } from "./web-app";

export type { Seed } from "./seed";

/** Every fault; one that its set-up does not recover from comes last. */
export const seeds = seedsOf([...botSeeds, ...webAppSeeds, ...connectionSeeds, ...channelSeeds]).toSorted(
  (one, other) => Number(one.lasting ?? false) - Number(other.lasting ?? false),
);
