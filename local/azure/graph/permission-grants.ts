import type { DirectoryStore } from "../entra/directory-store";
import type { AppRoleAssignment, OAuth2PermissionGrant } from "../entra/service-principal";
import { checkMayGrant, checkMayWrite, demandOneOf, readGrants, readApplications } from "./caller";
import { newId } from "../secrets";
import { answerCollection, answerEntity } from "./collection";
import { grantChange, newAssignmentBody, newGrantBody } from "./directory-bodies";
import { found } from "./directory-entities";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphRoutes } from "./graph-call";
import { checkBody, readBody } from "./request-body";
import { findServicePrincipal } from "./service-principals";

const options = { type: "oAuth2PermissionGrant", context: "oauth2PermissionGrants" };

/**
 * Delegated permissions granted to clients (`/oauth2PermissionGrants`), and application permissions assigned to them
 * (`/servicePrincipals/{id}/appRoleAssignments`).
 * https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant
 */
export function grantRoutes({ azure, directory }: Graph): GraphRoutes {
  const find = (id: string): OAuth2PermissionGrant => found(directory.oauth2PermissionGrants.get(id), id);
  return {
    "GET /oauth2PermissionGrants": ({ url, caller }) => {
      demandOneOf(caller, readGrants);
      return answerCollection(url, [...directory.oauth2PermissionGrants.values()].map(shown), options);
    },
    "POST /oauth2PermissionGrants": async ({ request, url, caller }) => {
      checkMayGrant(caller);
      const grant = createGrant(directory, await readBody(request));
      return answerEntity(url, shown(grant), options, 201);
    },
    "GET /oauth2PermissionGrants/{id}": ({ url, params, caller }) => {
      demandOneOf(caller, readGrants);
      return answerEntity(url, shown(find(params["id"] as string)), options);
    },
    "PATCH /oauth2PermissionGrants/{id}": async ({ request, params, caller }) => {
      checkMayGrant(caller);
      const grant = find(params["id"] as string);
      const { scope } = checkBody(grantChange, await readBody(request), "OAuth2PermissionGrant");
      if (scope !== undefined) grant.scope = scope.trim();
      return noContent();
    },
    "DELETE /oauth2PermissionGrants/{id}": ({ params, caller }) => {
      checkMayGrant(caller);
      directory.oauth2PermissionGrants.delete(find(params["id"] as string).id);
      return noContent();
    },
    "GET /servicePrincipals/{id}/oauth2PermissionGrants": ({ url, params, caller }) => {
      demandOneOf(caller, readGrants);
      const { id } = findServicePrincipal(directory, params["id"] as string);
      const own = [...directory.oauth2PermissionGrants.values()].filter(({ clientId }) => clientId === id);
      return answerCollection(url, own.map(shown), options);
    },
    ...assignmentRoutes({ azure, directory }),
  };
}

function shown(grant: OAuth2PermissionGrant): Record<string, unknown> {
  return { ...grant };
}

function createGrant(directory: DirectoryStore, body: Record<string, unknown>): OAuth2PermissionGrant {
  const given = checkBody(newGrantBody, body, "OAuth2PermissionGrant");
  const client = findServicePrincipal(directory, given.clientId);
  const resource = findServicePrincipal(directory, given.resourceId);
  const forOne = given.consentType === "Principal";
  const principalId = given.principalId || null;
  if (forOne && principalId === null) throw refusals.propertyRequired("principalId", "OAuth2PermissionGrant");
  if (!forOne && principalId !== null) throw refusals.propertyInvalid("principalId", "OAuth2PermissionGrant");
  if (principalId && !directory.people.some(({ objectId }) => objectId === principalId))
    throw refusals.notFound(principalId);
  for (const grant of directory.oauth2PermissionGrants.values()) {
    if (grant.clientId === client.id && grant.resourceId === resource.id && grant.principalId === principalId) {
      throw refusals.grantExists();
    }
  }
  const grant: OAuth2PermissionGrant = {
    id: newId(32, "base64url"),
    clientId: client.id,
    consentType: given.consentType,
    principalId,
    resourceId: resource.id,
    scope: given.scope.trim(),
  };
  directory.oauth2PermissionGrants.set(grant.id, grant);
  return grant;
}

function assignmentRoutes({ azure, directory }: Graph): GraphRoutes {
  const assignments = { type: "appRoleAssignment", context: "appRoleAssignments" };
  return {
    "GET /servicePrincipals/{id}/appRoleAssignments": ({ url, params, caller }) => {
      demandOneOf(caller, readApplications);
      const { id } = findServicePrincipal(directory, params["id"] as string);
      const own = [...directory.appRoleAssignments.values()].filter(({ principalId }) => principalId === id);
      return answerCollection(
        url,
        own.map((assignment) => shownAssignment(directory, assignment)),
        assignments,
      );
    },
    "POST /servicePrincipals/{id}/appRoleAssignments": async ({ request, url, params, caller }) => {
      checkMayGrant(caller);
      checkMayWrite(caller, directory);
      const principal = findServicePrincipal(directory, params["id"] as string);
      const given = checkBody(newAssignmentBody, await readBody(request), "AppRoleAssignment");
      if (given.principalId !== principal.id) throw refusals.propertyInvalid("principalId", "AppRoleAssignment");
      const resource = findServicePrincipal(directory, given.resourceId);
      const offered = directory.applicationByAppId(resource.appId)?.appRoles ?? resource.appRoles;
      if (!offered.some(({ id }) => id === given.appRoleId))
        throw refusals.propertyInvalid("appRoleId", "AppRoleAssignment");
      for (const { principalId, resourceId, appRoleId } of directory.appRoleAssignments.values()) {
        const same = principalId === principal.id && resourceId === resource.id && appRoleId === given.appRoleId;
        if (same) throw refusals.assignmentExists();
      }
      const id = newId(32, "base64url");
      const assignment = { id, ...given, createdDateTime: azure.clock.now().toISOString() };
      directory.appRoleAssignments.set(id, assignment);
      return answerEntity(url, shownAssignment(directory, assignment), assignments, 201);
    },
    "DELETE /servicePrincipals/{id}/appRoleAssignments/{assignment}": ({ params, caller }) => {
      checkMayGrant(caller);
      const assignment = directory.appRoleAssignments.get(params["assignment"] as string);
      if (assignment?.principalId !== params["id"]) throw refusals.notFound(params["assignment"] as string);
      directory.appRoleAssignments.delete(assignment?.id as string);
      return noContent();
    },
  };
}

function shownAssignment(directory: DirectoryStore, assignment: AppRoleAssignment): Record<string, unknown> {
  return {
    ...assignment,
    deletedDateTime: null,
    principalType: "ServicePrincipal",
    principalDisplayName: directory.servicePrincipals.get(assignment.principalId)?.displayName ?? null,
    resourceDisplayName: directory.servicePrincipals.get(assignment.resourceId)?.displayName ?? null,
  };
}
