/** Azure's built-in roles that the program grants: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles. */
export const builtInRoles = {
  keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  /** At a certificate's key alone, where the bot proves itself by one. */
  keyVaultCryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
} as const;

export type BuiltInRole = keyof typeof builtInRoles;

/** A role's full id, as a role assignment wants it. */
export function roleDefinitionId(subscriptionId: string, role: BuiltInRole): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles[role]}`;
}
