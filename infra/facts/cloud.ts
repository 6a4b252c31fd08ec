/** Somebody or something that says which of Azure's clouds is meant, and the words by which it says the public one. */
interface CloudSource {
  /** A configuration key of a provider, or a variable of the environment. */
  readonly name: string;
  readonly publicWords: readonly string[];
}

const names = ["public", "global", "azurecloud", "azurepublic", "azurepubliccloud"];

/**
 * Where a cloud can be said, for azure-native, azuread, Microsoft's libraries and the Azure CLI.
 * https://www.pulumi.com/registry/packages/azure-native/installation-configuration/,
 * https://www.pulumi.com/registry/packages/azuread/installation-configuration/,
 * https://learn.microsoft.com/cli/azure/azure-cli-configuration (AZURE_CLOUD_NAME)
 */
const sources: readonly CloudSource[] = [
  ...["azure-native:environment", "azuread:environment", "ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"].map((name) => ({
    name,
    publicWords: names,
  })),
  ...["AZURE_CLOUD", "AZURE_CLOUD_NAME"].map((name) => ({ name, publicWords: names })),
  ...["azure-native:metadataHost", "azuread:metadataHost", "ARM_METADATA_HOST", "ARM_METADATA_HOSTNAME"].map(
    (name) => ({ name, publicWords: ["management.azure.com"] }),
  ),
  { name: "AZURE_AUTHORITY_HOST", publicWords: ["login.microsoftonline.com"] },
];

/** Regions of Azure Government, of Azure in China and of the German cloud that was closed in 2021. */
const otherRegions = /^(us(gov|dod|sec|nat)|china|germany(central|northeast)$)/;

/** A cloud besides the public one, and who says it. */
export interface OtherCloud {
  readonly source: string;
  readonly said: string;
}

/** Why every other cloud is refused. */
export const publicCloudOnly =
  "Only the public cloud is served: in the others Bot Service, Entra, Microsoft Graph, Key Vault and App Service have hosts of " +
  "their own, and half of the set-up would call the public ones.";

/** Whoever says another cloud than the public one, in the configuration or in the environment. */
export function otherClouds(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): OtherCloud[] {
  return sources.flatMap(({ name, publicWords }) => {
    const said = name.includes(":") ? config[name] : environment[name];
    return said && !publicWords.includes(word(said)) ? [{ source: name, said }] : [];
  });
}

/** A region by its name, however it is written: `West Europe` is `westeurope`; empty where there is none. */
export function regionOf(location = ""): string {
  return location.toLowerCase().replaceAll(" ", "");
}

/** Whether a region belongs to another cloud than the public one. */
export function isOfOtherCloud(location: string): boolean {
  return otherRegions.test(regionOf(location));
}

/** Whether the Azure CLI's own name of a cloud means the public one. */
export function isPublicCloud(name: string): boolean {
  return names.includes(word(name));
}

function word(said: string): string {
  return said
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, "")
    .replace(/\/+$/, "");
}
