/** What Azure answers to a mistake, at the place where it is refused. */
export interface Refusal {
  /** Who refuses, as the trace of the local Azure names it; `App Service` stands for the bot's own answers too. */
  readonly by: string;
  /** HTTP status. */
  readonly status: number;
  /** Azure's code; where it gives none, words that only this answer has; empty where the answer is. */
  readonly code: string;
}

/** A mistake that people make when they set up a bot's sign-in on Azure. */
export interface KnownMistake {
  /** Comments in the code refer to it: it never changes. */
  readonly number: number;
  /** What one sees, as Markdown. */
  readonly seen: string;
  readonly cause: string;
  /** What to do. For a mistake with a refusal these are the very words of the bot or the program. */
  readonly cure: string;
  /** Who says the cure; absent where the program leaves nobody the chance to make the mistake. */
  readonly told?: "chat" | "health page" | "bot's log" | "program";
  /** How Azure refuses it; absent where it takes it without a word. */
  readonly refusal?: Refusal;
  /** What this project does so that nobody makes it. */
  readonly here: string;
  /** File of its test, below `test/`. */
  readonly test: string;
}

const arm = "Azure Resource Manager";
const byHand = {
  resources: "end-to-end/mistakes/resources.test.ts",
  running: "end-to-end/mistakes/running-bot.test.ts",
  signIn: "end-to-end/mistakes/sign-in.test.ts",
  channels: "end-to-end/mistakes/channels.test.ts",
};
const program = "infra/mistakes.test.ts";
const faults = "engine/faults.test.ts";

