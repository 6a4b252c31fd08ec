import { providerError } from "../arm/errors";
import type { AzureError } from "../error";

/** Microsoft.Network's refusals, one function for each code. */

const badRequest = (code: string, message: string): AzureError => providerError(400, code, message);

export const invalidCidr = (prefix: string, resource: string): AzureError =>
  badRequest(
    "InvalidCIDRNotation",
    `The address prefix ${prefix} in resource ${resource} has an invalid CIDR notation.`,
  );

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
export const subnetOutside = (subnet: string, network: string): AzureError =>
  badRequest("NetcfgInvalidSubnet", `Subnet '${subnet}' is not valid in virtual network '${network}'.`);

export const subnetsOverlap = (subnet: string, network: string): AzureError =>
  badRequest(
    "NetcfgSubnetRangesOverlap",
    `Subnet '${subnet}' is not valid because its IP address range overlaps with that of an existing subnet in virtual ` +
      `network '${network}'.`,
  );

/** Words as met in https://github.com/Azure/bicep/issues/13267. */
export const subnetInUse = (subnet: string, users: readonly string[]): AzureError =>
  badRequest(
    "InUseSubnetCannotBeDeleted",
    `Subnet ${subnet} is in use by ${users.join(" and ")} and cannot be deleted. In order to delete the subnet, delete ` +
      "all the resources within the subnet. See aka.ms/deletesubnet.",
  );

export const invalidReference = (id: string, by: string): AzureError =>
  badRequest(
    "InvalidResourceReference",
    `Resource ${id} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, ` +
      "and that both resources are in the same region.",
  );

/** No public recording of it was found: the code is ARM's, the sentence says what is wrong. */
export const privateLinkGroup = (group: string, target: string): AzureError =>
  badRequest(
    "BadRequest",
    `The group id ${group} is not one of the resource ${target}, so that no private endpoint can lead to it.`,
  );
