import type { Input, ResourceTransform } from "@pulumi/pulumi";

/**
 * Lets the web app call out through a subnet: everything that it calls is reached from there, with the network's routes
 * and its address. The plan has to be Basic or larger.
 * https://learn.microsoft.com/azure/app-service/overview-vnet-integration
 * @param subnetId ARM id of a subnet that is delegated to `Microsoft.Web/serverFarms`
 */
export function inSubnet(subnetId: Input<string>): ResourceTransform {
  return ({ type, props, opts }) =>
    type === "azure-native:web:WebApp"
      ? { props: { ...props, virtualNetworkSubnetId: subnetId, outboundVnetRouting: { allTraffic: true } }, opts }
      : undefined;
}
