import { azureRefusal, fixOfError, furtherTries, waitBeforeNextTry } from "../../../infra/azure/refusal";

const password = "azuread:index/applicationPassword:ApplicationPassword";
const application = "azuread:index/application:Application";
const vault = "azure-native:keyvault:Vault";
const role = "azure-native:authorization:RoleAssignment";
const site = "azure-native:web:WebApp";

const graph = (status: string, code: string, message: string): string =>
  `unexpected status ${status} with error: ${code}: ${message}`;
const notThere = graph("404 (404 Not Found)", "Request_ResourceNotFound", "Resource 'x' does not exist or one of ...");
const concurrent = graph("409 (409 Conflict)", "Directory_ConcurrencyViolation", "Error due to concurrent requests.");
const arm = (status: number, code: string, message: string): string =>
  `Status=${status} Code="${code}" Message="${message}"`;
const busyVault = arm(
  409,
  "ConflictError",
  "The operation failed because the Key Vault 'v' changed from the point the operation began.",
);
const busySite = arm(
  409,
  "Conflict",
  "Cannot modify this site because another operation is in progress. Details: Id: 1",
);

test.each([
  [
    "azure-native's",
    arm(403, "AuthorizationFailed", 'The client "x" ...'),
    403,
    "AuthorizationFailed",
    'The client "x" ...',
  ],
  ["azure-native's without a code", 'Status=429 Message="slow"', 429, "", "slow"],
  [
    "azuread's",
    `Could not create application: ${concurrent}\n\n`,
    409,
    "Directory_ConcurrencyViolation",
    "Error due to concurrent requests.",
  ],
  [
    "azure-native's of a look",
    'cannot check existence of resource \'/x\': status code 403, {"error":{"code":"AuthorizationFailed","message":"The client"}}',
    403,
    "AuthorizationFailed",
    "The client",
  ],
  [
    "azuread's own 404",
    'Application (Application: "x") was not found',
    404,
    "Request_ResourceNotFound",
    'Application (Application: "x") was not found',
  ],
])("%s words name who refused, status, code and message", (whose, words, status, code, message) => {
  const by = whose.startsWith("azuread") ? "Microsoft Graph" : "Azure Resource Manager";
  expect(azureRefusal(words)).toEqual({ by, status, code, message });
});

test("an error that is no refusal by Azure is nobody's to fix here", () => {
  expect(azureRefusal("input location is missing")).toBeUndefined();
  expect(waitBeforeNextTry(vault, "create", ["input location is missing"])).toBeUndefined();
});

test.each([
  ["a password of an application that has not spread", password, "create", `Adding password: ${notThere}`],
  [
    "a role of an identity that has not spread",
    role,
    "create",
    arm(400, "PrincipalNotFound", "Principal 1 does not exist."),
  ],
  [
    "a client of a scope that has not spread",
    "azuread:index/applicationPreAuthorized:ApplicationPreAuthorized",
    "create",
    graph(
      "400 (400 Bad Request)",
      "InvalidValue",
      "references the Permission Id 1 that cannot be found in the application's permissions.",
    ),
  ],
  ["a vault that somebody else writes", vault, "create", busyVault],
  ["a web app that is being changed", site, "update", busySite],
  ["an application in a busy tenant", application, "create", `Could not create application: ${concurrent}`],
  ["an update in a busy tenant", application, "update", concurrent],
])("%s is waited for", (_what, type, operation, words) => {
  expect(waitBeforeNextTry(type, operation, [words])).toBe(2_000);
  expect(waitBeforeNextTry(type, operation, [words, words, words])).toBe(8_000);
});

test("waiting ends: after a minute the refusal stands", () => {
  const errors = Array.from({ length: furtherTries + 1 }, () => busyVault);
  expect(waitBeforeNextTry(vault, "update", errors)).toBeUndefined();
});

test.each([
  ["what was deleted by hand", password, "update", notThere],
  ["a missing right", vault, "create", arm(403, "AuthorizationFailed", "...")],
  ["a name that is taken", vault, "create", arm(409, "VaultAlreadyExists", "...")],
  [
    "a group that is being deleted",
    "azure-native:resources:ResourceGroup",
    "create",
    arm(409, "ResourceGroupBeingDeleted", "..."),
  ],
  // Another try would make a second one and lose the first.
  [
    "an application that was made and then refused",
    application,
    "create",
    `Failed to patch application after creating: ${notThere}`,
  ],
  [
    "a principal that was made and then refused",
    "azuread:index/servicePrincipal:ServicePrincipal",
    "create",
    `Failed to patch service principal after creating: ${concurrent}`,
  ],
  ["a vault whose creation began and then failed", vault, "create", `1 error occurred:\n\t* ${busyVault}\n\n`],
])("%s is not tried again", (_what, type, operation, words) => {
  expect(waitBeforeNextTry(type, operation, [words])).toBeUndefined();
});

