import { entra } from "../../contract/connection";
import type { Problem } from "../settings/settings-error";
import type { ConnectionArgs } from "./connection";
import { mostLike, nearest } from "../settings/nearest";
import { knownGraphPermissions, type Permission } from "../facts/permissions";
import {
  everythingDeclared,
  kindOfResource,
  microsoftGraph,
  openIdScopes,
  permissionsAskedFor,
  scopeOf,
  takesEntraScopes,
} from "../facts/scopes";

/** An API in the tenant: its service principal, and the delegated permissions that it publishes and has enabled. */
export interface Api {
  readonly clientId: string;
  readonly objectId: string;
  readonly displayName: string;
  readonly permissions: readonly Permission[];
}

/** What a look into the tenant came to. */
export type Looked =
  | { readonly outcome: "found"; readonly api: Api }
  /** The tenant has no service principal of it; `near` is the name or address that was probably meant. */
  | { readonly outcome: "missing"; readonly near?: string | undefined }
  /** The deployer may not look. */
  | { readonly outcome: "refused" };

/** The delegated permissions of one API that the sign-in application declares. */
export interface DeclaredAccess {
  readonly resourceAppId: string;
  /** Undefined where nobody could look. */
  readonly objectId: string | undefined;
  readonly displayName: string;
  readonly permissions: readonly Permission[];
}

/** What the tenant says of the connections' scopes. */
export interface Judged {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** Of connections through the program's own application, or through the one that is handed in; by {@link Scope.resource}. */
  readonly declared: Readonly<Record<string, DeclaredAccess>>;
  /** Client ids of the APIs, by {@link Scope.resource}. */
  readonly apiIds: Readonly<Record<string, string>>;
}

/** Whether people sign in to a connection through the deployment's sign-in application, and not through somebody's. */
export function throughSignInApp({
  provider = entra,
  clientId,
}: Pick<ConnectionArgs, "provider" | "clientId">): boolean {
  return provider === entra && clientId === undefined;
}

/** Whether the tenant of the deployment knows the APIs of a connection. */
function inTenant({ provider = entra, tenantId }: ConnectionArgs): boolean {
  return takesEntraScopes(provider) && tenantId === undefined;
}

/** The APIs to look up, as {@link Scope.resource} names them. */
export function apisOf(connections: readonly ConnectionArgs[]): string[] {
  return [
    ...new Set(connections.filter(inTenant).flatMap((connection) => [...permissionsAskedFor(connection).keys()])),
  ];
}

/** Judges the scopes of the connections by what the tenant showed of their APIs. */
export function judgeScopes(connections: readonly ConnectionArgs[], looked: Readonly<Record<string, Looked>>): Judged {
  const problems: Problem[] = [];
  const unread = new Set<string>();
  for (const [at, connection] of connections.entries()) {
    if (!inTenant(connection)) continue;
    for (const [field, values] of [
      ["scopes", connection.scopes] as const,
      ["permissions", connection.permissions ?? []] as const,
    ]) {
      values.forEach((text, index) => {
        const scope = field === "scopes" ? scopeOf(text) : permissionOf(connection, text);
        if (!scope || scope.value === everythingDeclared) {
          if (scope) problems.push(...missingApi(`connections[${at}].${field}[${index}]`, text, scope, looked));
          return;
        }
        const setting = `connections[${at}].${field}[${index}]`;
        const resource = scope.resource ?? microsoftGraph;
        const found = looked[resource];
        if (found?.outcome === "refused") unread.add(text);
        problems.push(...missingApi(setting, text, scope, looked));
        if (found?.outcome === "found") problems.push(...unknownPermission(setting, text, scope.value, found.api));
      });
    }
  }
  const own = connections.filter(throughSignInApp);
  const asked = new Map<string, Set<string>>();
  for (const [resource, values] of own.flatMap((connection) => [...permissionsAskedFor(connection)])) {
    asked.set(resource, new Set([...(asked.get(resource) ?? []), ...values]));
  }
  problems.push(...writtenTwoWays(connections, looked));
  return {
    problems,
    warnings: unread.size > 0 ? [couldNotLook([...unread])] : [],
    declared: Object.fromEntries(
      [...asked].flatMap(([resource, values]) => {
        const access = declaredAccess(resource, [...values], looked[resource]);
        return access ? [[resource, access]] : [];
      }),
    ),
    apiIds: Object.fromEntries(
      Object.entries(looked).flatMap(([resource, found]) =>
        found.outcome === "found" ? [[resource, found.api.clientId]] : [],
      ),
    ),
  };
}

