import { fixes } from "./fixes";
import type { KnownError } from "./known-error";

const learn = "https://learn.microsoft.com";
const vaultCodes = `${learn}/azure/key-vault/general/rest-error-codes`;
const blobCodes = `${learn}/rest/api/storageservices/blob-service-error-codes`;
const drift = "npm run drift, then pulumi up";

/** What Key Vault refuses to whoever reads a secret or uses a key. */
export const keyVaultErrors: readonly KnownError[] = [
  {
    id: "vault-network",
    codes: ["Forbidden", "ForbiddenByFirewall", "ForbiddenByConnection"],
    says: /firewall|client address is not authorized|public network access is disabled|ForbiddenByConnection|private link/i,
    cause: "The vault takes calls from its own networks only",
    fix: "Call from a network that the vault knows (examples/private-endpoint), or let this one in: az keyvault network-rule add --name <vault> --ip-address <address>.",
    source: `${learn}/azure/key-vault/general/network-security`,
  },
  {
    id: "secret-off",
    codes: ["SecretDisabled", "Forbidden"],
    says: /disabled secret|not enabled|SecretDisabled/i,
    cause: "The secret's version is switched off, or not valid yet or any more",
    fix: `Switch it on again (az keyvault secret set-attributes --enabled true), or ${drift}.`,
    source: vaultCodes,
  },
  {
    id: "vault-certificate-role",
    codes: ["Forbidden", "ForbiddenByRbac"],
    says: /vaults\/certificates\//i,
    finds: /oid=(?<oid>[^;]+);[\s\S]*Resource: '(?<vault>[^']+?)\/certificates/i,
    cause:
      "Whoever deploys a bot with a certificate has no role for certificates at the vault, which not even an owner has by itself",
    fix: 'Give it: az role assignment create --role "Key Vault Certificates Officer" --assignee {oid} --scope {vault}, and deploy again some minutes later.',
    source: `${learn}/azure/key-vault/general/rbac-guide`,
  },
  {
    id: "vault-secret-delete-role",
    codes: ["Forbidden", "ForbiddenByRbac"],
    says: /vaults\/secrets\/(?:delete|purge)/i,
    finds: /oid=(?<oid>[^;]+);[\s\S]*Resource: '(?<vault>[^']+?)\/secrets/i,
    cause:
      "Whoever removes a secret, or empties the bin of one, has no role for it at the vault: ARM's roles, Owner among them, reach into no vault",
    fix: 'Give it: az role assignment create --role "Key Vault Secrets Officer" --assignee {oid} --scope {vault}, and run it again some minutes later.',
    source: `${learn}/azure/key-vault/general/rbac-guide`,
  },
  {
    id: "vault-key-role",
    codes: ["Forbidden", "ForbiddenByRbac"],
    says: /vaults\/keys\/sign/i,
    cause: "The bot's managed identity may not sign with the key of the bot's certificate",
    fix: `Give it the role Key Vault Crypto User at that key: ${drift}.`,
    source: `${learn}/azure/key-vault/general/rbac-guide`,
  },
  {
    id: "vault-role",
    codes: ["Forbidden", "ForbiddenByRbac", "ForbiddenByPolicy", "AccessDenied"],
    cause: "Whoever asks has no role at the vault, or a policy of an older kind does not name them",
    fix: `Give the bot's managed identity the role Key Vault Secrets User at the vault: ${drift}.`,
    mistake: 34,
    source: vaultCodes,
  },
  {
    id: "secret-in-bin",
    codes: ["ObjectIsDeletedButRecoverable", "ObjectIsBeingDeleted", "ObjectIsBeingRecovered", "Conflict"],
    cause: "The secret was deleted and lies in the vault's bin",
    fix: "Recover it (az keyvault secret recover --vault-name <vault> --name <secret>), then deploy again.",
    source: vaultCodes,
  },
  {
    id: "secret-gone",
    codes: ["SecretNotFound", "KeyNotFound", "CertificateNotFound"],
    cause: "The vault has no such secret",
    fix: `${drift} writes it again; a deleted one may first have to be recovered: az keyvault secret recover --vault-name <vault> --name <secret>.`,
    mistake: 35,
    source: vaultCodes,
  },
  {
    id: "vault-token",
    codes: ["Unauthorized"],
    cause: "The token is of another tenant than the vault's, or for another service",
    fix: "Sign in to the vault's tenant: az login --tenant <tenant>.",
    source: vaultCodes,
  },
  {
    id: "vault-throttled",
    codes: ["Throttled", "TooManyRequests"],
    cause: "The vault takes 4,000 calls in ten seconds",
    fix: "It passes by itself. An App Service that starts many apps at once reads each reference anew: start them in turn.",
    source: `${learn}/azure/key-vault/general/service-limits`,
  },
];

/** What Azure Storage refuses to the bot, which keeps the state of its turns there. */
export const storageErrors: readonly KnownError[] = [
  {
    id: "state-role",
    codes: ["AuthorizationPermissionMismatch"],
    cause: "The bot's identity has no data role at the state container; Owner is none",
    fix: `Give it the role Storage Blob Data Contributor at the container: ${drift}.`,
    mistake: 36,
    source: blobCodes,
  },
  {
    id: "state-network",
    codes: ["AuthorizationFailure"],
    cause: "The storage account takes calls from its own networks only",
    fix: "Let the web app's network in: az storage account network-rule add --account-name <account> --subnet <subnet>.",
    source: `${learn}/troubleshoot/azure/azure-storage/blobs/authentication/storage-troubleshoot-403-errors`,
  },
  {
    id: "state-key-off",
    codes: ["KeyBasedAuthenticationNotPermitted"],
    cause: "The storage account takes no account keys, as the program makes it",
    fix: "Ask with an identity: az storage blob list --auth-mode login.",
    source: blobCodes,
  },
  {
    id: "state-gone",
    codes: ["ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled"],
    cause: "The container of the bot's state was deleted by hand",
    fix: `${drift} makes it again; what the bot remembered is lost.`,
    source: blobCodes,
  },
  {
    id: "state-account-off",
    codes: ["AccountIsDisabled", "AccountBeingCreated"],
    cause: "The storage account is switched off, or not there yet",
    fix: "It is off with the subscription: az account show says its state.",
    source: blobCodes,
  },
  {
    id: "state-busy",
    codes: ["ServerBusy", "OperationTimedOut"],
    cause: "Storage takes no more calls for a moment",
    fix: fixes.passes,
    source: blobCodes,
  },
];