test.each([
  [
    "a role",
    "create",
    arm(403, "AuthorizationFailed", "... to perform action 'Microsoft.KeyVault/vaults/write' over scope '/x'"),
    "(Contributor does; npm run preflight -- <stack> prints the command)",
  ],
  [
    "the right to give roles",
    "create",
    arm(403, "AuthorizationFailed", "... to perform action 'Microsoft.Authorization/roleAssignments/write' over ..."),
    "the role Role Based Access Control Administrator",
  ],
  [
    "the right to register a provider",
    "create",
    arm(403, "AuthorizationFailed", "... to perform action 'Microsoft.BotService/register/action' over scope '/s'"),
    "az provider register --namespace Microsoft.BotService --wait",
  ],
  [
    "a permission in Entra",
    "create",
    graph("403 (403 Forbidden)", "Authorization_RequestDenied", "Insufficient privileges."),
    "npm run preflight",
  ],
  [
    "a registered provider",
    "create",
    arm(409, "MissingSubscriptionRegistration", "... not registered to use namespace 'Microsoft.BotService'."),
    "az provider register --namespace Microsoft.BotService --wait",
  ],
  ["an end of the deletion", "create", arm(409, "ResourceGroupBeingDeleted", "..."), "when it has ended"],
  ["time to spread", "create", notThere, "run pulumi up again in some minutes"],
  ["what was deleted by hand", "update", notThere, "run pulumi refresh and deploy again"],
  ["a tenant", "create", "AADSTS90002: Tenant 'x' not found.", "Correct ARM_TENANT_ID"],
])("who lacks %s reads how to fix it", (_what, operation, words, fix) => {
  expect(fixOfError(words, operation)).toContain(fix);
});

test("what Azure has and the state does not know is followed by the command that brings both together", () => {
  const vault = "/subscriptions/s/resourceGroups/mail/providers/Microsoft.KeyVault/vaults/mail";
  const words = `cannot create already existing resource '${vault}'`;
  expect(fixOfError(words, "create", { stack: "prod", takeDown: "npm run recover -- prod" })).toBe(
    `Where a run of prod broke off: npm run recover -- prod. Else somebody made it by hand: ask, or delete it (az resource delete --ids ${vault}), then deploy again.`,
  );
});

test("a fix names the stack that is deployed", () => {
  const words = arm(
    403,
    "AuthorizationFailed",
    "... to perform action 'Microsoft.KeyVault/vaults/write' over scope '/x'",
  );
  expect(fixOfError(words, "create", { stack: "prod" })).toContain("npm run preflight -- prod prints the command");
});

test("what names its fix itself, and what Azure had no part in, is followed by nothing", () => {
  expect(
    fixOfError("host: signing in gave no token: AADSTS90002: ... [AADSTS90002] Correct ARM_TENANT_ID.", "create"),
  ).toBe(undefined);
  expect(fixOfError("input location is missing", "create")).toBe(undefined);
});

test.each([
  ["no password", graph("400 (400 Bad Request)", "CredentialTypeNotAllowedAsPerAppPolicy", "..."), /identity managed/],
  [
    "a shorter life",
    graph(
      "400 (400 Bad Request)",
      "CredentialInvalidLifetimeAsPerAppPolicy",
      "Credential lifetime exceeds the max value allowed as per assigned policy 'p'.",
    ),
    /secretLifetimeDays/,
  ],
  [
    "another region or size",
    arm(403, "RequestDisallowedByPolicy", "Resource 'v' was disallowed by policy."),
    /location, sizes and tags/,
  ],
  ["nothing at all", arm(409, "ScopeLocked", "The scope 's' cannot perform write operation"), /az lock delete/],
  ["another tier", arm(401, "Unauthorized", "Operation cannot be completed without additional quota."), /hostingSize/],
])(
  "a policy of tenant or subscription that allows %s is answered with the setting, below Azure's words",
  (_what, words, fix) => {
    expect(fixOfError(words, "create")).toMatch(fix);
  },
);
