import { createHash } from "node:crypto";
import { same } from "../names";
import type { Azure, Resource } from "../service";

/** `Microsoft.Web/sites` properties that this service works with; the rest passes through. */
export interface SiteProperties extends Record<string, unknown> {
  readonly state: "Running" | "Stopped";
  readonly serverFarmId: string;
  readonly defaultHostName: string;
  readonly keyVaultReferenceIdentity: string;
  readonly publicNetworkAccess: string | null;
  readonly hostNameSslStates: readonly { readonly name: string; readonly hostType: "Standard" | "Repository" }[];
}

/** Properties of `config/web` that this service works with. */
export interface WebConfig extends Record<string, unknown> {
  readonly linuxFxVersion?: string;
  readonly appCommandLine?: string;
  readonly alwaysOn?: boolean;
  readonly healthCheckPath?: string;
}

/** `SiteAuthSettingsV2Properties`, as far as the front end works with it. */
export interface SignInConfig extends Record<string, unknown> {
  readonly platform?: { readonly enabled?: boolean | null } | null;
  readonly globalValidation?: {
    readonly requireAuthentication?: boolean | null;
    readonly unauthenticatedClientAction?: string | null;
    readonly excludedPaths?: readonly string[] | null;
  } | null;
}

/** A managed identity of a site. */
export interface SiteIdentity {
  /** Resource id of a user-assigned identity; absent for the site's own. */
  readonly resourceId?: string;
  readonly clientId: string;
  readonly principalId: string;
}

export const siteProperties = (site: Resource): SiteProperties => site.properties as SiteProperties;

/** Resource group of an id. */
export const groupOf = (id: string): string => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? "";

/** The site that answers at a host name, and whether the host is its SCM host. */
export function siteAt(azure: Azure, host: string): { site: Resource; scm: boolean } | undefined {
  for (const site of azure.resources.list("Microsoft.Web/sites")) {
    const state = siteProperties(site).hostNameSslStates.find(({ name }) => same(name, host));
    if (state) return { site, scm: state.hostType === "Repository" };
  }
  return undefined;
}

export const webConfigOf = (azure: Azure, site: Resource): WebConfig =>
  (azure.resources.get(`${site.id}/config/web`)?.properties ?? {}) as WebConfig;

export const appSettingsOf = (azure: Azure, site: Resource): Record<string, string> =>
  (azure.resources.get(`${site.id}/config/appsettings`)?.properties ?? {}) as Record<string, string>;

/** App Service's own sign-in as a site has it; off until somebody writes `config/authsettingsV2`. */
export const signInConfigOf = (azure: Azure, site: Resource): SignInConfig =>
  (azure.resources.get(`${site.id}/config/authsettingsV2`)?.properties ?? {
    platform: { enabled: false },
  }) as SignInConfig;

/** Connection strings by name. */
export const connectionStringsOf = (azure: Azure, site: Resource): Record<string, { value: string; type: string }> =>
  (azure.resources.get(`${site.id}/config/connectionstrings`)?.properties ?? {}) as Record<
    string,
    { value: string; type: string }
  >;

/** The identities that a site may use: its own and those assigned to it. */
export function identitiesOf(azure: Azure, site: Resource): SiteIdentity[] {
  const identity = (site.identity ?? {}) as {
    principalId?: string;
    clientId?: string;
    userAssignedIdentities?: Record<string, unknown>;
  };
  const own = identity.principalId ? [{ clientId: identity.clientId ?? "", principalId: identity.principalId }] : [];
  const assigned = Object.keys(identity.userAssignedIdentities ?? {}).flatMap((resourceId) => {
    const properties = azure.resources.get(resourceId)?.properties;
    if (!properties) return [];
    return [{ resourceId, clientId: String(properties.clientId), principalId: String(properties.principalId) }];
  });
  return [...own, ...assigned];
}

/** The identity with which Key Vault references are read: the site's own unless `keyVaultReferenceIdentity` names one. */
export function referenceIdentityOf(azure: Azure, site: Resource): SiteIdentity | undefined {
  const named = siteProperties(site).keyVaultReferenceIdentity;
  const own = !named || named.toLowerCase() === "systemassigned";
  return identitiesOf(azure, site).find((identity) => (own ? !identity.resourceId : same(identity.resourceId, named)));
}

/**
 * A new site's host names. With a label scope the name is free of others' choice:
 * `<name>-<hash>.<region>-01.azurewebsites.net`, so a host is never put together from the site's name.
 * https://learn.microsoft.com/azure/app-service/reference-dangling-subdomain-prevention
 */
export function hostNamesOf(site: {
  name: string;
  location: string;
  labelScope?: string | null;
  /** What makes the hash: the tenant, subscription or group that the scope reuses it in, or a random text. */
  seed: string;
}): { standard: string; repository: string } {
  const name = site.name.toLowerCase();
  if (!site.labelScope) {
    return { standard: `${name}.azurewebsites.net`, repository: `${name}.scm.azurewebsites.net` };
  }
  const alphabet = "abcdefgh0123456789";
  const hash = [...createHash("sha256").update(`${site.seed}|${name}`).digest().subarray(0, 16)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join("");
  const region = `${site.location.toLowerCase().replaceAll(" ", "")}-01`;
  return {
    standard: `${name}-${hash}.${region}.azurewebsites.net`,
    repository: `${name}-${hash}.scm.${region}.azurewebsites.net`,
  };
}
