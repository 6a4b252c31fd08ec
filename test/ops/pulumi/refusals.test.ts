import { pulumiFailure, refusalOf } from "../../../ops/pulumi/refusals";

/** What Pulumi's CLI 3.259 and Azure write, and what a person reads instead. */
const sayings: [said: string, code: string, sentence: string][] = [
  [
    "error: bot-sign-in:index:Preconditions resource 'bot-sign-in-preconditions' has a problem: " +
      "vault: the vault old: lies in the recycle bin until 2026-12-06T02:05:03Z, and keeps its name there. Empty the bin.\n" +
      "error: bot-sign-in:index:Preconditions resource 'bot-sign-in-preconditions': property plan value {a} has a problem: " +
      "existing.plan: the plan windows: is one for Windows. Choose another.",
    "settings-wrong",
    "vault: the vault old: lies in the recycle bin until 2026-12-06T02:05:03Z, and keeps its name there. Empty the bin. " +
      "existing.plan: the plan windows: is one for Windows. Choose another. Then run it again: nothing was written before that.",
  ],
  [
    'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): GET https://contosobotstate.blob.core.' +
      "windows.net/team/.pulumi%2Fmeta.yaml\n----\nRESPONSE 403: 403 Forbidden\nERROR CODE: AuthorizationPermissionMismatch",
    "right-missing",
    "Whoever is signed in may not work with Pulumi's state in the container team of contosobotstate: az role assignment " +
      'create --assignee <object id> --role "Storage Blob Data Contributor" --scope "$(az storage account show --name ' +
      'contosobotstate --query id --output tsv)/blobServices/default/containers/team"',
  ],
  [
    'error: read ".pulumi/meta.yaml": blob (code=NotFound): GET https://contosobotstate.blob.core.windows.net/taem/.pulumi' +
      "%2Fmeta.yaml\n----\nRESPONSE 404: 404 Not Found\nERROR CODE: ContainerNotFound",
    "backend-missing",
    "There is no container taem for Pulumi's state in the storage account contosobotstate: az storage container create " +
      "--account-name contosobotstate --name taem --auth-mode login, or correct PULUMI_BACKEND_URL",
  ],
  [
    "error: secrets (code=Unknown): POST https://contoso-bot-state.vault.azure.net/keys/team//decrypt\n----\nRESPONSE 403: 403 " +
      'Forbidden\nERROR CODE: Forbidden\n----\n{"error":{"innererror":{"code":"ForbiddenByRbac"}}}',
    "right-missing",
    "Whoever is signed in may not use the key team of the vault contoso-bot-state, which opens the secrets of the state: az " +
      'role assignment create --assignee <object id> --role "Key Vault Crypto User" --scope "$(az keyvault show --name ' +
      'contoso-bot-state --query id --output tsv)/keys/team"',
  ],
  [
    "error: secrets (code=Unknown): POST https://contoso-bot-state.vault.azure.net/keys/team/encrypt\n----\nRESPONSE 404: 404 Not " +
      "Found\nERROR CODE: KeyNotFound",
    "backend-missing",
    "There is no key team in the vault contoso-bot-state, with which the secrets of the state are encrypted: az keyvault key " +
      "recover --vault-name contoso-bot-state --name team, if it was deleted",
  ],
  [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock " +
      "file with `pulumi cancel`.\n  /state/x.json: created by kim@laptop (pid 4711) at 2026-01-31T09:00:00Z",
    "stack-locked",
    "pr-42 is held by kim@laptop (pid 4711) since 2026-01-31T09:00:00Z. Wait for it to end; if it was killed: " +
      "npm run recover -- pr-42",
  ],
  [
    "error: [409] Conflict: Another update is currently in progress.",
    "stack-locked",
    "pr-42 is held by another update. Wait for it to end; if it was killed: npm run recover -- pr-42",
  ],
  [
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    "backend-missing",
    "Nobody is signed in to Pulumi's state, or the login has ended: " +
      'export PULUMI_BACKEND_URL="<address>", or pulumi login <address>',
  ],
  [
    'error: unable to open bucket "azblob://state": azureblob: Options.AccountName is required',
    "backend-missing",
    "Pulumi's state at azblob://state cannot be reached: correct PULUMI_BACKEND_URL, or pulumi login <address>",
  ],
  [
    "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    "passphrase-missing",
    "The passphrase that opens the secrets of the stack pr-42 is not set: read -rs PULUMI_CONFIG_PASSPHRASE && export " +
      "PULUMI_CONFIG_PASSPHRASE, or point PULUMI_CONFIG_PASSPHRASE_FILE at it",
  ],
  [
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    "passphrase-wrong",
    "The passphrase is not the one of the stack pr-42: set PULUMI_CONFIG_PASSPHRASE (or " +
      "PULUMI_CONFIG_PASSPHRASE_FILE) to the one with which the stack was made",
  ],
  [
    `error: Status=409 Code="ConflictError" Message="A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault."`,
    "vault-name-taken",
    "A deleted vault, perhaps of an earlier life of the stack, keeps the name that it wants for up to 90 days. Purge the " +
      "deleted vault (az keyvault purge --name <vault>), recover it, or take another name. Whose it was, az keyvault " +
      "list-deleted shows by its tags.",
  ],
  [
    "error: cannot create already existing resource '/subscriptions/s/resourceGroups/bot-sign-in-pr-42-abcdef'",
    "group-taken",
    "There is a resource group bot-sign-in-pr-42-abcdef already that the state of pr-42 does not know. If az group show " +
      "--name bot-sign-in-pr-42-abcdef shows the tag stack=pr-42: npm run preview -- down 42. Else it is somebody " +
      "else's: ask, or delete it.",
  ],
  [
    `error: Code="MissingSubscriptionRegistration" Message="The subscription is not registered to use namespace 'Microsoft.BotService'. See https://aka.ms/rps-not-found"`,
    "not-registered",
    "The subscription has Microsoft.BotService not registered: it never used this kind of resource. Register it once: az " +
      "provider register --namespace Microsoft.BotService --wait",
  ],
  [
    `error: Code="AuthorizationFailed" Message="The client 'c' with object id 'o' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourcegroups/write' over scope '/subscriptions/s/resourcegroups/g' or the scope is invalid."`,
    "right-missing",
    "The deploying identity (o) has no role that allows Microsoft.Resources/subscriptions/resourcegroups/write. Give the " +
      "deploying identity a role that allows this at the resource group (Contributor does; npm run preflight -- pr-42 prints " +
      "the command), then deploy again.",
  ],
  [
    "error: ApplicationsClient.BaseClient.Post(): unexpected status 403 with OData error: Authorization_RequestDenied: Insufficient privileges to complete the operation.",
    "right-missing",
    "The deploying identity may not register applications in Entra, or not consent for everyone. Give the deploying identity " +
      "the permission that is missing in Entra: npm run preflight -- pr-42 prints the command.",
  ],
  [
    "error: AADSTS7000222: The provided client secret keys are expired.",
    "login-expired",
    "The client secret of the deploying application has ended (AADSTS7000222). Put a new one into ARM_CLIENT_SECRET: az ad " +
      "app credential reset --id $ARM_CLIENT_ID --append makes one.",
  ],
  [
    'error: Setting residency is "moon" [wrong-value]. Allowed: global, europe. Example: pulumi config set residency europe\nNothing was created.',
    "settings-wrong",
    'Setting residency is "moon" [wrong-value]. Allowed: global, europe. Example: pulumi config set residency europe. ' +
      "Nothing was created.",
  ],
  [
    "error: update failed\nerror: quota of 20 serverfarms is reached\nerror: quota of 20 serverfarms is reached\n",
    "pulumi-failed",
    "pulumi up of pr-42 failed: quota of 20 serverfarms is reached. Correct that, then run it again.",
  ],
  [
    [
      "Diagnostics:",
      "  azuread:index/application:Application (mail-bot):",
      "    error: login.microsoftonline.com cannot be reached.",
      "  azure-native:web:WebApp (mail-host):",
      "    error: login.microsoftonline.com cannot be reached.",
      "  pulumi:pulumi:Stack (mail-dev):",
      "    error: update failed",
      "Outputs:",
      '    webApp: "mail"',
    ].join("\n"),
    "pulumi-failed",
    "pulumi up of pr-42 failed: login.microsoftonline.com cannot be reached. Correct that, then run it again.",
  ],
  [
    "error: Running program '/project/infra/' failed with an unhandled exception:\nError: no such file: bot/index.ts\n    at build (esbuild.js:1)",
    "pulumi-failed",
    "pulumi up of pr-42 failed: Running program '/project/infra/' failed with an unhandled exception: Error: no such file: " +
      "bot/index.ts. Correct that, then run it again.",
  ],
];

