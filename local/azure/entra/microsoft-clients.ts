import { newApplication, type Application } from "./application";
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

/** What they ask of Graph with `.default`, as a token of azure-cli lists it. https://github.com/Azure/azure-cli/issues/22775 */
const graphPermissions = [
  ...["Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "AuditLog.Read.All"],
  ...["DelegatedPermissionGrant.ReadWrite.All", "Directory.AccessAsUser.All", "Group.ReadWrite.All"],
  ...["User.Read.All", "User.ReadWrite.All"],
];

export const microsoftClientIds: ReadonlySet<string> = new Set(Object.keys(clients));

/**
 * The applications of these tools, which stand in Microsoft's tenant.
 * @param services Microsoft's services, whose delegated permissions they ask for
 */
export function microsoftClients(services: readonly ServicePrincipal[], createdDateTime: string): Application[] {
  return Object.entries(clients).map(([appId, displayName]) => ({
    ...newApplication({ id: appId, appId, displayName, createdDateTime, publisherDomain: "microsoft.com" }),
    signInAudience: "AzureADMultipleOrgs",
    isFallbackPublicClient: true,
    publicClient: { redirectUris: ["http://localhost"] },
    requiredResourceAccess: services.map((service) => ({
      resourceAppId: service.appId,
      resourceAccess: service.oauth2PermissionScopes
        .filter(({ value }) => value === "user_impersonation" || graphPermissions.includes(value))
        .map(({ id }) => ({ id, type: "Scope" as const })),
    })),
  }));
}
