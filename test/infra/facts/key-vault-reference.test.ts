import { isReference, keyVaultReference, secretAt } from "../../../infra/facts/key-vault-reference";

const version = "0123456789abcdef0123456789abcdef";
const versioned = `https://v.vault.azure.net/secrets/bot-app-password/${version}`;
const secret = { vaultName: "v", secretName: "bot-app-password" };

test("a secret's reference names its version, so that a renewed secret reaches the bot at once", () => {
  expect(keyVaultReference(versioned)).toBe(`@Microsoft.KeyVault(SecretUri=${versioned})`);
  expect(() => keyVaultReference("https://v.vault.azure.net/secrets/bot-app-password")).toThrow(
    new RangeError("https://v.vault.azure.net/secrets/bot-app-password is not the address of one version of a secret"),
  );
});

test.each([
  [keyVaultReference(versioned), { ...secret, version }],
  ["@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/bot-app-password/)", secret],
  ["@microsoft.keyvault(VaultName=v;SecretName=bot-app-password)", secret],
  [`@Microsoft.KeyVault(VaultName=v; SecretName=bot-app-password; SecretVersion=${version})`, { ...secret, version }],
  ["@Microsoft.KeyVault(SecretName=bot-app-password;VaultName=v)", secret],
])("the secret behind %s is found, in whichever form somebody wrote it", (value, expected) => {
  expect([isReference(value), secretAt(value)]).toEqual([true, expected]);
});

test.each([
  ["the address of a secret alone, which code reads by itself", versioned, { ...secret, version }],
  ["an address of another host", "https://v.example.com/secrets/bot-app-password", undefined],
  ["any text", "bot-app-password", undefined],
])("%s is no reference", (_, value, expected) => {
  expect([isReference(value), secretAt(value)]).toEqual([false, expected]);
});
