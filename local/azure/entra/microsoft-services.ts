import { createHash } from "node:crypto";
import type { PermissionScope } from "./application";
import { graphAppId, graphRoles, graphScopes } from "./graph-permissions";
import { newServicePrincipal, type ServicePrincipal } from "./service-principal";

/** The tenant that owns Microsoft's own services. */
const microsoftTenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/**
 * One of Microsoft's services, for which tokens are asked under one of its names: those without the slash at the end; a token may be
 * asked for with or without it.
 */
type MicrosoftService = readonly [
  appId: string,
  displayName: string,
  names?: readonly string[],
  scopes?: readonly PermissionScope[],
];

const userImpersonation = (id: string, what: string): PermissionScope => ({
  id,
  value: "user_impersonation",
  type: "User",
  isEnabled: true,
  adminConsentDisplayName: `Access ${what} as the signed-in person`,
  adminConsentDescription: `Lets the app access ${what} as the signed-in person.`,
  userConsentDisplayName: `Access ${what} as you`,
  userConsentDescription: `Lets the app access ${what} as you.`,
});

// No source was found for its id.
const portalScope = userImpersonation("00000000-0000-4000-8000-74658136e14c", "Entra's portal");

/** https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
const services: readonly MicrosoftService[] = [
  [graphAppId, "Microsoft Graph", ["https://graph.microsoft.com"], graphScopes],
  [
    "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    "Windows Azure Service Management API",
    ["https://management.azure.com", "https://management.core.windows.net"],
    [userImpersonation("41094075-9dad-400e-a0bd-54e686782033", "Azure Resource Manager")],
  ],
  [
    "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    "Azure Key Vault",
    ["https://vault.azure.net"],
    [userImpersonation("f53da476-18e3-4152-8e01-aec403e6edc0", "Azure Key Vault")],
  ],
  [
    "e406a681-f3d4-42a8-90b6-c2b029497af1",
    "Azure Storage",
    ["https://storage.azure.com"],
    [userImpersonation("03e0da56-190b-40ad-a80c-ea378c433f7f", "Azure Storage")],
  ],
  // No source was found for its id.
  [
    "abfa0a7c-a6b6-4736-8310-5855508787cd",
    "Microsoft Azure App Service",
    ["https://appservice.azure.com"],
    [userImpersonation("00000000-0000-4000-8000-abfa0a7ca6b6", "App Service")],
  ],
  ["ca7f3f0b-7d91-482c-8e09-c5d840d0eac5", "Log Analytics API", ["https://api.loganalytics.io"]],
  ["00000000-0000-0000-c000-0000000000b0", "Bot Framework", ["https://api.botframework.com"]],
  ["74658136-14ec-4630-ad9b-26e160ff0fc6", "ADIbizaUX", [], [portalScope]],
  // Clients that ask for tokens, and for whom nobody asks.
  ["04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI"],
  ["1950a258-227b-4e31-a9cf-717495945fc2", "Microsoft Azure PowerShell"],
  ["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"],
  ["5e3ce6c0-2b1f-4285-8d4b-75ee78787346", "Microsoft Teams Web Client"],
];

/**
 * The service principals of Microsoft's own services, which every tenant has. Their object ids differ from tenant to
 * tenant; here they follow from the tenant's id.
 */
export function microsoftServicePrincipals(tenantId: string, createdDateTime: string): ServicePrincipal[] {
  return services.map(([appId, displayName, names = [], scopes = []]) =>
    newServicePrincipal({
      id: objectId(tenantId, appId),
      appId,
      displayName,
      createdDateTime,
      appOwnerOrganizationId: microsoftTenant,
      servicePrincipalNames: [appId, ...names.flatMap((name) => [name, `${name}/`])],
      oauth2PermissionScopes: scopes.map((scope) => ({ ...scope })),
      appRoles: appId === graphAppId ? graphRoles.map((role) => ({ ...role })) : [],
    }),
  );
}

function objectId(tenantId: string, appId: string): string {
  const hex = createHash("sha256").update(`${tenantId}/${appId}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