/** One API under two names would be declared and consented to twice, which Entra refuses. */
function writtenTwoWays(connections: readonly ConnectionArgs[], looked: Readonly<Record<string, Looked>>): Problem[] {
  const firsts = new Map<string, { resource: string; written: string }>();
  return connections.flatMap((connection, at) =>
    connection.scopes.flatMap((text, index): Problem[] => {
      const { resource, written = "" } = (throughSignInApp(connection) && scopeOf(text)) || {};
      const found = resource === undefined ? undefined : looked[resource];
      if (resource === undefined || found?.outcome !== "found") return [];
      const first = firsts.get(found.api.clientId) ?? { resource, written };
      firsts.set(found.api.clientId, first);
      if (first.resource === resource) return [];
      return [
        {
          code: "contradiction",
          setting: `connections[${at}].scopes[${index}]`,
          seen: JSON.stringify(text),
          allowed: "one way of writing an API in all connections",
          example: `scopes: [${first.written}/${text.slice(written.length + 1)}]`,
          hint: `${written} is ${found.api.displayName}, which another scope calls ${first.written}.`,
        },
      ];
    }),
  );
}

/** A permission that stands beside `.default`: one of the same API. */
function permissionOf(connection: ConnectionArgs, value: string): ReturnType<typeof scopeOf> {
  const everything = connection.scopes.map(scopeOf).find((scope) => scope?.value === everythingDeclared);
  return everything && { ...everything, value };
}

function declaredAccess(
  resource: string,
  values: readonly string[],
  looked: Looked | undefined,
): DeclaredAccess | undefined {
  const api = looked?.outcome === "found" ? looked.api : undefined;
  const known = api?.permissions ?? (resource === microsoftGraph ? knownGraphPermissions : []);
  const permissions = values.flatMap((value) => known.find((one) => one.value === value) ?? []);
  if (permissions.length === 0) return undefined;
  const resourceAppId = api?.clientId ?? resource;
  return { resourceAppId, objectId: api?.objectId, displayName: api?.displayName ?? "Microsoft Graph", permissions };
}

function unknownPermission(setting: string, text: string, value: string, api: Api): Problem[] {
  if (api.permissions.some((one) => one.value === value)) return [];
  // Graph's alone are those of OpenID Connect, which nobody means by a misspelt permission.
  const names = api.permissions
    .map((one) => one.value)
    .filter((one) => !openIdScopes.includes(one) || openIdScopes.includes(text));
  const meant = nearest(value, names);
  const before = text.slice(0, text.length - value.length);
  const consent = api.permissions.find((one) => one.value === meant)?.consent;
  const like = mostLike(value, names, 6);
  const shown = like.join(", ") + (names.length > like.length ? ` and ${names.length - like.length} others` : "");
  return [
    {
      code: "unknown-scope",
      setting,
      seen: JSON.stringify(text),
      allowed:
        names.length > 0
          ? `a delegated permission of ${api.displayName}: ${shown}`
          : `nothing: ${api.displayName} publishes no delegated permission`,
      example: `scopes: [${before}${meant ?? names[0] ?? "access_as_user"}]`,
      hint: meant
        ? `Did you mean ${before}${meant}? ${consent === "administrator" ? "Only an administrator may consent to it." : "Users may consent to it themselves."}`
        : `${api.displayName} has no such delegated permission in this tenant.`,
    },
  ];
}

