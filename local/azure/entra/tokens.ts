import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import { newId } from "../secrets";
import type { Claims } from "../service";
import type { Person } from "../tenant";
import type { Application } from "./application";
import type { DirectoryStore } from "./directory-store";
import type { ServicePrincipal } from "./service-principal";

/** Global administrator: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

/** For which a managed identity's token stands in for an application's secret: `api://AzureADTokenExchange`. */
export const tokenExchangeAppId = "fb60f99c-7a34-4190-8149-302f77469936";

/** Entra dates a token five minutes back, for clocks that run behind. */
const clockSkew = 300;

type MadeClaims = JWTPayload & { iat: number; exp: number };

/**
 * Claims of an access token of an application itself.
 * @param resource as it was asked for: the token's audience, where the resource takes v1 tokens
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function applicationClaims(
  directory: DirectoryStore,
  client: ServicePrincipal,
  target: ServicePrincipal,
  resource: string,
  lifetime: number,
): MadeClaims {
  const roles = directory.appRolesOf(client.id, target.id);
  return {
    ...frame(directory, target, resource, lifetime),
    ...clientClaims(directory, client, target),
    oid: client.id,
    sub: client.id,
    idtyp: "app",
    idp: `https://sts.windows.net/${directory.tenant.tenantId}/`,
    ...(roles.length && { roles }),
    ...directoryRoles(directory, client.id),
  };
}

/** Claims of an access token with which an application acts for a person. */
export function userClaims(
  directory: DirectoryStore,
  client: ServicePrincipal,
  target: ServicePrincipal,
  resource: string,
  person: Person,
  scopes: readonly string[],
): MadeClaims {
  return {
    ...frame(directory, target, resource, directory.lifetimes.userToken),
    ...clientClaims(directory, client, target),
    ...personClaims(person),
    oid: person.objectId,
    sub: pairwise(person, target.appId),
    scp: scopes.join(" "),
    idtyp: "user",
    amr: ["pwd"],
    acr: "1",
    ...directoryRoles(directory, person.objectId, person.administrator ? [globalAdministrator] : []),
  };
}

/** The directory's own roles that somebody holds, as a token names them. */
function directoryRoles(directory: DirectoryStore, id: string, more: readonly string[] = []): { wids?: string[] } {
  const held = [...directory.roleAssignments.values()].filter(({ principalId }) => principalId === id);
  const wids = [...more, ...held.map(({ roleDefinitionId }) => roleDefinitionId)];
  return wids.length > 0 ? { wids } : {};
}

/** Claims of an ID token: who signed in, for the application that asked. */
export function idClaims(
  directory: DirectoryStore,
  client: ServicePrincipal,
  person: Person,
  scopes: ReadonlySet<string>,
  nonce: string | undefined,
): MadeClaims {
  const now = directory.clock.seconds();
  const { tenantId } = directory.tenant;
  return {
    aud: client.appId,
    iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    iat: now,
    nbf: now,
    exp: now + 3600,
    oid: person.objectId,
    sub: pairwise(person, client.appId),
    tid: tenantId,
    uti: newId(16, "base64url"),
    ver: "2.0",
    ...(nonce && { nonce }),
    ...(scopes.has("profile") && { name: person.name, preferred_username: person.mail }),
    ...(scopes.has("email") && { email: person.mail }),
  };
}

/** Verified claims in the form that services read: v2 tokens name the client `azp`. */
export function verifiedClaims(payload: JWTPayload): Claims {
  return { ...payload, appid: payload["appid"] ?? payload["azp"] } as Claims;
}

/** A resource whose application asks for version 2 gets v2 tokens: issuer, audience and names differ. */
function takesV2(directory: DirectoryStore, target: ServicePrincipal): boolean {
  if (target.appId === tokenExchangeAppId) return true;
  const application: Application | undefined = directory.applicationByAppId(target.appId);
  return application?.api.requestedAccessTokenVersion === 2;
}

function frame(directory: DirectoryStore, target: ServicePrincipal, resource: string, lifetime: number): MadeClaims {
  const now = directory.clock.seconds();
  const { tenantId } = directory.tenant;
  const v2 = takesV2(directory, target);
  return {
    aud: v2 ? target.appId : resource,
    iss: v2 ? `https://login.microsoftonline.com/${tenantId}/v2.0` : `https://sts.windows.net/${tenantId}/`,
    iat: now,
    nbf: now - clockSkew,
    exp: now + lifetime,
    tid: tenantId,
    uti: newId(16, "base64url"),
    ver: v2 ? "2.0" : "1.0",
  };
}

function clientClaims(directory: DirectoryStore, client: ServicePrincipal, target: ServicePrincipal): JWTPayload {
  if (takesV2(directory, target)) return { azp: client.appId, azpacr: "1" };
  return { appid: client.appId, appidacr: "1", app_displayname: client.displayName };
}

function personClaims(person: Person): JWTPayload {
  return {
    name: person.name,
    given_name: person.givenName,
    family_name: person.name.slice(person.givenName.length).trim(),
    upn: person.mail,
    unique_name: person.mail,
    preferred_username: person.mail,
  };
}

/** A person's subject differs from application to application. */
function pairwise(person: Person, appId: string): string {
  return createHash("sha256").update(`${person.objectId}/${appId}`).digest("base64url");
}
