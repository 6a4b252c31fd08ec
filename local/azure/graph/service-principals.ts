import { randomUUID } from "node:crypto";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import type { DirectoryStore } from "../entra/directory-store";
import { redirectUris } from "../entra/application";
import { newServicePrincipal, resourceNames, scopesOf, type ServicePrincipal } from "../entra/service-principal";
import { newOwners } from "./applications";
import { checkMayWrite, reachesOwnedOnly, type Caller } from "./caller";
import { newServicePrincipalBody, servicePrincipalChange } from "./directory-bodies";
import { entityRoutes, found } from "./directory-entities";
import { refusals } from "./errors";
import type { Graph, GraphRoutes } from "./graph-call";
import { checkBody, merge, readBody } from "./request-body";

/** `/servicePrincipals`: https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export function servicePrincipalRoutes(graph: Graph): GraphRoutes {
  const { azure, directory } = graph;
  return entityRoutes(graph, {
    collection: "servicePrincipals",
    all: directory.servicePrincipals,
    byAppId: (appId) => directory.servicePrincipalByAppId(appId),
    show(url, principal, alone) {
      const shown = shownPrincipal(directory, principal);
      // Told below /beta alone, where the azuread provider asks for it.
      const { samlMetadataUrl = null } = principal;
      return alone && /^\/beta\//i.test(url.pathname) ? { ...shown, samlMetadataUrl } : shown;
    },
    async create({ request, caller }) {
      checkMayWrite(caller, directory);
      const body = await readBody(request);
      return shownPrincipal(directory, createServicePrincipal(directory, caller, body, azure.clock.now()));
    },
    async change(principal, request) {
      const body = checkBody(servicePrincipalChange, await readBody(request), "ServicePrincipal");
      Object.assign(principal, merge(principal, body));
    },
    delete: (principal) => directory.deleteServicePrincipal(principal),
  });
}

/** A service principal by object id. Throws `Request_ResourceNotFound`. */
export const findServicePrincipal = (directory: DirectoryStore, id: string): ServicePrincipal =>
  found(directory.servicePrincipals.get(id.toLowerCase()), id);

function createServicePrincipal(
  directory: DirectoryStore,
  caller: Caller,
  body: Record<string, unknown>,
  now: Date,
): ServicePrincipal {
  const given = checkBody(newServicePrincipalBody, body, "ServicePrincipal");
  const owners = newOwners(directory, caller, body);
  const application = directory.applicationByAppId(given.appId);
  if (!application) {
    throw reachesOwnedOnly(caller)
      ? refusals.backingApplicationElsewhere()
      : refusals.noBackingApplication(given.appId);
  }
  checkMayWrite(caller, directory, application.id);
  if (directory.servicePrincipalByAppId(given.appId)) throw refusals.servicePrincipalExists(given.appId);
  const fresh = newServicePrincipal({
    id: randomUUID(),
    appId: application.appId,
    displayName: application.displayName,
    createdDateTime: wholeSeconds(now),
    appOwnerOrganizationId: directory.tenant.tenantId,
  });
  const principal = merge(fresh, { ...given, appId: application.appId });
  directory.servicePrincipals.set(principal.id, principal);
  directory.owners.set(principal.id, owners);
  return principal;
}

/** A service principal with what it shows of its application: names, permissions, redirect addresses. */
function shownPrincipal(directory: DirectoryStore, principal: ServicePrincipal): Record<string, unknown> {
  const application = directory.applicationByAppId(principal.appId);
  const isIdentity = principal.servicePrincipalType === "ManagedIdentity";
  return {
    ...principal,
    addIns: application?.["addIns"] ?? [],
    appDescription: application?.["description"] ?? null,
    appDisplayName: isIdentity ? null : (application?.displayName ?? principal.displayName),
    appRoles: application?.appRoles ?? principal.appRoles,
    info: application?.["info"] ?? null,
    keyCredentials: [],
    oauth2PermissionScopes: scopesOf(principal, application),
    replyUrls: application ? redirectUris(application) : [],
    resourceSpecificApplicationPermissions: [],
    servicePrincipalNames: [...new Set(resourceNames(principal, application))],
    signInAudience: application?.signInAudience ?? (isIdentity ? null : "AzureADMultipleOrgs"),
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
  };
}
