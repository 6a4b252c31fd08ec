import { z } from "zod";
import { apiVersionsOf } from "../arm/api-versions";
import type { ResourceType } from "../arm/resource-type";
import { same } from "../names";
import type { Azure, Resource } from "../service";
import { invalidReference } from "./errors";

const zoneType = "Microsoft.Network/privateDnsZones";
const versions = apiVersionsOf(zoneType);

/** https://learn.microsoft.com/rest/api/dns/privatedns/private-zones/create-or-update */
export const privateDnsZones: ResourceType = {
  type: zoneType,
  apiVersions: versions,
  name: { pattern: /^([a-z0-9_-]{1,63}\.){1,33}[a-z0-9-]{1,63}$/i },
  asynchronous: { put: 10, delete: 10 },
  body: z.strictObject({
    location: z.literal("global"),
    tags: z.record(z.string(), z.string()).nullish(),
    properties: z.strictObject({}).optional(),
  }),
  write(_context, zone) {
    zone.properties = {
      maxNumberOfRecordSets: 25_000,
      maxNumberOfVirtualNetworkLinks: 1_000,
      maxNumberOfVirtualNetworkLinksWithRegistration: 100,
      numberOfRecordSets: 1,
      provisioningState: "Succeeded",
    };
  },
};

/** From which networks a zone is asked. https://learn.microsoft.com/rest/api/dns/privatedns/virtual-network-links */
export const virtualNetworkLinks: ResourceType = {
  type: `${zoneType}/virtualNetworkLinks`,
  level: "parent",
  apiVersions: versions,
  asynchronous: { put: 10, delete: 10 },
  body: z.strictObject({
    location: z.literal("global"),
    tags: z.record(z.string(), z.string()).nullish(),
    properties: z.strictObject({
      virtualNetwork: z.looseObject({ id: z.string() }),
      registrationEnabled: z.boolean().optional(),
      resolutionPolicy: z.string().optional(),
    }),
  }),
  write({ azure }, link) {
    const { id } = link.properties["virtualNetwork"] as { id: string };
    if (!azure.resources.get(id)) throw invalidReference(id, link.id);
    link.properties = {
      registrationEnabled: false,
      ...link.properties,
      virtualNetworkLinkState: "Completed",
      provisioningState: "Succeeded",
    };
  },
};

/** The zone with this id, if there is one. */
export function zoneAt(azure: Azure, id: string): Resource | undefined {
  const found = azure.resources.get(id);
  return same(found?.type, zoneType) ? found : undefined;
}

/** True where a network asks this zone. */
export function isLinked(azure: Azure, zoneId: string, networkId: string): boolean {
  return azure.resources
    .list(`${zoneType}/virtualNetworkLinks`, zoneId)
    .some(({ properties }) => same((properties["virtualNetwork"] as { id: string }).id, networkId));
}
