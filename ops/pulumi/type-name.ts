/** The kind of a resource as people read it: `Vault` of `azure-native:keyvault:Vault`. */
export function kindOf(type: string): string {
  return type.split(/[:/]/).at(-1) ?? type;
}
