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
    const given = claims.scp === undefined ? (claims.roles ?? []) : claims.scp.split(" ");
    const person = directory.people.find(({ objectId }) => objectId === claims.oid);
    const held = ((claims["wids"] ?? []) as string[]).flatMap((role) => permissionsOfRoles[role] ?? []);
    return { claims, person, permissions: new Set([...given, ...held]) };
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw refusedToken[error.reason]();
  }
}

/**
 * What the directory's own roles allow, in words of Graph's permissions.
 * https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
const permissionsOfRoles: Readonly<Record<string, readonly string[]>> = {
  // Application Administrator, Cloud Application Administrator
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": ["Application.ReadWrite.All", "Directory.Read.All"],
  "158c047a-c907-4556-b7ef-446551a6b5f7": ["Application.ReadWrite.All", "Directory.Read.All"],
  // Privileged Role Administrator
  "e8611ab8-c189-46e8-94e1-60213ab1f814": ["DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All"],
  // Directory Readers
  "88d8e3e3-8f55-4a1e-953a-9b9898b8876b": ["Directory.Read.All"],
};

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

/** Refuses a caller with none of these permissions. */
export function demandOneOf(caller: Caller, anyOf: readonly string[]): void {
  if (!holds(caller, anyOf)) throw refusals.privileges();
}

/** True for a person who administers the directory by his own right or by one of its roles, and for an application that may. */
export function isAdministrator({ person, claims, permissions }: Caller): boolean {
  const roles = (claims["wids"] ?? []) as string[];
  if (person) return person.administrator || roles.some((role) => role in permissionsOfRoles);
  return permissions.has("RoleManagement.ReadWrite.Directory");
}

/** Whoever may read applications or people may read what they are known by. */
export const readDirectory = ["Directory.Read.All", "Directory.ReadWrite.All", "Application.Read.All"].concat([
  "Application.ReadWrite.All",
  "User.Read.All",
]);

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
    caller.permissions.has("Application.ReadWrite.All") && (!caller.person || isAdministrator(caller) || owns);
  const owned = caller.permissions.has("Application.ReadWrite.OwnedBy") && owns;
  if (!all && !owned) throw refusals.privileges();
}

/** Application Developer: registers applications where users may not. */
const applicationDeveloper = "cf1c38e5-3621-4004-a7cb-879624dced7c";

/**
 * Whether the caller may register an application: users only where the tenant lets everybody do it (`allowedToCreateApps`).
 * https://learn.microsoft.com/graph/api/resources/defaultuserrolepermissions
 */
export function checkMayRegister(caller: Caller, directory: DirectoryStore): void {
  checkMayWrite(caller, directory);
  const roles = (caller.claims["wids"] ?? []) as string[];
  const every = directory.policies.authorization.allowedToCreateApps || roles.includes(applicationDeveloper);
  if (caller.person && !every && !isAdministrator(caller)) throw refusals.privileges();
}

/** Delegated permissions are granted by an administrator, or by an application that may. */
export function checkMayGrant(caller: Caller): void {
  const may = holds(caller, ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"]);
  if (!may || (caller.person && !isAdministrator(caller))) throw refusals.privileges();
}

/** True where the caller reaches only applications that it owns. */
export function reachesOwnedOnly(caller: Caller): boolean {
  return (
    !caller.permissions.has("Application.ReadWrite.All") && caller.permissions.has("Application.ReadWrite.OwnedBy")
  );
}
