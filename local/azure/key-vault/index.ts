import { randomUUID } from "node:crypto";
import type { Azure, Vaults } from "../service";
import type { Service } from "../hosted-service";
import { dataPlane, vaultPaths } from "./data-plane";
import { vaultsFor } from "./references";
import { keys } from "./key-type";
import { secrets } from "./secret-type";
import { vaults } from "./vault-type";
import { VaultContents } from "./vaults";

/** Key Vault: its resource types for ARM, its data plane, and what App Service reads of it. Secrets, RSA keys, and certificates. */
export function createKeyVault(azure: Azure): Service & { readonly vaults: Vaults } {
  const contents = new VaultContents(azure);
  const answer = dataPlane(azure, contents);
  return {
    name: "Key Vault",
    hosts: ["*.vault.azure.net"],
    paths: vaultPaths,
    resourceTypes: [vaults(contents), secrets(contents), keys(contents)],
    kept: [contents.kept],
    vaults: vaultsFor(azure, contents),
    async handle(request) {
      const response = await answer(request);
      response.headers.set("x-ms-request-id", randomUUID());
      response.headers.set("x-ms-keyvault-service-version", "1.9.2800.1");
      response.headers.set("Cache-Control", "no-cache");
      return response;
    },
  };
}
