import type { PermissionScope } from "./application";
import type { DirectoryStore } from "./directory-store";
import { refusals } from "./errors";
import { graphAppId, openIdScopes } from "./graph-permissions";
import { scopesOf, type ServicePrincipal } from "./service-principal";
import { directoryName } from "./tenants";

/** What a request's `scope` asks for: permissions of one resource, and OpenID Connect's own scopes. */
export interface RequestedScopes {
  readonly target: ServicePrincipal;
  /** The resource as it was named: a v1 token's audience. */
  readonly resource: string;
  /** Permissions asked for one by one; with `.default` those that the application registered. */
  readonly permissions: readonly PermissionScope[];
  readonly openId: ReadonlySet<string>;
  /** `.default` was asked for. */
  readonly everything: boolean;
  /** Scopes were written with the resource's name before them, and are answered so. */
  readonly qualified: boolean;
}

const graphName = "https://graph.microsoft.com";

/**
 * Reads `scope`. A name without a resource means Microsoft Graph's. Names are compared without case and answered as
 * they are published.
 * Throws AADSTS70011, AADSTS28000 (more than one resource), AADSTS500011 (no such resource), AADSTS650053 (no such scope).
 */
export function readScopes(directory: DirectoryStore, clientAppId: string, scope: string): RequestedScopes {
  const words = scope.split(/\s+/).filter(Boolean);
  if (words.length === 0) throw refusals.scopeInvalid(scope);
  const openId = new Set(words.map((word) => word.toLowerCase()).filter((word) => openIdScopes.includes(word)));
  const asked = words.filter((word) => !openId.has(word.toLowerCase())).map(split);
  if (asked.some(({ resource }) => !isResourceName(resource))) throw refusals.scopeInvalid(scope);
  const [first = { resource: graphName, name: undefined, qualified: false }, ...others] = asked;
  const target = findResource(directory, first.resource);
  if (others.some(({ resource }) => findResource(directory, resource).id !== target.id)) {
    throw refusals.severalResources(asked.map(({ word }) => word).join(" "));
  }
  const names = asked.map(({ name }) => name);
  const everything = names.some((name) => name.toLowerCase() === ".default");
  if (everything && names.length > 1) throw refusals.defaultWithOthers(scope);
  return {
    target,
    resource: first.resource,
    permissions: everything
      ? registered(directory, clientAppId, target)
      : published(directory, clientAppId, target, names),
    openId,
    everything,
    qualified: asked.some(({ qualified }) => qualified),
  };
}

/** The resource of a client-credentials request, whose scope must end in `/.default`. Throws AADSTS1002012, AADSTS500011. */
export function readDefaultScope(
  directory: DirectoryStore,
  scope: string,
): { target: ServicePrincipal; resource: string } {
  // Microsoft's Go clients add the OpenID scopes to a request for an application's own token; they mean nothing there.
  const words = scope.split(/\s+/).filter((word) => word && !openIdScopes.includes(word.toLowerCase()));
  const [word] = words;
  if (words.length !== 1 || !word?.endsWith("/.default")) throw refusals.scopeNotDefault(scope);
  const resource = word.slice(0, -"/.default".length);
  return { target: findResource(directory, resource), resource };
}

/** A granted scope as the answer writes it: with its resource's name where the request wrote it so. */
export function written(scopes: RequestedScopes, names: readonly string[]): string {
  return names
    .map((name) =>
      scopes.qualified && !openIdScopes.includes(name) ? `${scopes.resource.replace(/\/$/, "")}/${name}` : name,
    )
    .join(" ");
}

function split(word: string): { word: string; resource: string; name: string; qualified: boolean } {
  const slash = word.lastIndexOf("/");
  if (slash < 0) return { word, resource: graphName, name: word, qualified: false };
  return { word, resource: word.slice(0, slash), name: word.slice(slash + 1), qualified: true };
}

/** `https://host...`, `api://...`, another scheme, or a client id; `https://host` itself leaves only `https:/`. */
function isResourceName(resource: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(resource) || /^[0-9a-f-]{36}$/i.test(resource);
}

function findResource(directory: DirectoryStore, resource: string): ServicePrincipal {
  const found = directory.servicePrincipalByName(resource);
  if (!found) throw refusals.resourceNotFound(resource, directoryName(directory.tenant));
  return found;
}

function published(
  directory: DirectoryStore,
  clientAppId: string,
  target: ServicePrincipal,
  names: readonly string[],
): PermissionScope[] {
  const offered = scopesOf(target, directory.applicationByAppId(target.appId)).filter(({ isEnabled }) => isEnabled);
  return names.map((name) => {
    const scope = offered.find(({ value }) => value.toLowerCase() === name.toLowerCase());
    if (scope) return scope;
    const application = directory.applicationByAppId(clientAppId)?.displayName ?? clientAppId;
    throw refusals.scopeUnknown(application, name, target.appId);
  });
}

function registered(directory: DirectoryStore, clientAppId: string, target: ServicePrincipal): PermissionScope[] {
  const wanted = (directory.applicationByAppId(clientAppId)?.requiredResourceAccess ?? [])
    .filter(({ resourceAppId }) => resourceAppId === target.appId)
    .flatMap(({ resourceAccess }) => resourceAccess.filter(({ type }) => type === "Scope").map(({ id }) => id));
  return scopesOf(target, directory.applicationByAppId(target.appId)).filter(
    ({ id, value }) => wanted.includes(id) && !(target.appId === graphAppId && openIdScopes.includes(value)),
  );
}
