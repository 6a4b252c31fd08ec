import { readable } from "../../../ops/drift/drift-error";

const group = "/subscriptions/7d9a/resourceGroups/bot-dev";

/** What Pulumi's CLI 3.259 and Azure write, and what a person reads instead. */
const sayings: [said: string, code: string, sentence: string][] = [
  [
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    "NO_BACKEND",
    `Nothing says where Pulumi's state is: export PULUMI_BACKEND_URL="<address>", or pulumi login <address>`,
  ],
  [
    'error: unable to open state directory "file:///state": stat /state: no such file or directory',
    "NO_BACKEND",
    "Pulumi's state at file:///state cannot be reached: correct PULUMI_BACKEND_URL, or pulumi login <address>",
  ],
  [
    'error: unable to open bucket "azblob://state": azureblob: Options.AccountName is required',
    "NO_BACKEND",
    "Pulumi's state at azblob://state cannot be reached: correct PULUMI_BACKEND_URL, or pulumi login <address>",
  ],
  [
    "error: no stack named 'dev' found",
    "UNKNOWN_STACK",
    "There is no stack dev in this state: pulumi stack ls shows those that there are",
  ],
  [
    "error: no Pulumi.yaml project file found; either run this command from a directory containing a Pulumi project",
    "NO_PROJECT",
    "Here is no Pulumi.yaml: run it again in the project's folder",
  ],
  [
    "error: could not deserialize deployment: constructing secrets manager: passphrase must be set with " +
      "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    "PASSPHRASE_MISSING",
    "The passphrase that opens the secrets of the stack dev is not set: read -rs PULUMI_CONFIG_PASSPHRASE && " +
      "export PULUMI_CONFIG_PASSPHRASE, or point PULUMI_CONFIG_PASSPHRASE_FILE at it",
  ],
  [
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    "PASSPHRASE_WRONG",
    "The passphrase is not the one of the stack dev: set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) " +
      "to the one with which the stack was made",
  ],
  [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end",
    "STACK_LOCKED",
    "Another pulumi command holds the stack dev, or was killed while it did: wait for it, or npm run recover -- dev",
  ],
  [
    `Status=409 Code="MissingSubscriptionRegistration" Message="The subscription is not registered to use namespace 'Microsoft.BotService'. See https://aka.ms/rps-not-found"`,
    "NOT_REGISTERED",
    "The subscription has Microsoft.BotService not registered: az provider register --namespace Microsoft.BotService --wait",
  ],
  [
    "InvalidAuthenticationTokenTenant The access token is from the wrong issuer",
    "WRONG_TENANT",
    "Whoever is signed in belongs to another tenant than the subscription of the stack dev: " +
      "az login --tenant <tenant of the stack>, or set ARM_TENANT_ID and ARM_SUBSCRIPTION_ID",
  ],
  [
    `AuthorizationFailed The client 'c' with object id 'o' does not have authorization to perform action 'Microsoft.Web/sites/config/list/action' over scope '${group}/providers/Microsoft.Web/sites/bot/config/appsettings' or the scope is invalid.`,
    "RIGHT_MISSING",
    "Whoever is signed in may not Microsoft.Web/sites/config/list/action: " +
      `az role assignment create --assignee o --role Contributor --scope ${group}`,
  ],
  [
    "Authorization_RequestDenied: Insufficient privileges to complete the operation.",
    "RIGHT_MISSING",
    "Whoever is signed in may not read applications in Entra: npm run preflight -- dev names the permission and the " +
      "command that gives it",
  ],
  [
    "Diagnostics:\n  error: AADSTS90002: Tenant 'other' not found.",
    "WRONG_TENANT",
    "The tenant ten does not exist or does not know who signs in (AADSTS90002): set ARM_TENANT_ID to the tenant in " +
      "which ARM_CLIENT_ID is registered, or az login --tenant <tenant>",
  ],
  [
    "Diagnostics:\n  error: AADSTS7000222: The provided client secret keys are expired.",
    "LOGIN_EXPIRED",
    "The client secret of the deploying application has ended or is wrong (AADSTS7000222): az ad app credential reset " +
      "--id $ARM_CLIENT_ID, then put the new one into ARM_CLIENT_SECRET",
  ],
];

test.each(sayings)("%s", (said, code, sentence) => {
  expect(readable(said, "dev", "ten")).toMatchObject({ code, message: sentence });
});

test("what no row knows keeps its own words", () => {
  expect(readable("error: the engine ran out of memory", "dev")).toBeUndefined();
});