test.each(sayings)("%s", (said, code, sentence) => {
  expect(pulumiFailure({ stack: "pr-42", command: "up", said })).toMatchObject({ code, message: sentence });
});

/** The same of other stacks. */
const ofStacks: [said: string, code: string, sentence: string][] = [
  [
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    "backend-missing",
    "Nobody is signed in to Pulumi's state, or the login has ended: " +
      'export PULUMI_BACKEND_URL="<address>", or pulumi login <address>',
  ],
  [
    'error: unable to open state directory "file:///state": stat /state: no such file or directory',
    "backend-missing",
    "Pulumi's state at file:///state cannot be reached: correct PULUMI_BACKEND_URL, or pulumi login <address>",
  ],
  [
    'error: unable to open bucket "azblob://state": azureblob: Options.AccountName is required',
    "backend-missing",
    "Pulumi's state at azblob://state cannot be reached: correct PULUMI_BACKEND_URL, or pulumi login <address>",
  ],
  [
    "error: no stack named 'dev' found",
    "stack-unknown",
    "There is no stack dev in this state: pulumi stack ls shows those that there are",
  ],
  [
    "error: no Pulumi.yaml project file found; either run this command from a directory containing a Pulumi project",
    "project-missing",
    "Here is no Pulumi project: run this in the folder of Pulumi.yaml",
  ],
  [
    "error: could not deserialize deployment: constructing secrets manager: passphrase must be set with " +
      "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    "passphrase-missing",
    "The passphrase that opens the secrets of the stack dev is not set: read -rs PULUMI_CONFIG_PASSPHRASE && " +
      "export PULUMI_CONFIG_PASSPHRASE, or point PULUMI_CONFIG_PASSPHRASE_FILE at it",
  ],
  [
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    "passphrase-wrong",
    "The passphrase is not the one of the stack dev: set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) " +
      "to the one with which the stack was made",
  ],
  [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end",
    "stack-locked",
    "dev is held by another update. Wait for it to end; if it was killed: npm run recover -- dev",
  ],
  [
    `Status=409 Code="MissingSubscriptionRegistration" Message="The subscription is not registered to use namespace 'Microsoft.BotService'. See https://aka.ms/rps-not-found"`,
    "not-registered",
    "The subscription has Microsoft.BotService not registered: it never used this kind of resource. Register it once: az " +
      "provider register --namespace Microsoft.BotService --wait",
  ],
  [
    "InvalidAuthenticationTokenTenant The access token is from the wrong issuer",
    "wrong-tenant",
    "The token is of another tenant than the subscription's, or has ended. Check that ARM_TENANT_ID is the subscription's " +
      "tenant, and sign in again (az login) where the Azure CLI is used.",
  ],
  [
    `AuthorizationFailed The client 'c' with object id 'o' does not have authorization to perform action 'Microsoft.Web/sites/config/list/action' over scope '/subscriptions/7d9a/resourceGroups/bot-dev/providers/Microsoft.Web/sites/bot/config/appsettings' or the scope is invalid.`,
    "right-missing",
    "The deploying identity (o) has no role that allows Microsoft.Web/sites/config/list/action. Give the deploying identity " +
      "a role that allows this at the resource group (Contributor does; npm run preflight -- dev prints the command), then " +
      "deploy again.",
  ],
  [
    "Authorization_RequestDenied: Insufficient privileges to complete the operation.",
    "right-missing",
    "The deploying identity may not register applications in Entra, or not consent for everyone. Give the deploying identity " +
      "the permission that is missing in Entra: npm run preflight -- dev prints the command.",
  ],
  [
    "Diagnostics:\n  error: AADSTS90002: Tenant 'other' not found.",
    "wrong-tenant",
    "There is no tenant ten, in which the deployment is to sign in (AADSTS90002). Correct ARM_TENANT_ID, or az login " +
      "--tenant <tenant>",
  ],
  [
    "Diagnostics:\n  error: AADSTS7000222: The provided client secret keys are expired.",
    "login-expired",
    "The client secret of the deploying application has ended (AADSTS7000222). Put a new one into ARM_CLIENT_SECRET: az ad " +
      "app credential reset --id $ARM_CLIENT_ID --append makes one.",
  ],
];

