/** The oldest api-version of Key Vault's management that goes on: earlier ones end on 2027-02-27, see infra/decisions/ends.ts. */
export const keyVaultVersion = "2026-02-01";