/** Every known mistake. This list makes docs/known-mistakes.md, and gives the tests their names and what they expect. */
export const knownMistakes: readonly KnownMistake[] = [
  {
    number: 1,
    seen: "`InvalidBotCreationData: Multitenant bot creation is deprecated`",
    cause: "Azure closed the creation of multi-tenant bots on 31 July 2025",
    cure: "A single-tenant bot still talks to every channel: remove the setting with pulumi config rm botAppType.",
    told: "program",
    refusal: { by: arm, status: 400, code: "InvalidBotCreationData" },
    here: "The type has no such value; the setting `botAppType: MultiTenant` is refused before anything is created, with the way to migrate",
    test: byHand.resources,
  },
  {
    number: 2,
    seen: "The bot receives messages and cannot answer: `AADSTS7000229`",
    cause: "The bot's application has no service principal in the tenant",
    cure: "The application has no service principal in its tenant: az ad sp create makes one, or npm run drift, then pulumi up.",
    told: "health page",
    refusal: { by: "Entra ID", status: 401, code: "AADSTS7000229" },
    here: "Both are made together, and the bot registration waits for both",
    test: byHand.running,
  },
  {
    number: 3,
    seen: '`InvalidBotData: The Microsoft App ID is already registered to another bot application`, or "property cannot be changed"',
    cause: "One application used for two bots; application id, type or tenant changed in place",
    cure: "One application belongs to one bot: give this bot an application of its own, as the program does for each stack.",
    told: "program",
    refusal: { by: arm, status: 400, code: "The Microsoft App ID is already registered" },
    here: "One application for each stack; a change of one of the three replaces the registration, and a protected stack refuses that in preview",
    test: byHand.resources,
  },
  {
    number: 4,
    seen: "`AADSTS50011` on the sign-in page, no six-digit code",
    cause: "The redirect address is that of another region",
    cure: "The sign-in app lacks the redirect address of the Token Service, or has that of another region: npm run drift, then pulumi up sets the one that belongs to the setting residency.",
    told: "bot's log",
    refusal: { by: "Entra ID", status: 400, code: "AADSTS50011" },
    here: "`residency` alone sets bot location, redirect address, Token Service and Direct Line host",
    test: byHand.signIn,
  },
  {
    number: 5,
    seen: "Single sign-on in Teams silently shows nothing, or `resourcematchfailed`",
    cause:
      "Identifier URI without `botid-`, made of the sign-in app's own id, or different from the token exchange address",
    cure: "Use `api://botid-<bot app id>` for all three.",
    here: "One value, `api://botid-<bot app id>`, used everywhere; left out entirely where single sign-on is off",
    test: program,
  },
  {
    number: 6,
    seen: "`HostNameNotOnVerifiedDomain`, or scopes that vanish with the next deployment",
    cause: "Identifier URI added before the app asks for v2 tokens; two resources that write the same property",
    cure: "Set `requestedAccessTokenVersion` to 2 first; let one resource write one property.",
    here: "Fixed order, resources of their own, `ignoreChanges` where the provider would absorb them",
    test: program,
  },
  {
    number: 7,
    seen: '`CannotDeleteOrUpdateEnabledEntitlement`, "Permission Id that cannot be found"',
    cause: "A new id for the exposed scope with each deployment; pre-authorisation before the scope exists",
    cure: "Keep the scope's id; make the scope first.",
    here: "The id is made once and kept in state; the order is a dependency",
    test: program,
  },
  {
    number: 8,
    seen: '"Could not find Connection Setting with name ..."',
    cause: "The connection that the bot asks for is not on its registration: deleted, renamed, or named by Pulumi",
    cure: "so I cannot sign you in. Whoever runs me can create it again: npm run drift, then pulumi up.",
    told: "chat",
    refusal: { by: "Bot Connector", status: 404, code: "Could not find Connection Setting with name GraphConnection" },
    here: "One connection object in the settings feeds both; the name is always explicit; the health page compares",
    test: byHand.signIn,
  },
  {
    number: 9,
    seen: '`InvalidBotData`, or "An error occurred while retrieving the sign-in link"',
    cause: "Wrong provider id or a missing provider parameter",
    cure: "Take the provider's id from the program: it follows from provider in the setting connections.",
    told: "program",
    refusal: { by: arm, status: 400, code: "The service provider with id" },
    here: "The provider is a closed list; id and parameters follow from it",
    test: byHand.resources,
  },
  {
    number: 10,
    seen: "`cannot create already existing resource` for Web Chat or Direct Line",
    cause: "A new bot already has both channels",
    cure: "Write to them, or import them; do not create them.",
    here: "They are written to, never created",
    test: program,
  },
  {
    number: 11,
    seen: "Direct Line works, and everybody can pretend to be anybody",
    cause: "Enhanced authentication is off: one write does not switch it on, nor does one without a trusted origin",
    cure: "Enhanced authentication needs the chat page's origin, for example https://contoso.com: npm run drift, then pulumi up.",
    told: "program",
    refusal: { by: arm, status: 400, code: "InvalidChannelData" },
    here: "Two writes, read back, or the deployment fails; the default site is switched off",
    test: byHand.resources,
  },
  {
    number: 12,
    seen: "Client secrets and channel keys in state files, outputs, deployment history",
    cause: "Azure's answers echo them; output properties are not secret by themselves",
    cure: "Renew what was seen: `pulumi config set secretsRenewed <today>`, then `pulumi up`.",
    here: "Secret inputs, `additionalSecretOutputs`, no keys in outputs, no deployment templates",
    test: program,
  },
  {
    number: 13,
    seen: "`AADSTS7000215` with a secret that looks right; the app setting holds `@Microsoft.KeyVault(...)`",
    cause: "The reference was not resolved: the role was missing or late, or the identity not named",
    cure: "Give the web app's managed identity the role Key Vault Secrets User on the vault, check that the secret exists, then have the references read again",
    told: "health page",
    refusal: { by: arm, status: 200, code: "AccessToKeyVaultDenied" },
    here: "The identity holds its role before the web app exists; the deployment waits until every reference is resolved; the bot refuses such a value by name",
    test: byHand.running,
  },
  {
    number: 14,
    seen: "The bot goes silent after a rotation, or after six months: `AADSTS7000222`",
    cause: "The old password is deleted while it is in use; nobody knew when it would end",
    cure: "The client secret has expired. Renew all secrets: give the setting secretsRenewed today's date, then pulumi up.",
    told: "health page",
    refusal: { by: "Entra ID", status: 401, code: "AADSTS7000222" },
    here: "Versioned references, so that a new secret restarts the app; end dates on every secret and in the outputs",
    test: byHand.running,
  },
  {
    number: 15,
    seen: "`AADSTS7002137`, `AADSTS700213` or `AADSTS7002138` with federated credentials",
    cause: "Subject made of the client id, of the GUIDs' bytes as they are written, or in another case",
    cure: "Take the subject that the Token Service sends.",
    here: "With secretless the subject is computed of the tenant's id and the Token Store's, in .NET's order of bytes; drift finds another one",
    test: "end-to-end/secretless.test.ts",
  },
  {
    number: 16,
    seen: "A new password with every `pulumi up`",
    cause: "The end date is computed from the present time",
    cure: "Keep the date from which it is computed.",
    here: "The start is kept in state; the end follows from it",
    test: program,
  },
  {
    number: 17,
    seen: "Old code keeps running after a deployment that succeeded",
    cause: "Kudu copies a file only if its time differs",
    cure: "Restart the app, then deploy again.",
    told: "program",
    here: "Times in the zip follow from the content; the running app must report the new hash",
    test: byHand.running,
  },
  {
    number: 18,
    seen: '"Need admin approval" at the first sign-in',
    cause: "Microsoft's default consent policy since 2026: users cannot consent to `Mail.Read` and its like",
    cure: "Before the first sign-in an administrator consents at",
    told: "program",
    refusal: { by: "Entra ID", status: 200, code: "Need admin approval" },
    here: "The program knows these scopes and says so before the first sign-in, with the address for the administrator; `adminConsent: true` grants",
    test: byHand.signIn,
  },
  {
    number: 19,
    seen: 'Every message is answered "Please enter a valid 6-digit code"',
    cause: "The SDK takes everything for the code while a sign-in is pending",
    cure: "Ask the Token Service only for what looks like a code.",
    here: '"help", "sign out" and all other requests work meanwhile',
    test: "bot/sign-in/conversation.test.ts",
  },
  {
    number: 20,
    seen: "Two browsers are signed in as one person",
    cause: "A sign-in address was passed on",
    cure: "That code is not right. You can try 4 times more. If the sign-in page is closed, ask me again for a new one.",
    told: "chat",
    // The Token Service says nothing: its 404 is empty.
    refusal: { by: "Bot Connector", status: 404, code: "" },
    here: "The address belongs to one user in one conversation; another browser gets a code that only the first chat can use",
    test: byHand.signIn,
  },
  {
    number: 21,
    seen: "`InvalidBotData: The bot name is already registered to another bot application`",
    cause: "The bot's name is taken by anybody in the world",
    cure: "Bot names are taken for the whole world: pulumi config rm botHandle (the program then makes one), or choose another.",
    told: "program",
    refusal: { by: arm, status: 400, code: "The bot name is already registered" },
    here: "Without `botHandle` the name ends in random letters that the state keeps",
    test: byHand.resources,
  },
  {
    number: 22,
    seen: "`ConflictError: A vault with the same name already exists in deleted state`",
    cause: "A deleted vault keeps its name for up to 90 days",
    cure: "Purge the deleted vault (az keyvault purge --name <vault>), recover it, or take another name.",
    told: "program",
    refusal: { by: arm, status: 409, code: "ConflictError" },
    here: "The vault's name ends in random letters that a destroyed stack does not use again",
    test: byHand.resources,
  },
  {
    number: 23,
    seen: '`BadRequest: The property "enablePurgeProtection" cannot be set to false`',
    cause: "Purge protection is off by being left out, never by false",
    cure: "Leave enablePurgeProtection out instead of setting it to false.",
    told: "program",
    refusal: { by: arm, status: 400, code: "enablePurgeProtection" },
    here: "It is asked for or left out",
    test: byHand.resources,
  },
  {
    number: 24,
    seen: "`NoRegisteredProviderFound`",
    cause: "The api-version of a script or an older provider is retired",
    cure: "Use one of the api-versions that Azure names, or a newer azure-native: older ones are retired.",
    told: "program",
    refusal: { by: arm, status: 400, code: "NoRegisteredProviderFound" },
    here: "The versions are azure-native's own, and pinned with it",
    test: byHand.resources,
  },
  {
    number: 25,
    seen: "`InvalidRequestContent`",
    cause: "A property is misspelt",
    cure: "Correct or remove the property that Azure names: it knows no other spelling.",
    told: "program",
    refusal: { by: arm, status: 400, code: "InvalidRequestContent" },
    here: "The program is typed; an unknown setting is refused with the nearest one",
    test: byHand.resources,
  },
  {
    number: 26,
    seen: "`LocationRequired`",
    cause: "No location is named",
    cure: "Name the location: pulumi config set location westeurope.",
    told: "program",
    refusal: { by: arm, status: 400, code: "LocationRequired" },
    here: "The setting `location` is asked for before anything is created",
    test: byHand.resources,
  },
  {
    number: 27,
    seen: "`LocationNotAvailableForResourceType` for the bot",
    cause: "A bot lives in `global`, `westeurope` or `centralindia`, not in any region",
    cure: "Choose one of the locations that Azure names; a bot's follows from residency: pulumi config set residency europe.",
    told: "program",
    refusal: { by: arm, status: 400, code: "LocationNotAvailableForResourceType" },
    here: "`residency` is a setting of its own, a closed list",
    test: byHand.resources,
  },
  {
    number: 28,
    seen: "`Conflict: AlwaysOn cannot be set for this site as the plan does not allow it`",
    cause: "The free size does not keep an app awake",
    cure: "Set alwaysOn to false on the free size, or choose a larger one: pulumi config set hostingSize B1.",
    told: "program",
    refusal: { by: arm, status: 409, code: "AlwaysOn cannot be set" },
    here: "It follows from `hostingSize`",
    test: byHand.resources,
  },
  {
    number: 29,
    seen: "`BadRequest: The parameter LinuxFxVersion has an invalid value`",
    cause: "An unknown runtime, or a plan without `reserved: true`, which is one for Windows",
    cure: "Name a runtime that az webapp list-runtimes --os linux lists (NODE|24-lts), on a plan with reserved: true.",
    told: "program",
    refusal: { by: arm, status: 400, code: "LinuxFxVersion" },
    here: "Both stand in the program, not in the settings",
    test: byHand.resources,
  },
  {
    number: 30,
    seen: "`MissingSubscriptionRegistration`",
    cause: "The subscription never used this kind of resource",
    cure: "Register it once: az provider register --namespace Microsoft.BotService --wait",
    told: "program",
    refusal: { by: arm, status: 409, code: "MissingSubscriptionRegistration" },
    here: "azure-native registers what it needs where the deployer may",
    test: byHand.resources,
  },
  {
    number: 31,
    seen: "`AuthorizationFailed`",
    cause: "The deploying identity has no role at the resource group",
    cure: "Give the deploying identity a role that allows this at the resource group (Contributor does; npm run preflight -- <stack> prints the command), then deploy again.",
    told: "program",
    refusal: { by: arm, status: 403, code: "AuthorizationFailed" },
    here: "The error names action and scope, the line below it the role; `npm run preflight` finds it before",
    test: byHand.resources,
  },
  {
    number: 32,
    seen: "`AADSTS7000215` when the program itself signs in",
    cause: "The deployer's secret is wrong: its id instead of its value, or an old one",
    cure: "Check the ARM_* variables with which azure-native signs in.",
    told: "program",
    refusal: { by: "Entra ID", status: 401, code: "AADSTS7000215" },
    here: "Credentials are configured once, for all providers",
    test: byHand.resources,
  },
  {
    number: 33,
    seen: "`AADSTS90002`, or applications in one tenant and a bot in another",
    cause: "Two settings name two tenants",
    cure: "The applications would be made in one tenant and the bot would look for them in the other.",
    told: "program",
    refusal: { by: "Entra ID", status: 400, code: "AADSTS90002" },
    here: "All places that name a tenant are compared before anything is created",
    test: byHand.resources,
  },
  {
    number: 34,
    seen: "The chat page cannot be opened; Key Vault answers `ForbiddenByRbac`",
    cause: "The bot's identity lost its role at the vault",
    cure: "Give the bot's managed identity the role Key Vault Secrets User at the vault: npm run drift, then pulumi up.",
    told: "health page",
    refusal: { by: "Key Vault", status: 403, code: "ForbiddenByRbac" },
    here: "The role is part of the deployment; the health page reads the secret",
    test: byHand.running,
  },
  {
    number: 35,
    seen: "The chat page cannot be opened; Key Vault answers `SecretNotFound`",
    cause: "Somebody deleted the Direct Line secret",
    cure: "npm run drift, then pulumi up writes it again; a deleted one may first have to be recovered: az keyvault secret recover --vault-name <vault> --name <secret>.",
    told: "health page",
    refusal: { by: "Key Vault", status: 404, code: "SecretNotFound" },
    here: "The secret is part of the deployment; the health page reads it",
    test: byHand.running,
  },
  {
    number: 36,
    seen: "The bot forgets what it was asked; storage answers `AuthorizationPermissionMismatch`",
    cause: "The bot's identity has no data role at the state container: Owner is none",
    cure: "Give it the role Storage Blob Data Contributor at the container: npm run drift, then pulumi up.",
    told: "health page",
    refusal: { by: "Blob Storage", status: 403, code: "AuthorizationPermissionMismatch" },
    here: "The role is part of the deployment; the health page writes and reads",
    test: byHand.running,
  },
  {
    number: 37,
    seen: "The bot receives messages and cannot answer: `AADSTS7000215`",
    cause: "Somebody removed the bot's client secret in the portal",
    cure: "The client secret is none of the application's: it was removed or replaced by hand. Renew all secrets: give the setting secretsRenewed today's date, then pulumi up.",
    told: "health page",
    refusal: { by: "Entra ID", status: 401, code: "AADSTS7000215" },
    here: "The health page gets a token of the bot's own",
    test: byHand.running,
  },
  {
    number: 38,
    seen: "The bot receives messages and cannot answer: `AADSTS700016`",
    cause: "Somebody deleted the bot's application in Entra",
    cure: "Restore it in Entra (Deleted applications), or npm run drift, then pulumi up makes it anew.",
    told: "health page",
    refusal: { by: "Entra ID", status: 400, code: "AADSTS700016" },
    here: "A protected stack refuses to delete it; the health page gets a token of the bot's own",
    test: byHand.running,
  },
  {
    number: 39,
    seen: "The bot receives messages and cannot answer: `AADSTS90002`",
    cause: "The app setting `MicrosoftAppTenantId` was overwritten",
    cure: "There is no such tenant: MicrosoftAppTenantId must be the tenant of the bot's application. npm run drift, then pulumi up writes it.",
    told: "health page",
    refusal: { by: "Entra ID", status: 400, code: "AADSTS90002" },
    here: "One value feeds registration and bot",
    test: byHand.running,
  },
  {
    number: 40,
    seen: '"Could not find Connection Setting" though the connection is there; "Data boundary violation"',
    cause: "The bot asks the Token Service or the Direct Line of another region",
    cure: "that DIRECT_LINE_ENDPOINT is that of the bot's residency",
    told: "health page",
    refusal: { by: "Direct Line", status: 403, code: "Data boundary violation" },
    here: "`residency` alone sets bot location, redirect address, Token Service and Direct Line host",
    test: byHand.running,
  },
  {
    number: 41,
    seen: "The health page answers 503, the chat is silent",
    cause: "A script wrote one app setting and with it deleted all others: App Service's PUT replaces the whole list",
    cure: "MicrosoftAppPassword is missing. npm run drift, then pulumi up: the program writes every setting, none is typed by hand.",
    told: "health page",
    refusal: { by: "App Service", status: 503, code: "MicrosoftAppPassword is missing" },
    here: "One write holds all settings; the bot names each that is missing",
    test: byHand.running,
  },
  {
    number: 42,
    seen: "The code is not taken: Kudu answers 403",
    cause: "The deploying identity may write the web app and not publish to it",
    cure: "Give it the right Microsoft.Web/sites/publish/Action on the web app (the role Website Contributor has it).",
    told: "program",
    refusal: { by: "App Service", status: 403, code: "Microsoft.Web/sites/publish/Action" },
    here: "The error names right and role; nothing is published with a password",
    test: byHand.running,
  },
  {
    number: 43,
    seen: "`AADSTS500113` on the sign-in page",
    cause: "Somebody deleted the redirect address",
    cure: "The sign-in app has no redirect address any more: npm run drift, then pulumi up sets it again.",
    told: "bot's log",
    refusal: { by: "Entra ID", status: 400, code: "AADSTS500113" },
    here: "Whoever types the number into the chat reads what it means for him, and the log says what to do",
    test: byHand.signIn,
  },
  {
    number: 44,
    seen: "`AADSTS650053` after the sign-in page",
    cause: "A scope of the connection is misspelt",
    cure: "The connection asks for a scope that does not exist. Scopes are case-sensitive: correct scopes in the setting connections, then npm run drift and pulumi up.",
    told: "bot's log",
    refusal: { by: "Token Service", status: 400, code: "AADSTS650053" },
    here: "The setting takes only scopes that exist, and names the nearest",
    test: byHand.signIn,
  },
  {
    number: 45,
    seen: "`AADSTS7000215` after the sign-in, no six-digit code",
    cause: "Somebody removed the sign-in app's client secret; the connection still holds it",
    cure: "The client secret is none of the application's: it was removed or replaced by hand. Renew all secrets: give the setting secretsRenewed today's date, then pulumi up.",
    told: "bot's log",
    refusal: { by: "Entra ID", status: 401, code: "AADSTS7000215" },
    here: "A renewed secret makes the connection anew",
    test: byHand.signIn,
  },
  {
    number: 46,
    seen: "`AADSTS65004` after the consent page; the chat is silent",
    cause: "The user declined",
    cure: "You declined what I ask for, so I did nothing. If you want to go on, ask me again and accept on the consent page.",
    told: "chat",
    refusal: { by: "Token Service", status: 400, code: "AADSTS65004" },
    here: "The Token Service tells the bot nothing of it, so the bot explains the number",
    test: byHand.signIn,
  },
  {
    number: 47,
    seen: "Signed in, and Microsoft Graph answers `ErrorAccessDenied`",
    cause: "The connection asks for fewer scopes than the bot needs",
    cure: "the permission **Mail.Read** is missing. An administrator can grant it; then say **sign out** and sign in again.",
    told: "chat",
    refusal: { by: "Microsoft Graph", status: 403, code: "ErrorAccessDenied" },
    here: "A skill whose scopes a connection lacks is refused before anything is created",
    test: byHand.signIn,
  },
  {
    number: 48,
    seen: '"The Sign In code was not found or expired"',
    cause: "An old sign-in card was pressed, or one that somebody else has used",
    cure: "A card is good for one sign-in and a few minutes: ask me again for a new one.",
    told: "chat",
    refusal: { by: "Token Service", status: 400, code: "The Sign In code was not found or expired" },
    here: "Each request makes a new card",
    test: byHand.signIn,
  },
  {
    number: 49,
    seen: "The chat page cannot be opened: The site is disabled",
    cause: "Somebody switched the Direct Line site off",
    cure: "Check that the bot's Direct Line site is enabled",
    told: "bot's log",
    refusal: { by: "Direct Line", status: 403, code: "The site is disabled" },
    here: "The site is read back after each write; the health page asks it for a token",
    test: byHand.channels,
  },
  {
    number: 50,
    seen: "The chat page cannot be opened: Invalid token or secret",
    cause: "Somebody regenerated the Direct Line key; the vault still holds the old one",
    cure: "that the vault holds the site's present key: npm run drift, then pulumi up sets all three.",
    told: "bot's log",
    refusal: { by: "Direct Line", status: 403, code: "Invalid token or secret" },
    here: "The bot reads the secret again when it is refused; a deployment writes the present key",
    test: byHand.channels,
  },
  {
    number: 51,
    seen: "Every message fails: Direct Line answers 502 `BotError`",
    cause: "The messaging endpoint was typed by hand, without the route",
    cure: "The bot registration's messaging endpoint must end in /api/messages: npm run drift, then pulumi up sets it.",
    told: "bot's log",
    refusal: { by: "Direct Line", status: 502, code: "BotError" },
    here: "The endpoint is the host that App Service gave and the route that the bot serves",
    test: byHand.channels,
  },
  {
    number: 52,
    seen: "Every message fails: the bot answers 401",
    cause: "A bot registration of another application points to this bot",
    cure: "MicrosoftAppId and the bot registration's application id must be the same: npm run drift, then pulumi up.",
    told: "bot's log",
    refusal: { by: "App Service", status: 401, code: "its aud claim is missing or wrong" },
    here: "One value feeds registration and bot",
    test: byHand.channels,
  },
  {
    number: 53,
    seen: "A script that posts to the bot directly is answered 401",
    cause: "Its token is Entra's, not Bot Service's",
    cure: "Only Bot Service may call this route: talk to the bot through one of its channels.",
    told: "bot's log",
    refusal: { by: "App Service", status: 401, code: "its key is not one of the Bot Framework's" },
    here: "Signature, issuer, audience and service address of every activity are checked",
    test: byHand.channels,
  },
  {
    number: 54,
    seen: "`Authorization_RequestDenied: Insufficient privileges to complete the operation`",
    cause: "The deploying identity may not register applications in Entra, or not consent for everyone",
    cure: "Give the deploying identity the permission that is missing in Entra: `npm run preflight -- <stack>` prints the command.",
    here: "`pulumi up` says so below the error; the next one goes on where this one ended",
    test: faults,
  },
  {
    number: 55,
    seen: '`Directory_ConcurrencyViolation`, `ResourceGroupBeingDeleted`, `ConflictError`, "another operation is in progress"',
    cause: "Another deployment, a person in the portal or Azure itself is at work on the same resource",
    cure: "Another operation holds the resource; deploy again when it has ended.",
    here: "What passes in a minute is waited out; for what lasts longer, `pulumi up` says so below the error",
    test: faults,
  },
  {
    number: 56,
    seen: "`PrincipalNotFound`, or `Request_ResourceNotFound` for what was made a moment ago",
    cause: "Entra spreads what is new within seconds, sometimes minutes",
    cure: "What it needs is new and has not spread in Entra yet: run pulumi up again in some minutes.",
    here: "A minute is waited out; what was made is kept in the state, so that the next `pulumi up` makes no second one",
    test: faults,
  },
];

