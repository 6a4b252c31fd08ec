import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { isBusy } from "../../infra/azure/call";
import { type HostingSize, hostingSizes, tierOf } from "../../infra/facts/hosting-size";
import type { Settings } from "../../infra/settings/settings";
import { unlessRefused } from "../azure/unless-refused";
import type { Finding } from "./finding";

/** How much of a tier a subscription may have in a region, and has: -1 is unlimited. */
export interface Usage {
  readonly name: { readonly value?: string; readonly localizedValue?: string };
  readonly currentValue: number;
  readonly limit: number;
}

const usagesVersion = "2024-04-01";

/**
 * Reads what the subscription may have of App Service in the stack's region; undefined where the deployer may not.
 * https://learn.microsoft.com/rest/api/appservice/get-usages-in-location/list
 */
export function readUsages(access: Access, subscriptionId: string, location: string): Promise<Usage[] | undefined> {
  const id = `/subscriptions/${subscriptionId}/providers/Microsoft.Web/locations/${location}/usages`;
  return unlessRefused(armClient(access).list<Usage>(id, usagesVersion), (status) => !isBusy({ status }));
}

/**
 * Whether the subscription may have the stack's plan: new ones may have none of some tiers
 * (https://github.com/MicrosoftDocs/msteams-docs/issues/13495). Pure.
 */
export function judgeQuota(
  usages: readonly Usage[] | undefined,
  { hostingSize, location, existing }: Pick<Settings, "hostingSize" | "location" | "existing">,
  stack: string,
): Finding[] {
  if (existing?.plan !== undefined) return [];
  const tier = tierOf(hostingSize);
  const what = `Subscription: its quota has room for a plan ${hostingSize} (${tier}) in ${location}`;
  const usage = usages?.find(({ name }) => [name.value, name.localizedValue].includes(tier));
  if (usage === undefined) return [{ what, state: "unsure", because: "its usages do not say" }];
  const { limit, currentValue } = usage;
  if (limit < 0 || currentValue < limit) return [{ what, state: "held" }];
  const more = `ask for more: https://portal.azure.com/#view/Microsoft_Azure_Capacity/QuotaMenuBlade/~/myQuotas`;
  if (limit > 0) {
    const because = `all ${limit} are in use; where one is this stack's own, nothing is missing`;
    return [{ what, state: "unsure", because, fix: more }];
  }
  const other = sizeWithRoom(usages ?? [], hostingSize);
  const fix = other ? `pulumi config set hostingSize ${other} --stack ${stack}; or ${more}` : more;
  return [{ what, state: "missing", because: `it may have none of the tier ${tier} there`, fix }];
}

/** The first size, smallest first, of a tier that has room. The free one sleeps, and is nobody's replacement. */
function sizeWithRoom(usages: readonly Usage[], instead: HostingSize): HostingSize | undefined {
  return hostingSizes.find((size) => {
    const usage = usages.find(({ name }) => [name.value, name.localizedValue].includes(tierOf(size)));
    return size !== "F1" && size !== instead && usage && (usage.limit < 0 || usage.currentValue < usage.limit);
  });
}
