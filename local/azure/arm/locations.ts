/** Regions of the public cloud that the local Azure knows, by ARM's name. */
export const regions: Readonly<Record<string, string>> = {
  australiaeast: "Australia East",
  brazilsouth: "Brazil South",
  canadacentral: "Canada Central",
  centralindia: "Central India",
  centralus: "Central US",
  eastasia: "East Asia",
  eastus: "East US",
  eastus2: "East US 2",
  francecentral: "France Central",
  germanywestcentral: "Germany West Central",
  italynorth: "Italy North",
  japaneast: "Japan East",
  koreacentral: "Korea Central",
  northcentralus: "North Central US",
  northeurope: "North Europe",
  norwayeast: "Norway East",
  polandcentral: "Poland Central",
  southafricanorth: "South Africa North",
  southcentralus: "South Central US",
  southeastasia: "Southeast Asia",
  southindia: "South India",
  spaincentral: "Spain Central",
  swedencentral: "Sweden Central",
  switzerlandnorth: "Switzerland North",
  uaenorth: "UAE North",
  uksouth: "UK South",
  ukwest: "UK West",
  westcentralus: "West Central US",
  westeurope: "West Europe",
  westus: "West US",
  westus2: "West US 2",
  westus3: "West US 3",
};

/** `West Europe` to `westeurope`. */
export function normalise(location: string): string {
  return location.toLowerCase().replace(/\s+/g, "");
}

/** True for a region, and for `global`, where services without a region live. */
export function known(location: string): boolean {
  const name = normalise(location);
  return name === "global" || Object.hasOwn(regions, name);
}
