import type { ResourceType } from "../arm/resource-type";
import { privateDnsZones, virtualNetworkLinks } from "./private-dns-zones";
import { privateDnsZoneGroups, privateEndpoints } from "./private-endpoints";
import { subnets, virtualNetworks } from "./virtual-networks";

/** Microsoft.Network, as far as a bot's set-up meets it: networks, and private ways to a vault or a storage account. */
export const networkTypes: readonly ResourceType[] = [
  virtualNetworks,
  subnets,
  privateEndpoints,
  privateDnsZoneGroups,
  privateDnsZones,
  virtualNetworkLinks,
];
