import { each } from "../members";
import type { Application, AppRole, PasswordCredential, PermissionScope } from "./application";

/** An application's presence in the tenant, in Graph's own form: https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export interface ServicePrincipal {
  readonly id: string;
  readonly appId: string;
  displayName: string;
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  readonly createdDateTime: string;
  deletedDateTime: string | null;
  readonly servicePrincipalType: "Application" | "ManagedIdentity";
  /** Tenant that owns the application; Microsoft's own for its services. */
  readonly appOwnerOrganizationId: string | null;
  /** ARM ids of a managed identity. */
  alternativeNames: string[];
  /** Names under which it is asked for as a resource, besides its application's identifier URIs. */
  servicePrincipalNames: string[];
  oauth2PermissionScopes: PermissionScope[];
  appRoles: AppRole[];
  tags: string[];
  passwordCredentials: PasswordCredential[];
  [property: string]: unknown;
}

/** Delegated permissions granted to a client: for one person, or for all of them. */
export interface OAuth2PermissionGrant {
  readonly id: string;
  /** Object id of the client's service principal. */
  readonly clientId: string;
  readonly consentType: "AllPrincipals" | "Principal";
  readonly principalId: string | null;
  /** Object id of the resource's service principal. */
  readonly resourceId: string;
  /** Space separated. */
  scope: string;
}

/** An application permission that a principal holds on a resource. */
export interface AppRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly appRoleId: string;
  readonly createdDateTime: string;
}

/** A service principal as Graph makes it where the request says nothing. */
export function newServicePrincipal(
  given: Pick<ServicePrincipal, "id" | "appId" | "displayName" | "createdDateTime" | "appOwnerOrganizationId"> &
    Partial<ServicePrincipal>,
): ServicePrincipal {
  return {
    ...each(
      null,
      "deletedDateTime applicationTemplateId description disabledByMicrosoftStatus homepage loginUrl",
      "logoutUrl notes preferredSingleSignOnMode preferredTokenSigningKeyThumbprint",
      "samlSingleSignOnSettings tokenEncryptionKeyId",
    ),
    accountEnabled: true,
    alternativeNames: [],
    appRoleAssignmentRequired: false,
    appRoles: [],
    notificationEmailAddresses: [],
    passwordCredentials: [],
    oauth2PermissionScopes: [],
    servicePrincipalNames: [given.appId],
    servicePrincipalType: "Application",
    tags: [],
    ...given,
  };
}

/** The delegated permissions that a service principal offers: its application's where the tenant owns that. */
export function scopesOf(
  principal: ServicePrincipal,
  application: Application | undefined,
): readonly PermissionScope[] {
  return application?.api.oauth2PermissionScopes ?? principal.oauth2PermissionScopes;
}

/** The names under which a service principal is asked for as a resource. */
export function resourceNames(principal: ServicePrincipal, application: Application | undefined): readonly string[] {
  return [principal.appId, ...principal.servicePrincipalNames, ...(application?.identifierUris ?? [])];
}
