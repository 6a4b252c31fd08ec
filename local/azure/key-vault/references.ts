import type { Azure, Claims, Vaults } from "../service";
import { AzureError } from "../error";
import { authorize, rights } from "./access";
import { objectRefusals } from "./errors";
import { vaultUri, type VaultContents } from "./vaults";

/**
 * Key Vault as other services reach it behind the wire.
 * Statuses: https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 */
export function vaultsFor(azure: Azure, contents: VaultContents): Vaults {
  return {
    setSecret(vaultName, secretName, value, attributes = {}) {
      const vault = contents.vault(vaultName);
      if (!vault) throw new Error(`There is no vault named ${vaultName}.`);
      const { enabled, notBefore, expires, contentType } = attributes;
      const given = { enabled, nbf: notBefore, exp: expires };
      const { version } = contents.of(vaultName).secrets.set(secretName, { value, contentType, attributes: given });
      contents.mirror(vault, secretName);
      const uri = `${vaultUri(vaultName)}secrets/${secretName}`;
      return { uri, uriWithVersion: `${uri}/${version.version}` };
    },
    read(uri, principalId) {
      const parsed = parse(uri);
      if (!parsed) return { status: "InvalidSyntax", details: "The secret's address is not one of Key Vault's." };
      const { vaultName, name, version } = parsed;
      const vault = contents.vault(vaultName);
      if (!vault) return { status: "VaultNotFound", details: `Key Vault ${vaultName} was not found.` };
      try {
        authorize(azure, { oid: principalId, appid: "" } as Claims, vault, rights.secrets.get, name);
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        return {
          status: "AccessToKeyVaultDenied",
          details: `Key Vault ${vaultName} denied the identity: ${error.code}.`,
        };
      }
      const secret = contents.of(vaultName).secrets.find(name);
      if (!secret) {
        const inBin = contents
          .of(vaultName)
          .secrets.bin()
          .some((entry) => entry.name.toLowerCase() === name.toLowerCase());
        return {
          status: "SecretNotFound",
          details: inBin ? objectRefusals("Secret").inBin(name).message : `Secret ${name} was not found.`,
        };
      }
      const found = version ? secret.versions.find((entry) => entry.version === version) : secret.versions.at(-1);
      if (!found) return { status: "SecretVersionNotFound", details: `Secret ${name} has no version ${version}.` };
      if (!found.attributes.enabled) {
        return { status: "AccessToKeyVaultDenied", details: `Secret ${name} is disabled: its value is not given out.` };
      }
      return { value: found.value };
    },
  };
}

function parse(uri: string): { vaultName: string; name: string; version?: string } | undefined {
  const match = /^https:\/\/([^./]+)\.vault\.azure\.net(?::443)?\/secrets\/([^/?]+)(?:\/([0-9a-f]+))?\/?$/i.exec(uri);
  if (!match) return undefined;
  return { vaultName: match[1]!, name: match[2]!, ...(match[3] ? { version: match[3] } : {}) };
}
