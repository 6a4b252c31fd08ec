import * as network from "@pulumi/azure-native/network";
import * as privatedns from "@pulumi/azure-native/privatedns";
import * as pulumi from "@pulumi/pulumi";
import { BotSignIn } from "../../infra/bot-sign-in";
import { appNetwork } from "../app-network";
import { mailBot } from "../mail-bot";
import { inSubnet } from "../vnet-integration/in-subnet";
import { closedVault } from "./closed-vault";

const { resourceGroupName, networkId, appsSubnetId, endpointsSubnetId } = appNetwork("westeurope");

// The web app reads its secrets when it starts, so it waits until the vault can be reached from its network; the endpoint
// waits for the vault. Only the subnet's id, handed over later, ties them together.
const [subnetOnceReached, reached] = pulumi.deferredOutput<string>();
const mail = new BotSignIn("mail", mailBot, { transforms: [closedVault(), inSubnet(subnetOnceReached)] });

// By this zone the vault's name leads to its private address, for whoever asks from the network.
const zone = new privatedns.PrivateZone("vault", {
  resourceGroupName,
  privateZoneName: "privatelink.vaultcore.azure.net",
  location: "global",
});
const link = new privatedns.VirtualNetworkLink("vault", {
  resourceGroupName,
  privateZoneName: zone.name,
  location: "global",
  virtualNetwork: { id: networkId },
  registrationEnabled: false,
});
const endpoint = new network.PrivateEndpoint("vault", {
  resourceGroupName,
  location: "westeurope",
  subnet: { id: endpointsSubnetId },
  privateLinkServiceConnections: [{ name: "vault", privateLinkServiceId: mail.vaultId, groupIds: ["vault"] }],
});
const zoneGroup = new network.PrivateDnsZoneGroup("vault", {
  resourceGroupName,
  privateEndpointName: endpoint.name,
  privateDnsZoneGroupName: "default",
  privateDnsZoneConfigs: [{ name: "vault", privateDnsZoneId: zone.id }],
});
reached(pulumi.all([appsSubnetId, zoneGroup.id, link.id]).apply(([subnetId]) => subnetId));

export const chatAddress = mail.chatAddress;
