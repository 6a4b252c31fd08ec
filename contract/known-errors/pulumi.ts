import { fixes } from "./fixes";
import type { KnownError } from "./known-error";

const backends = "https://www.pulumi.com/docs/iac/concepts/state-and-backends/";
const secrets = "https://www.pulumi.com/docs/iac/concepts/secrets/";
const commands = "https://www.pulumi.com/docs/iac/cli/commands";
/** Places in Blob Storage and Key Vault, as the CLI names them: the state, and the key that opens its secrets. */
const container = String.raw`https:\/\/(?<account>[\w-]+)\.blob\.core\.windows\.net\/(?<container>[\w-]+)[\s\S]*?`;
const key = String.raw`https:\/\/(?<vault>[\w-]+)\.vault\.azure\.net\/keys\/(?<key>[\w-]+)[\s\S]*?`;

/** An entry that is known, and filled, by the same words. */
const row = (id: string, says: RegExp, cause: string, fix: string, source: string): KnownError => ({
  id,
  codes: [],
  says,
  finds: says,
  cause,
  fix,
  source,
});

/** What azure-native says where Azure has what the state does not know. `{takeDown}` is the command against what a stack left. */
export const notInState: readonly KnownError[] = [
  row(
    "group-not-in-state",
    /cannot create already existing resource '[^']*\/resourceGroups\/(?<group>[^/']+)'/i,
    "There is a resource group {group} already that the state of {stack} does not know",
    "If az group show --name {group} shows the tag stack={stack}: {takeDown}. Else it is somebody else's: ask, or delete it.",
    "https://www.pulumi.com/docs/iac/guides/migration/import/",
  ),
  row(
    "resource-not-in-state",
    /cannot create already existing resource '(?<id>[^']+)'/i,
    "Azure has {id} already, and the state of {stack} does not know it",
    "Where a run of {stack} broke off: {takeDown}. Else somebody made it by hand: ask, or delete it (az resource delete --ids {id}), then deploy again.",
    "https://www.pulumi.com/docs/iac/guides/migration/import/",
  ),
];

/**
 * What Pulumi's CLI (3.259) says where it cannot do what was asked, and what the place of a shared state says through it. The first
 * that fits is the one; `{stack}` is filled by the command that tells it.
 */
export const pulumiErrors: readonly KnownError[] = [
  row(
    "state-place-role",
    new RegExp(`${container}AuthorizationPermissionMismatch`),
    "Whoever is signed in may not work with Pulumi's state in the container {container} of {account}",
    'az role assignment create --assignee <object id> --role "Storage Blob Data Contributor" --scope ' +
      '"$(az storage account show --name {account} --query id --output tsv)/blobServices/default/containers/{container}"',
    `${backends}#azure-blob-storage`,
  ),
  row(
    "state-container-missing",
    new RegExp(`${container}(?:ContainerNotFound|ResourceNotFound)`),
    "There is no container {container} for Pulumi's state in the storage account {account}",
    "az storage container create --account-name {account} --name {container} --auth-mode login, or correct PULUMI_BACKEND_URL",
    `${backends}#azure-blob-storage`,
  ),
  row(
    "state-account-missing",
    /unable to open[\s\S]*?no such host/,
    "The storage account of Pulumi's state does not exist",
    "correct PULUMI_BACKEND_URL",
    `${backends}#azure-blob-storage`,
  ),
  row(
    "state-key-role",
    new RegExp(`${key}(?:ForbiddenByRbac|Caller is not authorized)`),
    "Whoever is signed in may not use the key {key} of the vault {vault}, which opens the secrets of the state",
    'az role assignment create --assignee <object id> --role "Key Vault Crypto User" --scope ' +
      '"$(az keyvault show --name {vault} --query id --output tsv)/keys/{key}"',
    secrets,
  ),
  row(
    "state-key-missing",
    new RegExp(`${key}KeyNotFound`),
    "There is no key {key} in the vault {vault}, with which the secrets of the state are encrypted",
    "az keyvault key recover --vault-name {vault} --name {key}, if it was deleted",
    secrets,
  ),
  row(
    "state-unreachable",
    /unable to (?:open|check) (?:state directory|bucket) "(?<address>[^"]*)"/,
    "Pulumi's state at {address} cannot be reached",
    "correct PULUMI_BACKEND_URL, or pulumi login <address>",
    backends,
  ),
  row(
    "state-signed-out",
    /PULUMI_ACCESS_TOKEN must be set|(?:invalid|expired) access token|\[401\] Unauthorized|not logged in/,
    "Nobody is signed in to Pulumi's state, or the login has ended",
    'export PULUMI_BACKEND_URL="<address>", or pulumi login <address>',
    backends,
  ),
  row(
    "stack-unknown",
    /no stack named|stack '[^']*' not found|could not find stack/i,
    "There is no stack {stack} in this state",
    "pulumi stack ls shows those that there are",
    `${commands}/pulumi_stack_ls/`,
  ),
  row(
    "project-missing",
    /no Pulumi\.yaml project file found/,
    "Here is no Pulumi project",
    fixes.inProject,
    "https://www.pulumi.com/docs/iac/concepts/projects/project-file/",
  ),
  row(
    "passphrase-wrong",
    /incorrect passphrase/,
    "The passphrase is not the one of the stack {stack}",
    "set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one with which the stack was made",
    secrets,
  ),
  row(
    "passphrase-missing",
    /passphrase must be set|PULUMI_CONFIG_PASSPHRASE/,
    "The passphrase that opens the secrets of the stack {stack} is not set",
    "read -rs PULUMI_CONFIG_PASSPHRASE && export PULUMI_CONFIG_PASSPHRASE, or point PULUMI_CONFIG_PASSPHRASE_FILE at it",
    secrets,
  ),
  row(
    "pulumi-cli-missing",
    /pulumi ENOENT|pulumi: failed to start|pulumi: .*(?:not installed|download)|Pulumi CLI version/,
    "Pulumi's CLI is not on PATH, or is another version",
    "npm install",
    "https://www.pulumi.com/docs/iac/download-install/",
  ),
  ...notInState,
];
