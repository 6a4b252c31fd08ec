import type { Application, AppRole, PermissionScope } from "../entra/application";
import { redirectUris } from "../entra/application";
import type { DirectoryStore } from "../entra/directory-store";
import { refuseIdentifierUri } from "./app-management";
import { refusals } from "./errors";

/**
 * What must hold of an application once a request is written to it, by Graph's own rules.
 * @param before the application as it was; undefined where it is new
 */
export function checkApplication(directory: DirectoryStore, after: Application, before: Application | undefined): void {
  checkIdentifierUris(directory, after, before);
  checkRedirectUris(after);
  checkPermissions(after, before);
  checkPreAuthorized(after);
}

/**
 * A new identifier URI carries the application's or tenant's id or a verified domain; only an application that takes
 * v2 tokens may have another `api://` name, such as the `api://botid-...` of single sign-on (known mistake 6).
 * https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions
 */
function checkIdentifierUris(directory: DirectoryStore, after: Application, before: Application | undefined): void {
  for (const uri of after.identifierUris) {
    if (before?.identifierUris.includes(uri)) continue;
    if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s][^?#\s]*[^/?#\s]$/i.test(uri))
      throw refusals.propertyInvalid("identifierUris", "Application");
    const { tenantId, domain } = directory.tenant;
    const host = uri.split("/")[2] as string;
    const segments = uri.split("/").slice(2);
    const ofTenant =
      segments.includes(after.appId) || segments.includes(tenantId) || host === domain || host.endsWith(`.${domain}`);
    const free = uri.startsWith("api://") && after.api.requestedAccessTokenVersion === 2;
    if (!ofTenant && !free) throw refusals.hostNotVerified(uri);
    refuseIdentifierUri(directory, after, uri);
    for (const other of directory.applications.values()) {
      if (other.id !== after.id && other.identifierUris.includes(uri)) throw refusals.identifierUriTaken();
    }
  }
}

/** https://learn.microsoft.com/entra/identity-platform/reply-url: https, or http on this machine; no fragment, no wildcard. */
function checkRedirectUris(application: Application): void {
  const all = redirectUris(application);
  if (all.length > 256) throw refusals.propertyInvalid("redirectUris", "Application");
  const ofPages = new Set([...application.web.redirectUris, ...application.spa.redirectUris]);
  for (const address of all) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const onThisMachine = url?.hostname === "localhost" || url?.hostname === "127.0.0.1" || url?.hostname === "[::1]";
    const plain = url?.protocol === "http:" && !onThisMachine;
    const strange = ofPages.has(address) && !/^https?:$/.test(url?.protocol ?? "");
    if (!url || plain || strange || url.hash || address.includes("*") || address.length > 256) {
      throw refusals.propertyInvalid("redirectUris", "Application");
    }
  }
}

/** An enabled scope or role cannot be taken away, only a disabled one. */
function checkPermissions(after: Application, before: Application | undefined): void {
  const rows: [string, readonly (PermissionScope | AppRole)[], readonly (PermissionScope | AppRole)[]][] = [
    ["api.oauth2PermissionScopes", before?.api.oauth2PermissionScopes ?? [], after.api.oauth2PermissionScopes],
    ["appRoles", before?.appRoles ?? [], after.appRoles],
  ];
  for (const [property, earlier, later] of rows) {
    const kept = new Set(later.map(({ id }) => id));
    if (earlier.some(({ id, isEnabled }) => isEnabled && !kept.has(id))) throw refusals.permissionEnabled();
    const seen = new Set<string>();
    for (const { id, value } of later) {
      for (const key of [id, value ?? id]) {
        if (seen.has(key)) throw refusals.permissionDuplicate(property);
      }
      seen.add(id).add(value ?? id);
    }
  }
}

function checkPreAuthorized({ api }: Application): void {
  const ids = new Set(api.oauth2PermissionScopes.map(({ id }) => id));
  for (const { delegatedPermissionIds } of api.preAuthorizedApplications) {
    const unknown = delegatedPermissionIds.find((id) => !ids.has(id));
    if (unknown !== undefined) throw refusals.preAuthorizedPermission(unknown);
  }
}
