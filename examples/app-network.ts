import * as network from "@pulumi/azure-native/network";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";

/** A network with a subnet for web apps, and one for private endpoints. */
export interface AppNetwork {
  readonly resourceGroupName: pulumi.Output<string>;
  readonly networkId: pulumi.Output<string>;
  readonly appsSubnetId: pulumi.Output<string>;
  readonly endpointsSubnetId: pulumi.Output<string>;
}

/** Makes a network in a group of its own, so that it outlives the bot. */
export function appNetwork(location: string): AppNetwork {
  const group = new resources.ResourceGroup("network", { location });
  const made = new network.VirtualNetwork("network", {
    resourceGroupName: group.name,
    location,
    addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
    // Subnets stand in the network: written apart, a later write of the network would take them for gone.
    subnets: [
      {
        name: "apps",
        // App Service asks for a /28 or more; a /26 leaves room for growing.
        addressPrefix: "10.20.0.0/26",
        delegations: [{ name: "app-service", serviceName: "Microsoft.Web/serverFarms" }],
      },
      { name: "endpoints", addressPrefix: "10.20.1.0/27" },
    ],
  });
  return {
    resourceGroupName: group.name,
    networkId: made.id,
    appsSubnetId: pulumi.interpolate`${made.id}/subnets/apps`,
    endpointsSubnetId: pulumi.interpolate`${made.id}/subnets/endpoints`,
  };
}
