import type { HostingSize } from "../../infra/facts/hosting-size";

/**
 * List prices in US dollars, pay as you go, without tax, in one region. An estimate, not a bill: other regions differ by a
 * few per cent. As public pages quoted Azure's price list (https://azure.microsoft.com/pricing) on that day; not asked of
 * the list itself. The larger sizes of a tier that no page named are multiplied by their cores, as Azure does in each tier.
 */
export const priceList = {
  region: "East US",
  /** The day on which they were quoted. */
  date: "2026-09-26",
  hoursOfMonth: 730,
  /** A Linux App Service plan's instance, an hour. */
  planHour: {
    F1: 0,
    B1: 0.017,
    B2: 0.034,
    B3: 0.068,
    S1: 0.095,
    S2: 0.19,
    S3: 0.38,
    P0v3: 0.0775,
    P1v3: 0.155,
    P2v3: 0.31,
    P3v3: 0.62,
  } satisfies Record<HostingSize, number>,
  /** 1,000 messages through premium channels (Direct Line, Web Chat); Teams is free: https://azure.microsoft.com/pricing/details/bot-services */
  botMessages: { F0: 0, S1: 0.5 },
  /** 10,000 operations on secrets. */
  vaultOperations: 0.03,
  /** A gigabyte in hot, locally redundant blobs, a month. */
  storageGigabyte: 0.0208,
  /** A gigabyte of logs taken in; the first five of a billing account are free and not counted here. */
  logGigabyte: 2.3,
} as const;

/** What a preview is taken to use in a month where its price hangs on use. */
export const assumedUse = {
  botMessages: 1_000,
  vaultOperations: 10_000,
  storageGigabytes: 1,
  logGigabytes: 0.1,
} as const;
