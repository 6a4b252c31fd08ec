import { newApplication, type Application } from "./application";
import { openIdScopes } from "./graph-permissions";
import type { ServicePrincipal } from "./service-principal";

/**
 * Microsoft's own command-line tools: public clients that every tenant knows, allowed in advance whatever they ask of
 * Microsoft's services. A tenant lists none of them among its applications.
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
const clients = {
  "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Microsoft Azure CLI",
  "1950a258-227b-4e31-a9cf-717495945fc2": "Microsoft Azure PowerShell",
} as const;

/**
 * Teams, which signs its people in before anything else. Other applications' permissions it has only where they let it in.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-register-aad
 */
const teamsClients = {
  "1fec8e78-bce4-4aaf-ab1b-5451cc387264": "Microsoft Teams",
  "5e3ce6c0-2b1f-4285-8d4b-75ee78787346": "Microsoft Teams Web Client",
} as const;

/** Where Teams' sign-in ends. */
const teamsAddress = "https://teams.microsoft.com/go";

/** What they ask of Graph with `.default`, as a token of azure-cli lists it. https://github.com/Azure/azure-cli/issues/22775 */
const graphPermissions = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "AuditLog.Read.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.AccessAsUser.All",
  "Group.ReadWrite.All",
  "User.Read.All",
  "User.ReadWrite.All",
];

export const microsoftClientIds: ReadonlySet<string> = new Set(Object.keys({ ...clients, ...teamsClients }));

/**
 * The applications of these tools and of Teams, which stand in Microsoft's tenant.
 * @param services Microsoft's services, whose delegated permissions they ask for
 */
export function microsoftClients(services: readonly ServicePrincipal[], createdDateTime: string): Application[] {
  const application = (
    [appId, displayName]: readonly [string, string],
    redirectUri: string,
    allowed: readonly string[],
  ): Application => ({
    ...newApplication({ id: appId, appId, displayName, createdDateTime, publisherDomain: "microsoft.com" }),
    signInAudience: "AzureADMultipleOrgs",
    isFallbackPublicClient: true,
    publicClient: { redirectUris: [redirectUri] },
    requiredResourceAccess: services.map((service) => ({
      resourceAppId: service.appId,
      resourceAccess: service.oauth2PermissionScopes
        .filter(({ value }) => allowed.includes(value))
        .map(({ id }) => ({ id, type: "Scope" as const })),
    })),
  });
  return [
    ...Object.entries(clients).map((tool) =>
      application(tool, "http://localhost", ["user_impersonation", ...graphPermissions]),
    ),
    ...Object.entries(teamsClients).map((client) => application(client, teamsAddress, openIdScopes)),
  ];
}
