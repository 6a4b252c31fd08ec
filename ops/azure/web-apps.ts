import type { Arm } from "../../infra/azure/arm";
import { webVersion } from "../../infra/code/web-app";

/** What a web app is found by. */
export interface HostedSite {
  readonly id: string;
  readonly properties: {
    readonly defaultHostName?: string;
    readonly hostNames?: readonly string[] | null;
  };
}

/** The web apps of a subscription, as far as the caller may see them. Throws an AzureCallError where that is refused. */
export function webAppsOf<Site extends HostedSite>(arm: Arm, subscriptionId: string): Promise<Site[]> {
  return arm.list<Site>(`/subscriptions/${subscriptionId}/providers/Microsoft.Web/sites`, webVersion);
}

/** The host names of a web app in small letters, Azure's own first. */
export function hostsOf({ properties: { defaultHostName = "", hostNames } }: HostedSite): string[] {
  return [defaultHostName, ...(hostNames ?? [])].map((name) => name.toLowerCase());
}

/** The web app that answers at a host; undefined where none of them does. */
export function webAppAt<Site extends HostedSite>(sites: readonly Site[], host: string): Site | undefined {
  return sites.find((site) => hostsOf(site).includes(host.toLowerCase()));
}
