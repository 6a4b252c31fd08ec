/**
 * The kind of a resource as people read it: `Vault` of `azure-native:keyvault:Vault`; `dynamic resource`, in Pulumi's own
 * words, of what this program's providers make, for these all have one type.
 */
export function kindOf(type: string): string {
  if (type.startsWith("pulumi-nodejs:dynamic:")) return "dynamic resource";
  return type.split(/[:/]/).at(-1) ?? type;
}
