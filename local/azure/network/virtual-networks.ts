import { z } from "zod";
import { envelope } from "../arm/answer";
import { apiVersionsOf } from "../arm/api-versions";
import type { ResourceType } from "../arm/resource-type";
import { same } from "../names";
import type { Azure, Resource } from "../service";
import { contains, overlap, rangeOf } from "./address-range";
import { invalidCidr, subnetInUse, subnetOutside, subnetsOverlap } from "./errors";

export const networkVersions = apiVersionsOf("Microsoft.Network");

const subnetType = "Microsoft.Network/virtualNetworks/subnets";
const reference = z.looseObject({ id: z.string() });

const subnetBody = z.strictObject({
  addressPrefix: z.string().optional(),
  addressPrefixes: z.array(z.string()).optional(),
  defaultOutboundAccess: z.boolean().optional(),
  delegations: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        properties: z.looseObject({ serviceName: z.string() }).optional(),
      }),
    )
    .optional(),
  natGateway: reference.nullish(),
  networkSecurityGroup: reference.nullish(),
  privateEndpointNetworkPolicies: z.string().optional(),
  privateLinkServiceNetworkPolicies: z.string().optional(),
  routeTable: reference.nullish(),
  serviceEndpoints: z.array(z.looseObject({ service: z.string().optional() })).optional(),
  sharingScope: z.string().optional(),
});

/** What a subnet holds that this Azure looks at. */
export interface SubnetProperties extends Record<string, unknown> {
  readonly addressPrefix?: string;
  readonly addressPrefixes?: readonly string[];
  readonly delegations?: readonly { readonly properties?: { readonly serviceName: string } }[];
  readonly serviceEndpoints?: readonly { readonly service?: string }[];
}

/**
 * Virtual networks. Their subnets are resources of their own, which a write of the network may bring along.
 * https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/create-or-update
 */
export const virtualNetworks: ResourceType = {
  type: "Microsoft.Network/virtualNetworks",
  regional: true,
  apiVersions: networkVersions,
  name: { pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]$/ },
  asynchronous: { put: 10, delete: 10 },
  body: z.strictObject({
    location: z.string(),
    tags: z.record(z.string(), z.string()).nullish(),
    properties: z.strictObject({
      addressSpace: z.looseObject({ addressPrefixes: z.array(z.string()).min(1) }),
      dhcpOptions: z.looseObject({}).optional(),
      enableDdosProtection: z.boolean().optional(),
      enableVmProtection: z.boolean().optional(),
      encryption: z.looseObject({}).optional(),
      flowTimeoutInMinutes: z.number().optional(),
      privateEndpointVNetPolicies: z.string().optional(),
      subnets: z
        .array(z.strictObject({ id: z.string().optional(), name: z.string(), properties: subnetBody }))
        .optional(),
      virtualNetworkPeerings: z.array(z.looseObject({})).max(0).optional(),
    }),
  }),
  write(context, network) {
    const { subnets = [], ...properties } = network.properties as {
      addressSpace: { addressPrefixes: string[] };
      subnets?: { name: string; properties: SubnetProperties }[];
    };
    for (const prefix of properties.addressSpace.addressPrefixes)
      if (!rangeOf(prefix)) throw invalidCidr(prefix, network.id);
    network.properties = {
      resourceGuid: network.properties["resourceGuid"],
      enableDdosProtection: false,
      privateEndpointVNetPolicies: "Disabled",
      ...properties,
      provisioningState: "Succeeded",
    };
    const ranges = properties.addressSpace.addressPrefixes;
    const told = subnets.map(({ name, properties: subnet }) => ({
      name,
      subnet: checked(name, subnet, network, ranges),
    }));
    const taken = new Map<string, readonly string[]>();
    for (const { name, subnet } of told) {
      demandFree(name, subnet, taken, network.name);
      taken.set(name, prefixesOf(subnet));
    }
    // A network that is written without some of its subnets loses those.
    if ((context.body["properties"] as { subnets?: unknown }).subnets !== undefined) {
      for (const old of subnetsOf(context.azure, network.id)) {
        if (taken.has(old.name)) continue;
        demandUnused(context.azure, old);
        context.azure.resources.remove(old.id);
      }
    }
    for (const { name, subnet } of told) {
      context.azure.resources.set({ id: `${network.id}/subnets/${name}`, name, type: subnetType, properties: subnet });
    }
  },
  show: (network, _answer, { azure }) => {
    const shown = envelope(network);
    const subnets = subnetsOf(azure, network.id).map((subnet) => shownSubnet(azure, subnet));
    return { ...shown, properties: { ...network.properties, subnets, virtualNetworkPeerings: [] } };
  },
  delete({ azure }, network) {
    for (const subnet of subnetsOf(azure, network.id)) demandUnused(azure, subnet);
  },
};

/** https://learn.microsoft.com/rest/api/virtualnetwork/subnets/create-or-update */
export const subnets: ResourceType = {
  type: subnetType,
  level: "parent",
  apiVersions: networkVersions,
  name: { pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,78}[A-Za-z0-9_]$/ },
  methods: ["DELETE"],
  asynchronous: { put: 10, delete: 10 },
  body: z.strictObject({ properties: subnetBody }),
  write(context, subnet) {
    const network = context.azure.resources.get(networkIdOf(subnet.id))!;
    const { addressPrefixes } = (network.properties as { addressSpace: { addressPrefixes: string[] } }).addressSpace;
    subnet.properties = checked(subnet.name, subnet.properties, network, addressPrefixes);
    const others = subnetsOf(context.azure, network.id).filter(({ name }) => name !== subnet.name);
    demandFree(
      subnet.name,
      subnet.properties,
      new Map(others.map((one) => [one.name, prefixesOf(one.properties)])),
      network.name,
    );
  },
  show: (subnet, _answer, { azure }) => shownSubnet(azure, subnet),
  delete: ({ azure }, subnet) => demandUnused(azure, subnet),
};

