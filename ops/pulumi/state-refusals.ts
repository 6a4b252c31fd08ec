import type { Saying } from "./saying";

/**
 * What Azure says of the place of Pulumi's state (docs/runbook.md, "State that a team shares") where a person can do something
 * about it. Pulumi's own words around it are those of its CLI 3.259.
 * @param missing the code of a room's error where a right is missing
 * @param unreachable where there is no such place
 */
export function stateRefusals<Code extends string>(missing: Code, unreachable: Code): readonly Saying<Code>[] {
  const blob = String.raw`https:\/\/([\w-]+)\.blob\.core\.windows\.net\/([\w-]+)[\s\S]*?`;
  return [
    {
      code: missing,
      says: new RegExp(`${blob}AuthorizationPermissionMismatch`),
      means: (_stack, account, container) => [
        `Whoever is signed in may not work with Pulumi's state in the container ${container} of ${account}`,
        'az role assignment create --assignee <object id> --role "Storage Blob Data Contributor" --scope ' +
          `"$(az storage account show --name ${account} --query id --output tsv)/blobServices/default/containers/${container}"`,
      ],
    },
    {
      code: unreachable,
      says: new RegExp(`${blob}(?:ContainerNotFound|ResourceNotFound)|unable to open[\\s\\S]*?no such host`),
      means: (_stack, account, container) =>
        account
          ? [
              `There is no container ${container} for Pulumi's state in the storage account ${account}`,
              `az storage container create --account-name ${account} --name ${container} --auth-mode login, or correct PULUMI_BACKEND_URL`,
            ]
          : ["The storage account of Pulumi's state does not exist", "correct PULUMI_BACKEND_URL"],
    },
    {
      code: missing,
      says: /https:\/\/([\w-]+)\.vault\.azure\.net\/keys\/([\w-]+)[\s\S]*?(?:ForbiddenByRbac|Caller is not authorized)/,
      means: (_stack, vault, key) => [
        `Whoever is signed in may not use the key ${key} of the vault ${vault}, which opens the secrets of the state`,
        'az role assignment create --assignee <object id> --role "Key Vault Crypto User" --scope ' +
          `"$(az keyvault show --name ${vault} --query id --output tsv)/keys/${key}"`,
      ],
    },
    {
      code: unreachable,
      says: /https:\/\/([\w-]+)\.vault\.azure\.net\/keys\/([\w-]+)[\s\S]*?KeyNotFound/,
      means: (_stack, vault, key) => [
        `There is no key ${key} in the vault ${vault}, with which the secrets of the state are encrypted`,
        `az keyvault key recover --vault-name ${vault} --name ${key}, if it was deleted`,
      ],
    },
  ];
}
