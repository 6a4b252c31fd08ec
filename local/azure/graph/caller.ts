import { TokenRefused, type Azure, type Claims } from "../service";
import type { Person } from "../tenant";
import type { DirectoryStore } from "../entra/directory-store";
import { refusals } from "./errors";

/** The names under which tokens for Graph are asked for. */
const audiences = ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"];

/** Who calls Graph, and what the token lets it do. */
export interface Caller {
  readonly claims: Claims;
  /** The person for whom an application acts; undefined for an application's own token. */
  readonly person: Person | undefined;
  readonly permissions: ReadonlySet<string>;
}

/** Reads the bearer token. Throws `InvalidAuthenticationToken` in Graph's words. */
export async function readCaller(azure: Azure, directory: DirectoryStore, request: Request): Promise<Caller> {
  try {
    const claims = await azure.directory.verify(request, audiences);
    const permissions = claims.scp === undefined ? (claims.roles ?? []) : claims.scp.split(" ");
    const person = directory.people.find(({ objectId }) => objectId === claims.oid);
    return { claims, person, permissions: new Set(permissions) };
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw refusedToken[error.reason]();
  }
}

const refusedToken = {
  missing: refusals.tokenMissing,
  malformed: refusals.tokenMalformed,
  signature: refusals.tokenSignature,
  expired: refusals.tokenExpired,
  audience: refusals.tokenAudience,
  tenant: refusals.tokenTenant,
} as const;

/** True where the token carries one of these permissions. */
export function holds(caller: Caller, anyOf: readonly string[]): boolean {
  return anyOf.some((permission) => caller.permissions.has(permission));
}

export const readApplications = [
  "Application.Read.All",
  "Application.ReadWrite.All",
  "Application.ReadWrite.OwnedBy",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
] as const;

/** Entra's recycle bins. Only owning is not enough: https://learn.microsoft.com/graph/api/directory-deleteditems-list */
export const readDeletedItems = readApplications.filter((permission) => !permission.endsWith(".OwnedBy"));

export const readGrants = [
  "DelegatedPermissionGrant.Read.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
] as const;

/**
 * Whether the caller may create an application or service principal, or change the one given.
 * `Application.ReadWrite.OwnedBy` reaches only what the caller owns; a person needs to be administrator or owner as well.
 * https://learn.microsoft.com/graph/permissions-reference#applicationreadwriteownedby
 */
export function checkMayWrite(caller: Caller, directory: DirectoryStore, objectId?: string): void {
  const owns = objectId === undefined || directory.owners.get(objectId)?.has(caller.claims.oid) === true;
  const all =
    caller.permissions.has("Application.ReadWrite.All") && (!caller.person || caller.person.administrator || owns);
  const owned = caller.permissions.has("Application.ReadWrite.OwnedBy") && owns;
  if (!all && !owned) throw refusals.privileges();
}

/** Delegated permissions are granted by an administrator, or by an application that may. */
export function checkMayGrant(caller: Caller): void {
  const may = holds(caller, ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"]);
  if (!may || (caller.person && !caller.person.administrator)) throw refusals.privileges();
}

/** True where the caller reaches only applications that it owns. */
export function reachesOwnedOnly(caller: Caller): boolean {
  return (
    !caller.permissions.has("Application.ReadWrite.All") && caller.permissions.has("Application.ReadWrite.OwnedBy")
  );
}
