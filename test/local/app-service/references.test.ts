import { parseReference } from "../../../local/azure/app-service/references";

const uri = "https://kv.vault.azure.net/secrets/password";

test.each([
  [`@Microsoft.KeyVault(SecretUri=${uri})`, { uri, secretVersion: null }],
  [`@Microsoft.KeyVault(SecretUri=${uri}/)`, { uri: `${uri}/`, secretVersion: null }],
  [`@Microsoft.KeyVault(SecretUri=${uri}/0a1b)`, { uri: `${uri}/0a1b`, secretVersion: "0a1b" }],
  ["@microsoft.keyvault(VaultName=kv; SecretName=password)", { uri, secretVersion: null }],
  [
    "@Microsoft.KeyVault(VaultName=kv;SecretName=password;SecretVersion=0a1b)",
    { uri: `${uri}/0a1b`, secretVersion: "0a1b" },
  ],
])("%s names the secret it asks for", (reference, target) => {
  expect(parseReference(reference)).toEqual({ vaultName: "kv", secretName: "password", ...target });
});

test.each([
  "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/keys/password)",
  "@Microsoft.KeyVault(SecretUri=https://example.com/secrets/password)",
  "@Microsoft.KeyVault(VaultName=kv)",
  "@Microsoft.KeyVault()",
  `@Microsoft.KeyVault(SecretUri=${uri}`,
])("%s is no valid reference, so the app would get the literal", (reference) => {
  expect(parseReference(reference)).toBeUndefined();
});