function missingApi(
  setting: string,
  text: string,
  { resource = microsoftGraph, written, value }: NonNullable<ReturnType<typeof scopeOf>>,
  looked: Readonly<Record<string, Looked>>,
): Problem[] {
  const found = looked[resource];
  if (found?.outcome === "refused")
    return kindOfResource(resource) === "name" ? [unreadName(setting, text, written)] : [];
  if (found?.outcome !== "missing") return [];
  return [
    {
      code: "unknown-api",
      setting,
      seen: JSON.stringify(text),
      allowed: "a permission of an API that the tenant has a service principal of",
      example: found.near ? `scopes: [${found.near}/${value}]` : `az ad sp create --id <client id of ${written}>`,
      hint: found.near
        ? `Did you mean ${found.near}?`
        : `The tenant has none of ${written}: Entra would answer AADSTS500011.`,
    },
  ];
}

/** An API that goes by its name is asked for by its client id, and the tenant alone knows which that is. */
function unreadName(setting: string, text: string, written: string): Problem {
  return {
    code: "unknown-api",
    setting,
    seen: JSON.stringify(text),
    allowed: "an API by its client id or its address, where nobody may look its name up",
    example: `scopes: [<client id of ${written}>${text.slice(written.length)}]`,
    hint:
      `Entra did not let the deployer read the tenant's service principals (403), and knows no scope that begins with ` +
      `${written}. Or give the right for it: Application.Read.All, or Application.ReadWrite.OwnedBy.`,
  };
}

/** Where the deployer may not read the tenant's service principals: nothing of this stops anybody from signing in. */
function couldNotLook(scopes: readonly string[]): string {
  return (
    `Entra did not let the deployer read the tenant's service principals (403), so nobody checked ${scopes.join(", ")}: a ` +
    "misspelt one stops every user with AADSTS650053, and only what is known without asking is declared on the sign-in " +
    "application. The right for it: Application.Read.All, or Application.ReadWrite.OwnedBy (npm run preflight says who has it)."
  );
}

/** The permissions to which nobody but an administrator can consent: one of them stops every user with "Need admin approval". */
export function forAdministrator(declared: readonly Pick<DeclaredAccess, "permissions">[]): string[] {
  return declared.flatMap(({ permissions }) =>
    permissions.filter(({ consent }) => consent === "administrator").map(({ value }) => value),
  );
}

/** The scopes to which, as far as that is known without asking a tenant, only an administrator can consent. */
export function scopesForAdministrator(scopes: readonly string[]): string[] {
  return scopes.filter((text) => {
    const scope = scopeOf(text);
    return (
      scope?.resource === microsoftGraph &&
      knownGraphPermissions.some(({ value, consent }) => value === scope.value && consent === "administrator")
    );
  });
}

/** Ids of the delegated permissions, by what a person calls them: `Mail.Read of Microsoft Graph`. */
export function permissionTexts(declared: readonly DeclaredAccess[]): Record<string, string> {
  return Object.fromEntries(
    declared.flatMap(({ displayName, permissions }) =>
      permissions.map(({ value, id }) => [`${value} of ${displayName}`, id] as const),
    ),
  );
}

/** What of the connections' scopes is declared as far as that is known without asking a tenant: permissions of Microsoft Graph. */
export function declaredUnasked(connections: readonly ConnectionArgs[]): DeclaredAccess[] {
  const refused = Object.fromEntries(apisOf(connections).map((api) => [api, { outcome: "refused" } as const]));
  return Object.values(judgeScopes(connections, refused).declared);
}

/** The delegated permissions as an application declares them. */
export function requiredAccesses(
  declared: readonly DeclaredAccess[],
): { resourceAppId: string; resourceAccesses: { id: string; type: string }[] }[] {
  return declared.map(({ resourceAppId, permissions }) => ({
    resourceAppId,
    resourceAccesses: permissions.map(({ id }) => ({ id, type: "Scope" })),
  }));
}
