import { randomUUID } from "node:crypto";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import type { DirectoryStore } from "../entra/directory-store";
import { redirectUris } from "../entra/application";
import { newServicePrincipal, resourceNames, scopesOf, type ServicePrincipal } from "../entra/service-principal";
import { newOwners } from "./applications";
import { checkMayWrite, holds, reachesOwnedOnly, readApplications, type Caller } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { newServicePrincipalBody, servicePrincipalChange } from "./directory-bodies";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";
import { checkBody, merge, readBody } from "./request-body";

const options = { type: "servicePrincipal", context: "servicePrincipals", pageSize: 100 };

/** `/servicePrincipals`: https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export function servicePrincipalRoutes({ azure, directory }: Graph): GraphRoutes {
  const read = (call: GraphCall, principal: ServicePrincipal): Response => {
    checkMayRead(call.caller);
    const shown = shownPrincipal(directory, principal);
    // Told below /beta alone, where the azuread provider asks for it.
    const { samlMetadataUrl = null } = principal;
    const beta = /^\/beta\//i.test(call.url.pathname);
    return answerEntity(call.url, beta ? { ...shown, samlMetadataUrl } : shown, options);
  };
  const change = async ({ request, caller }: GraphCall, principal: ServicePrincipal): Promise<Response> => {
    checkMayWrite(caller, directory, principal.id);
    const body = checkBody(servicePrincipalChange, await readBody(request), "ServicePrincipal");
    Object.assign(principal, merge(principal, body));
    return noContent();
  };
  const remove = ({ caller }: GraphCall, principal: ServicePrincipal): Response => {
    checkMayWrite(caller, directory, principal.id);
    directory.deleteServicePrincipal(principal);
    return noContent();
  };
  const byAppId = ({ params }: GraphCall): ServicePrincipal => {
    const principal = directory.servicePrincipalByAppId(params["appId"] as string);
    if (!principal) throw refusals.notFound(params["appId"] as string);
    return principal;
  };
  const byId = ({ params }: GraphCall): ServicePrincipal => findServicePrincipal(directory, params["id"] as string);
  return {
    "GET /servicePrincipals": ({ url, caller }) => {
      checkMayRead(caller);
      const all = [...directory.servicePrincipals.values()].map((principal) => shownPrincipal(directory, principal));
      return answerCollection(url, all, options);
    },
    "POST /servicePrincipals": async ({ request, url, caller }) => {
      checkMayWrite(caller, directory);
      const principal = createServicePrincipal(directory, caller, await readBody(request), azure.clock.now());
      const { tenantId } = directory.tenant;
      return answerEntity(url, shownPrincipal(directory, principal), { ...options, tenantId }, 201);
    },
    "GET /servicePrincipals(appId='{appId}')": (call) => read(call, byAppId(call)),
    "PATCH /servicePrincipals(appId='{appId}')": (call) => change(call, byAppId(call)),
    "DELETE /servicePrincipals(appId='{appId}')": (call) => remove(call, byAppId(call)),
    "GET /servicePrincipals/{id}": (call) => read(call, byId(call)),
    "PATCH /servicePrincipals/{id}": (call) => change(call, byId(call)),
    "DELETE /servicePrincipals/{id}": (call) => remove(call, byId(call)),
  };
}

/** A service principal by object id. Throws `Request_ResourceNotFound`. */
export function findServicePrincipal(directory: DirectoryStore, id: string): ServicePrincipal {
  const principal = directory.servicePrincipals.get(id.toLowerCase());
  if (!principal) throw refusals.notFound(id);
  return principal;
}

function checkMayRead(caller: Caller): void {
  if (!holds(caller, readApplications)) throw refusals.privileges();
}

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