/** docs/known-mistakes.md, made of the list. */
export function knownMistakesAsMarkdown(): string {
  const rows = knownMistakes.map(({ number, seen, cause, cure, told, refusal, here, test }) => {
    const refused = refusal ? ` (${refusal.by} answers ${refusal.status})` : "";
    const says = told ? ` *Says the ${told}.*` : "";
    const name = test.split("/").at(-1);
    return `| ${number} | ${cell(seen)}${refused} | ${cell(cause)} | ${cell(cure)}${says} | ${cell(here)} | [${name}](../test/${test}) |`;
  });
  return `# Known mistakes

What goes wrong when a bot's sign-in is set up on Azure, what one sees of it, what cures it, and what this project does
so that it does not happen. Comments in the code refer to these numbers.

${seeded.length} of them are made on purpose by tests, the way a person makes them: Azure's refusal and the sentence that names
the cure are held to what stands here. Made by \`npm run docs\` from [known-mistakes.ts](known-mistakes.ts).

| # | What one sees | Cause | Cure | Here | Test |
|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

/** The mistakes that tests make on purpose. */
export const seeded = knownMistakes.filter(({ told }) => told !== undefined);

/** A pipe would end the cell, and a name in angle brackets would vanish, save in code. */
function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .split("`")
    .map((part, at) => (at % 2 === 0 ? part.replaceAll("<", "&lt;") : part))
    .join("`");
}
