import type { Message } from "../graph/message";
import type { Clock } from "../clock";
import type { Person, Tenant } from "../tenant";
import type { Application, FederatedIdentityCredential } from "./application";
import type { SecretHolder, WantedSecret } from "./client-secrets";
import type { Group } from "./group";
import type { AppRoleAssignment, OAuth2PermissionGrant, ServicePrincipal } from "./service-principal";
import type { TenantPolicies } from "./tenant-policies";

/** Something deleted that can be restored for 30 days. */
export type DeletedItem =
  | { readonly kind: "application"; readonly item: Application }
  | { readonly kind: "servicePrincipal"; readonly item: ServicePrincipal };

/** How long tokens live, in seconds. A test shortens them by assigning. */
export interface Lifetimes {
  userToken: number;
  applicationToken: number;
  managedIdentityToken: number;
  authorizationCode: number;
  refreshToken: number;
  /** Until every replica of Entra knows a new password or certificate; until then it is refused as unknown. None at start. */
  passwordPropagation: number;
}

/** One of the directory's own roles, held by a person or a service principal. */
export interface DirectoryRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  /** The role's template id, as tokens name it in `wids`. */
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
}

/** What is in the tenant: Entra signs people in by it, Graph reads and writes it. Keys are object ids. */
export interface DirectoryStore {
  readonly tenant: Tenant;
  readonly clock: Clock;
  readonly lifetimes: Lifetimes;
  readonly people: readonly Person[];
  readonly applications: Map<string, Application>;
  readonly servicePrincipals: Map<string, ServicePrincipal>;
  readonly oauth2PermissionGrants: Map<string, OAuth2PermissionGrant>;
  readonly appRoleAssignments: Map<string, AppRoleAssignment>;
  readonly groups: Map<string, Group>;
  readonly deletedItems: Map<string, DeletedItem>;
  /** Object ids of the owners of an application, a service principal or a group. */
  readonly owners: Map<string, Set<string>>;
  /** By the object id of the application, or of a managed identity's service principal. */
  readonly federatedIdentityCredentials: Map<string, FederatedIdentityCredential[]>;
  /** Who holds the directory's own roles, by the assignment's id. */
  readonly roleAssignments: Map<string, DirectoryRoleAssignment>;
  /** What the tenant's administrators allow applications and users. */
  readonly policies: TenantPolicies;
  /** Messages by the person's object id. */
  readonly mailboxes: Map<string, Message[]>;

  /** An application that is not deleted, by client id, without case. */
  applicationByAppId(appId: string): Application | undefined;
  /** A service principal that is not deleted, by client id, without case. */
  servicePrincipalByAppId(appId: string): ServicePrincipal | undefined;
  /** The service principal that a resource's name (`https://graph.microsoft.com`, `api://...`, a client id) means. */
  servicePrincipalByName(resource: string): ServicePrincipal | undefined;
  /** Adds a secret to an application or service principal. Its value is given once and kept as a hash only. */
  addPassword(holder: SecretHolder, wanted: WantedSecret): { keyId: string; secretText: string };
  /** Has the replicas learn of a new certificate, as of a new password. */
  spreadKey(keyId: string): void;
  /** Whether a secret is the application's or its service principal's: `valid`, `expired`, or `wrong`. */
  checkPassword(application: Application, secret: string): "valid" | "expired" | "wrong";
  /** Deletes an application together with its service principal; both can be restored. */
  deleteApplication(application: Application): void;
  /** Deletes a service principal and the permissions granted to it and on it; it can be restored. */
  deleteServicePrincipal(principal: ServicePrincipal): void;
  /** Delegated permissions of a client on a resource that hold for a person: granted to all or to that person. */
  grantedScopes(clientPrincipalId: string, resourcePrincipalId: string, personId: string): Set<string>;
  /** Adds delegated permissions; without `personId` for everyone. */
  grant(clientPrincipalId: string, resourcePrincipalId: string, scopes: readonly string[], personId?: string): void;
  /** Application permissions of a principal on a resource, by value, as a token's `roles` hold them. */
  appRolesOf(principalId: string, resourcePrincipalId: string): string[];
}
