/** Key Vault's module in azure-native. */
export const keyVaultModule = "keyvault";

/** Its api-version as azure-native writes it in names. */
export const keyVaultModuleVersion = "v20260201";

/** Name of the package: azure-native's, for one module in one version. */
export const keyVaultPackage = `azure-native_${keyVaultModule}_${keyVaultModuleVersion}`;