test.each(ofStacks)("of another stack: %s", (said, code, sentence) => {
  expect(refusalOf(said, "dev", "ten")).toMatchObject({ code, message: sentence });
});

test("a refused deletion is told in Azure's words, each with what fixes it", () => {
  const locked = (scope: string): string =>
    `error: Status=409 Code="ScopeLocked" Message="The scope '${scope}' cannot perform delete operation because following ` +
    `scope(s) are locked: '/subscriptions/s/resourceGroups/g'. Please remove the lock and try again."`;
  const said =
    `Diagnostics:\n  azure-native:botservice:Channel (bot-sign-in-channels-teams):\n    ${locked("/x")}\n\n` +
    `  azure-native:botservice:BotConnection (bot-sign-in-connections-GraphConnection):\n    ${locked("/y")}\n\n` +
    "  azuread:index:Application (bot-sign-in-bot):\n    error: deleting: unexpected status 409 (409 Conflict) with error: " +
    "Directory_ConcurrencyViolation: Error due to concurrent requests being made to the tenant.\n";
  expect(pulumiFailure({ stack: "pr-42", command: "destroy", said })).toMatchObject({
    code: "pulumi-failed",
    cause: expect.stringMatching(/^pulumi destroy of pr-42 failed: Status=409 Code="ScopeLocked" .*'\/x' /) as string,
    fix:
      "Ask whoever set the lock (az lock list --resource-group g shows it, with its notes), have it taken away (az lock " +
      "delete --ids <id>), and set it again afterwards. Another operation holds the resource; run it again when it has ended.",
  });
});

test("what no row knows keeps its own words", () => {
  expect(refusalOf("error: the engine ran out of memory", "dev")).toBeUndefined();
  expect(pulumiFailure({ stack: "dev", command: "refresh", said: "error: the disk is full\n" })).toMatchObject({
    code: "pulumi-failed",
    message: "pulumi refresh of dev failed: the disk is full. Correct that, then run it again.",
  });
});

test("a holder whom Pulumi names twice is one holder", () => {
  const once = "the stack is currently locked by 1 lock(s). created by kim@laptop (pid 4711) at 2026-01-31T09:00:00Z\n";
  expect(pulumiFailure({ stack: "pr-42", command: "up", said: once + once }).message).toMatch(
    /^pr-42 is held by kim@laptop \(pid 4711\) since 2026-01-31T09:00:00Z\. Wait/,
  );
});

test("where there is no CLI", () => {
  expect(pulumiFailure({ stack: "pr-42", command: "up" })).toMatchObject({ code: "pulumi-cli-missing" });
});
