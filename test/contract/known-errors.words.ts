/** What a service says besides its code, for each entry of the catalogue that asks for words: as recorded or reported in public. */
export const recordedWords: Readonly<Record<string, string>> = {
  "state-place-role":
    "GET https://contosobotstate.blob.core.windows.net/team/.pulumi%2Fmeta.yaml\nERROR CODE: AuthorizationPermissionMismatch",
  "state-container-missing":
    "GET https://contosobotstate.blob.core.windows.net/taem/.pulumi%2Fmeta.yaml\nERROR CODE: ContainerNotFound",
  "state-account-missing":
    'unable to open bucket "azblob://team": dial tcp: lookup contosobotstat.blob.core.windows.net: no such host',
  "state-key-role":
    'POST https://contoso-bot-state.vault.azure.net/keys/team//decrypt\n{"error":{"innererror":{"code":"ForbiddenByRbac"}}}',
  "state-key-missing": "POST https://contoso-bot-state.vault.azure.net/keys/team/encrypt\nERROR CODE: KeyNotFound",
  "state-unreachable": 'unable to open state directory "file:///state": stat /state: no such file or directory',
  "state-signed-out": "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
  "stack-unknown": "no stack named 'dev' found",
  "project-missing":
    "no Pulumi.yaml project file found; either run this command from a directory containing a Pulumi project",
  "passphrase-wrong": "getting stack configuration: get stack secrets manager: incorrect passphrase",
  "passphrase-missing":
    "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
  "pulumi-cli-missing": "spawn pulumi ENOENT",
  "group-not-in-state": "cannot create already existing resource '/subscriptions/s/resourceGroups/bot-sign-in-dev'",
  "resource-not-in-state":
    "cannot create already existing resource '/subscriptions/s/resourceGroups/bot-sign-in-dev/providers/Microsoft.KeyVault/vaults/mail'",
  "scm-network": "the deployment service refuses the deploying identity (403): x-ms-forbidden-ip",
  "github-credentials": "GET /repos/contoso/mail-bot: 401 Bad credentials",
  "github-job-right": "POST /repos/contoso/mail-bot/issues/42/comments: 403 Resource not accessible by integration",
  "github-comment": "POST /repos/contoso/mail-bot/issues/42/comments: 404 Not Found",
  "github-administrator": "PUT /repos/contoso/mail-bot/environments/prod: 404 Not Found",
  "deployer-certificate-ended": "Client assertion contains an invalid signature. [Reason - The key used is expired.]",
  "azure-cli-missing":
    "Azure CLI could not be found.  Please visit https://aka.ms/azure-cli for installation instructions and then, once installed, authenticate to your Azure account using 'az login'.",
  "azure-cli-signed-out": "Please run 'az login' from a command prompt to authenticate before using this credential.",
  "certificate-without-key": "The file at the specified path does not contain a PEM-encoded certificate.",
  "managed-identity-missing":
    "ManagedIdentityCredential: Authentication failed. Message Attempted to use the IMDS endpoint, but it is not available.",
  "entra-unreachable": "getaddrinfo ENOTFOUND login.microsoftonline.com",
  "vault-in-bin":
    "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.",
  "web-app-name-taken": "Website with given name mail already exists.",
  "bot-name-taken": "The bot name is already registered to another bot application",
  "bot-application-taken": "The Microsoft App ID is already registered to another bot application",
  "multi-tenant-bot": "Multitenant bot creation is deprecated.",
  "bot-identity-fixed": "msaAppId property cannot be changed",
  "connection-provider": "Service Provider Id is invalid",
  "trusted-origin": "At least one trusted origin is required for enhanced authentication",
  "bot-free-size": "The subscription has reached its limit of F0 bots",
  "always-on-free": "AlwaysOn cannot be set for this site as the plan does not allow it.",
  "runtime-unknown": "The parameter LinuxFxVersion has an invalid value.",
  "plan-quota":
    "This region has quota of 0 instances for your subscription. Current Limit (Basic VMs): 0. Current Usage: 0. Amount required for this deployment (Basic VMs): 1.",
  "plan-webspace":
    "Requested features are not supported in region: the requested app service plan cannot be created in the current resource group",
  "no-capacity": "No available instances to satisfy this request. App Service is attempting to increase capacity.",
  "free-plans": "The maximum number of Free App Service Plans allowed in a Subscription is 10.",
  "app-stopped-quota": "This web app is stopped: quota exceeded.",
  quota: "Operation could not be completed as it results in exceeding approved quota.",
  "may-not-register":
    "The client 'x' does not have authorization to perform action 'Microsoft.BotService/register/action' over scope '/subscriptions/1'.",
  "may-not-assign":
    "The client 'x' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '/x'.",
  "second-proof": "Resource was disallowed by Azure: Users must use MFA for Create operation.",
  "operation-quota": "Operation could not be completed as it results in exceeding approved quota.",
  "purge-protection-false":
    'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
  "busy-in-words": "Cannot modify this site because another operation is in progress. Details: Id: 1",
  "plan-in-use": "Server farm 'plan' cannot be deleted because it has web app(s) mail assigned to it.",
  "credential-life": "Credential lifetime exceeds the max value allowed as per assigned policy 'p1'.",
  "identifier-taken": "Another object with the same value for property identifierUris already exists.",
  "permission-unknown":
    "Property PreAuthorizedApplication references applications x which references the Permission Id 1 that cannot be found in the application's permissions.",
  "directory-quota-own":
    "The directory object quota limit for the Principal has been exceeded. Please ask your administrator to increase the quota limit or delete objects to reduce the used quota.",
  "federated-full": "The application has reached the federated identity credential limit of 20.",
  "federated-twice": "FederatedIdentityCredential with name bot already exists.",
  "owner-there": "One or more added object references already exist for the following modified properties: 'owners'.",
  "principal-there": "The service principal cannot be created because the service principal name x is already in use.",
  "consent-there": "Permission being assigned already exists on the object",
  "logs-closed-to-network": "NspValidationFailedError: Access to workspace 'logs' from '192.0.2.1' is denied",
  "mailbox-closed-to-apps":
    "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
  "github-organisation-sso":
    "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.",
  "github-organisation-restricts":
    "Although you appear to have the correct authorization credentials, the `contoso` organization has enabled OAuth App access restrictions.",
  "github-issues-off": "Issues are disabled for this repo",
  "github-suspended": "Sorry. Your account was suspended.",
  "github-permission": "Resource not accessible by integration",
  "vault-network": "Client address is not authorized and caller is not a trusted service.",
  "vault-certificate-role":
    "Caller is not authorized to perform action on resource.\r\nCaller: appid=a;oid=11111111-2222-4333-8444-555555555555;iss=x\r\n" +
    "Action: 'Microsoft.KeyVault/vaults/certificates/create/action'\r\n" +
    "Resource: '/subscriptions/s/resourcegroups/g/providers/microsoft.keyvault/vaults/v/certificates/bot-certificate'\r\n",
  "vault-secret-delete-role":
    "Caller is not authorized to perform action on resource.\r\nCaller: appid=a;oid=11111111-2222-4333-8444-555555555555;iss=x\r\n" +
    "Action: 'Microsoft.KeyVault/vaults/secrets/delete'\r\n" +
    "Resource: '/subscriptions/s/resourcegroups/g/providers/microsoft.keyvault/vaults/v/secrets/password'\r\n",
  "vault-key-role":
    "Caller is not authorized to perform action on resource.\r\nCaller: appid=a;oid=11111111-2222-4333-8444-555555555555;iss=x\r\n" +
    "Action: 'Microsoft.KeyVault/vaults/keys/sign/action'\r\n",
  "certificate-credential-ended":
    "Client assertion contains an invalid signature. [Reason - The key used is expired., Thumbprint of key used by client: 'FEE7'",
  "secret-off": "Operation get is not allowed on a disabled secret.",
  "connection-missing": "Could not find Connection Setting with name GraphConnection",
  "connection-parameters": "An error occured while retrieving the signin link",
  "exchange-address": "resourcematchfailed",
  "code-used": "The Sign In code was not found or expired.",
  region: "Data boundary violation: the bot lives in europe",
  "site-off": "The site is disabled",
  "origin-not-trusted": "https://other.example is not a trusted origin",
};
