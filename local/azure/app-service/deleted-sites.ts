import { day } from "../../../contract/time";
import { envelope } from "../arm/answer";
import { apiVersionsOf } from "../arm/api-versions";
import type { ResourceType } from "../arm/resource-type";
import type { Azure, Resource } from "../service";
import { methodNotAllowed } from "./errors";
import { groupOf } from "./site";

const type = "Microsoft.Web/deletedSites";
const keptDays = 30;

/**
 * Deleted sites, kept for 30 days with their configuration. Nobody can remove them sooner: the API has no DELETE.
 * https://learn.microsoft.com/azure/app-service/app-service-undelete
 */
export const deletedSites = (azure: Azure): ResourceType => ({
  type,
  apiVersions: apiVersionsOf("Microsoft.Web"),
  level: "subscription",
  methods: [],
  write() {
    throw methodNotAllowed("A deleted site is only read.");
  },
  list: () => kept(azure),
  namespaceActions: {
    "GET locations/{location}/deletedSites": ({ names }) => ({
      value: kept(azure)
        .filter(({ properties }) => properties.geoRegionName === names.location?.toLowerCase())
        .map((site) => envelope(site)),
      nextLink: null,
    }),
  },
});

/** The records that are not over yet. */
function kept({ resources, clock }: Azure): Resource[] {
  const oldest = clock.now().getTime() - keptDays * day;
  return resources.list(type).filter(({ properties }) => Date.parse(String(properties.deletedTimestamp)) > oldest);
}

/** Keeps the record of a site that was deleted. */
export function recordDeletedSite(azure: Azure, site: Resource): void {
  const number = 1 + azure.resources.list(type).length;
  azure.resources.set({
    id: `/subscriptions/${azure.tenant.subscriptionId}/providers/${type}/${number}`,
    name: String(number),
    type,
    properties: {
      deletedSiteId: number,
      deletedSiteName: site.name,
      deletedTimestamp: azure.clock.now().toISOString(),
      subscription: azure.tenant.subscriptionId,
      resourceGroup: groupOf(site.id),
      slot: "Production",
      kind: site.kind,
      geoRegionName: site.location,
    },
  });
}
