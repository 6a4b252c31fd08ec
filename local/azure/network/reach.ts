import { identitiesOf } from "../app-service/site";
import { same } from "../names";
import type { Azure, Resource } from "../service";
import { configsOf, type EndpointProperties, zoneNameOf } from "./private-endpoints";
import { isLinked, zoneAt } from "./private-dns-zones";
import { networkIdOf, type SubnetProperties, subnetAt } from "./virtual-networks";

/**
 * Why a resource's network lets a caller's request not in; undefined where it does. What is closed to the public network is
 * open to apps of a network that leads to it.
 * @param service whose endpoint a subnet needs: `Microsoft.KeyVault`, `Microsoft.Storage`
 */
export function networkRefusal(
  azure: Azure,
  principalId: string,
  target: Resource,
  service: string,
): "public access is off" | "not among the rules" | undefined {
  const acls = target.properties["networkAcls"] as { defaultAction?: string } | undefined;
  const off = String(target.properties["publicNetworkAccess"]).toLowerCase() === "disabled";
  if ((!off && acls?.defaultAction !== "Deny") || reachesPrivately(azure, principalId, target)) return undefined;
  if (off) return "public access is off";
  return allowedSubnet(azure, principalId, target, service) ? undefined : "not among the rules";
}

/**
 * Whether whoever holds an identity reaches a resource that is closed to the public network: a web app with that identity
 * lives in a network (VNet integration) in which a private endpoint leads to the resource, and the endpoint's address
 * stands in a private zone that the network asks. Without the zone the name still leads to the public address.
 * https://learn.microsoft.com/azure/app-service/overview-vnet-integration
 */
function reachesPrivately(azure: Azure, principalId: string, target: Resource): boolean {
  return subnetsOf(azure, principalId).some((subnet) => {
    const network = networkIdOf(subnet.id);
    return azure.resources.list("Microsoft.Network/privateEndpoints").some((endpoint) => {
      const { subnet: inside, privateLinkServiceConnections } = endpoint.properties as EndpointProperties;
      const leadsTo = privateLinkServiceConnections.find(({ properties }) =>
        same(properties.privateLinkServiceId, target.id),
      );
      if (!leadsTo || !same(networkIdOf(inside.id), network)) return false;
      const zoneName = zoneNameOf(target, leadsTo.properties.groupIds[0]!);
      return azure.resources
        .list("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", endpoint.id)
        .flatMap(configsOf)
        .map(({ properties }) => zoneAt(azure, properties.privateDnsZoneId))
        .some((zone) => zone !== undefined && zone.name === zoneName && isLinked(azure, zone.id, network));
    });
  });
}

/**
 * Whether a resource's own network rules let a subnet in, where an app with this identity lives: the rule names the subnet,
 * and the subnet has the service's endpoint.
 */
function allowedSubnet(azure: Azure, principalId: string, target: Resource, service: string): boolean {
  const { virtualNetworkRules = [] } = (target.properties["networkAcls"] ?? {}) as {
    virtualNetworkRules?: readonly { readonly id: string }[];
  };
  return subnetsOf(azure, principalId).some(
    (subnet) =>
      virtualNetworkRules.some(({ id }) => same(id, subnet.id)) &&
      ((subnet.properties as SubnetProperties).serviceEndpoints ?? []).some((endpoint) =>
        same(endpoint.service ?? "", service),
      ),
  );
}

/** The subnets in which web apps with an identity live. */
function subnetsOf(azure: Azure, principalId: string): Resource[] {
  return azure.resources
    .list("Microsoft.Web/sites")
    .filter((site) => identitiesOf(azure, site).some((identity) => same(identity.principalId, principalId)))
    .flatMap((site) => subnetAt(azure, site.properties["virtualNetworkSubnetId"]) ?? []);
}
