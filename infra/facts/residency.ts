/**
 * Where the Bot Framework keeps a bot's conversations and its users' tokens. One choice sets five addresses that have to
 * agree (known mistake 4); https://learn.microsoft.com/azure/bot-service/ref-oauth-redirect-urls.
 */
export const residencies = ["global", "europe", "india"] as const;
export type Residency = (typeof residencies)[number];

export interface ResidencyAddresses {
  /** `location` of the bot registration and of everything below it. */
  readonly botLocation: string;
  /** Where the Token Service takes users back after their sign-in; the sign-in app's only redirect address. */
  readonly redirectAddress: string;
  /** The Token Service as the bot calls it. */
  readonly tokenServiceApi: string;
  /** Direct Line as chat page and bot call it. */
  readonly directLine: string;
}

const prefixes: Readonly<Record<Residency, { host: string; botLocation: string }>> = {
  global: { host: "", botLocation: "global" },
  europe: { host: "europe.", botLocation: "westeurope" },
  india: { host: "india.", botLocation: "centralindia" },
};

/** The addresses that follow from a residency. India's Direct Line host follows the others' pattern; no document names it. */
export function addressesOf(residency: Residency): ResidencyAddresses {
  const { host, botLocation } = prefixes[residency];
  return {
    botLocation,
    redirectAddress: `https://${host}token.botframework.com/.auth/web/redirect`,
    tokenServiceApi: `https://${host}api.botframework.com`,
    directLine: `https://${host}directline.botframework.com`,
  };
}
