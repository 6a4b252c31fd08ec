import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ResourceType } from "../arm/resource-type";
import { same } from "../names";
import type { Azure, Resource } from "../service";
import { addressAt, rangeOf } from "./address-range";
import { invalidReference, privateLinkGroup } from "./errors";
import { zoneAt } from "./private-dns-zones";
import { networkVersions, prefixesOf, subnetAt } from "./virtual-networks";

/**
 * What a private endpoint can lead to: by resource type the group ids, each with the host that it stands in for and the
 * zone that gives its private address.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 */
const linkable: Readonly<Record<string, Readonly<Record<string, { host: string; zone: string }>>>> = {
  "microsoft.keyvault/vaults": { vault: { host: "vault.azure.net", zone: "privatelink.vaultcore.azure.net" } },
  "microsoft.storage/storageaccounts": {
    blob: { host: "blob.core.windows.net", zone: "privatelink.blob.core.windows.net" },
  },
  "microsoft.web/sites": { sites: { host: "azurewebsites.net", zone: "privatelink.azurewebsites.net" } },
};

/** One thing that an endpoint leads to. */
export interface LinkConnection {
  readonly name: string;
  readonly properties: { readonly privateLinkServiceId: string; readonly groupIds: readonly string[] };
}

export interface EndpointProperties extends Record<string, unknown> {
  readonly subnet: { readonly id: string };
  readonly privateLinkServiceConnections: readonly LinkConnection[];
}

const connection = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  properties: z.looseObject({
    privateLinkServiceId: z.string(),
    groupIds: z.array(z.string()).min(1),
    requestMessage: z.string().optional(),
  }),
});

/**
 * https://learn.microsoft.com/rest/api/virtualnetwork/private-endpoints/create-or-update;
 * recorded: azure-cli test_storage_account_private_endpoint
 */
export const privateEndpoints: ResourceType = {
  type: "Microsoft.Network/privateEndpoints",
  regional: true,
  apiVersions: networkVersions,
  name: { pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,78}[A-Za-z0-9_]$/ },
  methods: ["DELETE"],
  asynchronous: { put: 10, delete: 10 },
  body: z.strictObject({
    location: z.string(),
    tags: z.record(z.string(), z.string()).nullish(),
    properties: z.looseObject({
      subnet: z.looseObject({ id: z.string() }),
      privateLinkServiceConnections: z.array(connection).optional(),
      customNetworkInterfaceName: z.string().optional(),
    }),
  }),
  write({ azure }, endpoint, before) {
    const { subnet, privateLinkServiceConnections: connections = [] } = endpoint.properties as EndpointProperties;
    const inside = subnetAt(azure, subnet.id);
    if (!inside) throw invalidReference(subnet.id, endpoint.id);
    for (const { properties } of connections) demandLinkable(azure, endpoint.id, properties);
    const range = rangeOf(prefixesOf(inside.properties)[0]!)!;
    const earlier = azure.resources.list("Microsoft.Network/privateEndpoints").filter(({ id }) => id !== endpoint.id);
    const group = endpoint.id.replace(/\/providers\/.*$/i, "");
    const etag = `W/"${randomUUID()}"`;
    endpoint.etag = etag;
    endpoint.properties = {
      manualPrivateLinkServiceConnections: [],
      customNetworkInterfaceName: "",
      ipConfigurations: [],
      ...endpoint.properties,
      resourceGuid: before?.properties["resourceGuid"] ?? randomUUID(),
      networkInterfaces: before?.properties["networkInterfaces"] ?? [
        { id: `${group}/providers/Microsoft.Network/networkInterfaces/${endpoint.name}.nic.${randomUUID()}` },
      ],
      privateLinkServiceConnections: connections.map(({ name, properties }) => ({
        name,
        id: `${endpoint.id}/privateLinkServiceConnections/${name}`,
        etag,
        type: "Microsoft.Network/privateEndpoints/privateLinkServiceConnections",
        properties: {
          ...properties,
          provisioningState: "Succeeded",
          privateLinkServiceConnectionState: {
            status: "Approved",
            description: "Auto-Approved",
            actionsRequired: "None",
          },
        },
      })),
      customDnsConfigs: before?.properties["customDnsConfigs"] ?? [
        { fqdn: hostOf(connections[0]), ipAddresses: [addressAt(range, 4 + earlier.length)] },
      ],
      provisioningState: "Succeeded",
    };
  },
};

/** The endpoints that lead to a resource, oldest first. */
export function endpointsTo(azure: Azure, { id }: Pick<Resource, "id">): Resource[] {
  return azure.resources
    .list("Microsoft.Network/privateEndpoints")
    .filter(({ properties }) =>
      (properties as EndpointProperties).privateLinkServiceConnections.some((to) =>
        same(to.properties.privateLinkServiceId, id),
      ),
    );
}

/**
 * Which zones give the endpoint's address, so that names lead to it.
 * https://learn.microsoft.com/rest/api/virtualnetwork/private-dns-zone-groups/create-or-update
 */
export const privateDnsZoneGroups: ResourceType = {
  type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
  level: "parent",
  apiVersions: networkVersions,
  methods: ["DELETE"],
  asynchronous: { put: 10, delete: 10 },
  body: z.strictObject({
    properties: z.looseObject({
      privateDnsZoneConfigs: z.array(
        z.looseObject({ name: z.string(), properties: z.looseObject({ privateDnsZoneId: z.string() }) }),
      ),
    }),
  }),
  write({ azure }, group) {
    for (const { properties } of configsOf(group))
      if (!zoneAt(azure, properties.privateDnsZoneId)) throw invalidReference(properties.privateDnsZoneId, group.id);
    group.properties = { ...group.properties, provisioningState: "Succeeded" };
  },
};

/** The zones that a zone group writes into. */
export const configsOf = (group: Resource): readonly { properties: { privateDnsZoneId: string } }[] =>
  (group.properties["privateDnsZoneConfigs"] ?? []) as { properties: { privateDnsZoneId: string } }[];

/** The zone in which a resource's private address has to stand, so that its name leads there. */
export function zoneNameOf(target: Resource, groupId: string): string | undefined {
  return linkable[target.type.toLowerCase()]?.[groupId.toLowerCase()]?.zone;
}

function demandLinkable(azure: Azure, endpointId: string, properties: LinkConnection["properties"]): void {
  const target = azure.resources.get(properties.privateLinkServiceId);
  if (!target) throw invalidReference(properties.privateLinkServiceId, endpointId);
  for (const group of properties.groupIds)
    if (zoneNameOf(target, group) === undefined) throw privateLinkGroup(group, target.id);
}

function hostOf(first: LinkConnection | undefined): string {
  if (!first) return "";
  const { privateLinkServiceId, groupIds } = first.properties;
  const name = privateLinkServiceId.split("/").at(-1)!;
  const type = /\/providers\/([^/]+\/[^/]+)\//i.exec(privateLinkServiceId)?.[1] ?? "";
  return `${name}.${linkable[type.toLowerCase()]?.[groupIds[0]!.toLowerCase()]?.host ?? ""}`.toLowerCase();
}
