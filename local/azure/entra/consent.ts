import type { Person } from "../tenant";
import type { PermissionScope } from "./application";
import type { DirectoryStore } from "./directory-store";
import { graphAppId, needsAdministrator, openIdScopes } from "./graph-permissions";
import { microsoftClientIds } from "./microsoft-clients";
import type { RequestedScopes } from "./requested-scopes";
import { scopesOf, type ServicePrincipal } from "./service-principal";

/** Permissions of one resource that an application wants. */
export interface Demand {
  readonly target: ServicePrincipal;
  readonly permissions: readonly PermissionScope[];
}

/** What has to happen before an application gets its token: nothing, the person's own consent, or an administrator's. */
export type ConsentStep = "none" | "ask" | "administrator";

/** What an authorization request wants of whom: the resource's own permissions, and OpenID Connect's at Graph. */
export function demandsOf(directory: DirectoryStore, scopes: RequestedScopes): Demand[] {
  const graph = directory.servicePrincipalByAppId(graphAppId) as ServicePrincipal;
  const openId = scopesOf(graph, undefined).filter(({ value }) => scopes.openId.has(value));
  if (scopes.target.id === graph.id) return [{ target: graph, permissions: [...scopes.permissions, ...openId] }];
  const own = { target: scopes.target, permissions: scopes.permissions };
  return openId.length ? [own, { target: graph, permissions: openId }] : [own];
}

/** What the application registered for itself (`requiredResourceAccess`), resource by resource. */
export function registeredDemands(directory: DirectoryStore, clientAppId: string): Demand[] {
  const required = directory.applicationByAppId(clientAppId)?.requiredResourceAccess ?? [];
  return required.flatMap(({ resourceAppId, resourceAccess }) => {
    const target = directory.servicePrincipalByAppId(resourceAppId);
    if (!target) return [];
    const ids = new Set(resourceAccess.filter(({ type }) => type === "Scope").map(({ id }) => id));
    const offered = scopesOf(target, directory.applicationByAppId(resourceAppId));
    return [{ target, permissions: offered.filter(({ id }) => ids.has(id)) }];
  });
}

/** The part of the demands that neither was granted nor is allowed in advance. */
export function missingOf(
  directory: DirectoryStore,
  client: ServicePrincipal,
  demands: readonly Demand[],
  person: Person,
): Demand[] {
  return demands
    .map(({ target, permissions }) => {
      const granted = directory.grantedScopes(client.id, target.id, person.objectId);
      const inAdvance = preAuthorized(directory, client.appId, target);
      const missing = permissions.filter(({ id, value }) => !granted.has(value) && !inAdvance.has(id));
      return { target, permissions: missing };
    })
    .filter(({ permissions }) => permissions.length > 0);
}

/**
 * Decides by the tenant's consent policy: Microsoft's default, or one that lets nobody but an administrator consent. Once an application holds any permission, the scopes of OpenID
 * Connect alone ask for no new consent.
 * @param missing what {@link missingOf} gave
 * @param holdsAny the application already holds some permission for this person
 */
export function consentStep(
  directory: DirectoryStore,
  missing: readonly Demand[],
  person: Person,
  holdsAny: boolean,
): ConsentStep {
  const wanted = missing.flatMap(({ target, permissions }) => permissions.map((scope) => ({ scope, target })));
  const onlyOpenId = wanted.every(
    ({ scope, target }) => target.appId === graphAppId && openIdScopes.includes(scope.value),
  );
  if (wanted.length === 0 || (onlyOpenId && holdsAny)) return "none";
  if (person.administrator) return "ask";
  if (directory.policies.authorization.permissionGrantPoliciesAssigned.length === 0) return "administrator";
  return wanted.some(({ scope, target }) => needsAdministrator(scope, target.appId)) ? "administrator" : "ask";
}

/** True where the client holds any delegated permission for this person, on whatever resource. */
export function holdsAnyGrant(directory: DirectoryStore, client: ServicePrincipal, person: Person): boolean {
  return [...directory.oauth2PermissionGrants.values()].some(
    ({ clientId, principalId }) => clientId === client.id && (principalId === null || principalId === person.objectId),
  );
}

/** Writes consent down as grants: for one person, or for everyone. */
export function grantAll(
  directory: DirectoryStore,
  client: ServicePrincipal,
  demands: readonly Demand[],
  person: Person | undefined,
): void {
  for (const { target, permissions } of demands) {
    const names = permissions.map(({ value }) => value);
    if (names.length) directory.grant(client.id, target.id, names, person?.objectId);
  }
}

/** Ids of a resource's permissions that it allows a client in advance, without anybody's consent. */
export function preAuthorized(
  directory: DirectoryStore,
  clientAppId: string,
  target: ServicePrincipal,
): ReadonlySet<string> {
  const clients = directory.applicationByAppId(target.appId)?.api.preAuthorizedApplications ?? [];
  const letIn = clients.find(({ appId }) => appId === clientAppId)?.delegatedPermissionIds ?? [];
  if (!microsoftClientIds.has(clientAppId)) return new Set(letIn);
  const own = directory.applicationByAppId(clientAppId)?.requiredResourceAccess ?? [];
  const ofMicrosoft = own.find(({ resourceAppId }) => resourceAppId === target.appId)?.resourceAccess ?? [];
  return new Set([...letIn, ...ofMicrosoft.map(({ id }) => id)]);
}
