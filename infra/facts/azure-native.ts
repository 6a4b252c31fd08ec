/**
 * azure-native serves each Azure type in one api-version, and any other as a package of its own, whose types bear other
 * names: `azure-native:keyvault:Vault` is `azure-native_keyvault_v20260201:keyvault:Vault` there.
 * https://www.pulumi.com/registry/packages/azure-native/version-guide/
 */
const ofVersion = /^azure-native_[a-z]+_v\d+(preview)?:/;

/** Whether a type is azure-native's, of whichever of its packages. */
export function isAzureNative(type: string): boolean {
  return type.startsWith("azure-native:") || ofVersion.test(type);
}

/** A type without the api-version that it comes in: what is known of `azure-native:keyvault:Vault` holds for every package. */
export function plainType(type: string): string {
  return type.replace(ofVersion, "azure-native:");
}
