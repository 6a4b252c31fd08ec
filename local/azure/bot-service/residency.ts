import { normalise } from "../arm/locations";

/** Where a bot's data rests. It decides the bot's location in ARM and every Bot Framework host that serves the bot. */
export interface Residency {
  readonly name: "global" | "europe" | "india";
  /** The bot's location in ARM. */
  readonly location: string;
  /** Further locations in ARM whose bots are served from the same hosts. */
  readonly others?: readonly string[];
  /** In front of `botframework.com` hosts: empty, `europe.` or `india.`. */
  readonly prefix: string;
  /** At the end of conversation ids. */
  readonly suffix: string;
}

/** https://learn.microsoft.com/azure/bot-service/ref-oauth-redirect-urls */
export const residencies: readonly Residency[] = [
  // A bot in westus is taken; no host of its own is known. recorded: azure-cli
  // test_botservice_registration_bot_create_singletenant_type
  { name: "global", location: "global", others: ["westus"], prefix: "", suffix: "us" },
  { name: "europe", location: "westeurope", prefix: "europe.", suffix: "eu" },
  { name: "india", location: "centralindia", prefix: "india.", suffix: "in" },
];

/** The residency of a bot's ARM location (`West Europe` or `westeurope`); undefined where no bot can live there. */
export function residencyOfLocation(location: string | undefined): Residency | undefined {
  const name = normalise(location ?? "");
  return residencies.find(({ location: own, others = [] }) => own === name || others.includes(name));
}

/** Every location in ARM where a bot can live. */
export const botLocations: readonly string[] = residencies.flatMap(({ location, others = [] }) => [
  location,
  ...others,
]);

/** The residency that a Bot Framework host serves. */
export function residencyOfHost(host: string): Residency {
  return residencies.find(({ prefix }) => prefix !== "" && host.startsWith(prefix)) ?? (residencies[0] as Residency);
}

/** The hosts of one service in every residency: `token` gives `token.botframework.com`, `europe.token...`, ... */
export function hostsOf(service: "api" | "token" | "directline"): string[] {
  return residencies.map(({ prefix }) => `${prefix}${service}.botframework.com`);
}