/** The virtual network of a subnet's id. */
export const networkIdOf = (subnetId: string): string => subnetId.replace(/\/subnets\/[^/]+$/i, "");

/** The subnet with this id, if there is one. */
export function subnetAt(azure: Azure, id: unknown): Resource | undefined {
  const found = typeof id === "string" ? azure.resources.get(id) : undefined;
  return same(found?.type, subnetType) ? found : undefined;
}

/** True where a service may put its own things into a subnet: `Microsoft.Web/serverFarms`. */
export function isDelegated(subnet: Resource, service: string): boolean {
  const { delegations = [] } = subnet.properties as SubnetProperties;
  return delegations.some(({ properties }) => same(properties?.serviceName, service));
}

export const prefixesOf = ({ addressPrefix, addressPrefixes = [] }: SubnetProperties): readonly string[] =>
  addressPrefix === undefined ? addressPrefixes : [addressPrefix];

const subnetsOf = (azure: Azure, networkId: string): Resource[] => azure.resources.list(subnetType, networkId);

/** A subnet as it is kept. Throws where its range is none, or none of its network. */
function checked(
  name: string,
  given: SubnetProperties,
  network: Resource,
  ranges: readonly string[],
): SubnetProperties {
  const id = `${network.id}/subnets/${name}`;
  for (const prefix of prefixesOf(given)) {
    const range = rangeOf(prefix);
    if (!range) throw invalidCidr(prefix, id);
    if (!ranges.some((outer) => contains(rangeOf(outer)!, range))) throw subnetOutside(name, network.name);
  }
  if (prefixesOf(given).length === 0) throw subnetOutside(name, network.name);
  const delegations = (given.delegations ?? []) as readonly { name?: string; properties?: { serviceName: string } }[];
  return {
    privateEndpointNetworkPolicies: "Disabled",
    privateLinkServiceNetworkPolicies: "Enabled",
    ...given,
    delegations: delegations.map(({ name: own = "0", properties }) => ({
      name: own,
      id: `${id}/delegations/${own}`,
      properties: {
        provisioningState: "Succeeded",
        serviceName: properties?.serviceName ?? "",
        actions: ["Microsoft.Network/virtualNetworks/subnets/action"],
      },
      type: `${subnetType}/delegations`,
    })),
    provisioningState: "Succeeded",
  };
}

function demandFree(
  name: string,
  subnet: SubnetProperties,
  taken: ReadonlyMap<string, readonly string[]>,
  network: string,
): void {
  const own = prefixesOf(subnet).map((prefix) => rangeOf(prefix)!);
  const others = [...taken.values()].flat().map((prefix) => rangeOf(prefix)!);
  if (own.some((range) => others.some((other) => overlap(range, other)))) throw subnetsOverlap(name, network);
}

/** What lives in a subnet: network interfaces of private endpoints, and App Service's link where apps are integrated. */
function usersOf(azure: Azure, subnetId: string): { interfaces: string[]; links: string[] } {
  const isThis = (id: unknown): boolean => typeof id === "string" && same(id, subnetId);
  const interfaces = azure.resources
    .list("Microsoft.Network/privateEndpoints")
    .filter(({ properties }) => isThis((properties["subnet"] as { id?: string } | undefined)?.id))
    .map(({ properties }) => (properties["networkInterfaces"] as { id: string }[])[0]!.id);
  const apps = azure.resources
    .list("Microsoft.Web/sites")
    .some(({ properties }) => isThis(properties["virtualNetworkSubnetId"]));
  return { interfaces, links: apps ? [`${subnetId}/serviceAssociationLinks/AppServiceLink`] : [] };
}

function demandUnused(azure: Azure, subnet: Resource): void {
  const { interfaces, links } = usersOf(azure, subnet.id);
  const users = [...interfaces.map((id) => `${id}/ipConfigurations/privateEndpointIpConfig`), ...links];
  if (users.length > 0) throw subnetInUse(subnet.name, users);
}

function shownSubnet(azure: Azure, subnet: Resource): Record<string, unknown> {
  const { interfaces, links } = usersOf(azure, subnet.id);
  const type = `${subnetType}/serviceAssociationLinks`;
  const linked = links.map((id) => ({
    id,
    name: "AppServiceLink",
    type,
    properties: { provisioningState: "Succeeded", linkedResourceType: "Microsoft.Web/serverfarms", allowDelete: false },
  }));
  return {
    id: subnet.id,
    name: subnet.name,
    type: subnetType,
    properties: {
      ...subnet.properties,
      ...(interfaces.length > 0 ? { privateEndpoints: interfaces.map(endpointOf) } : {}),
      ...(linked.length > 0 ? { serviceAssociationLinks: linked } : {}),
    },
  };
}

const endpointOf = (interfaceId: string): { id: string } => ({
  id: interfaceId.replace(/networkInterfaces\/([^/]+)\.nic\.[^/]+$/i, "privateEndpoints/$1"),
});
