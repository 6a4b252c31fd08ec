import type { Clock } from "./clock";
import type { FederatedIdentityCredential } from "./entra/application";
import type { OAuthClients } from "./oauth-clients";
import type { Switches } from "./switches";
import type { Tenant } from "./tenant";
import type { Trace } from "./trace";

/** Claims of a token that Entra's keys signed. */
export interface Claims {
  readonly aud: string;
  readonly iss: string;
  readonly tid: string;
  /** Object id of the user or service principal. */
  readonly oid: string;
  readonly sub: string;
  /** Client id of the application that asked for the token. */
  readonly appid: string;
  /** Delegated scopes, space separated; absent on an application's own token. */
  readonly scp?: string;
  readonly roles?: readonly string[];
  readonly upn?: string;
  readonly name?: string;
  readonly idtyp?: "app" | "user";
  readonly iat: number;
  readonly exp: number;
  readonly [claim: string]: unknown;
}

/** Why a bearer token was not accepted. Each service words its own refusal from this. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
  constructor(
    readonly reason: "missing" | "malformed" | "signature" | "expired" | "audience" | "tenant",
    message: string,
  ) {
    super(message);
  }
}

/** What other services ask of Entra without going over the wire, because real Azure does it behind the wire too. */
export interface Directory {
  /** Checks signature, tenant, times and audience (slashes at its end aside) of `Authorization: Bearer ...`. Throws {@link TokenRefused}. */
  verify(request: Request, audiences: readonly string[]): Promise<Claims>;
  /** Makes the service principal of a managed identity, as ARM has it made on creation. */
  addManagedIdentity(name: string, resourceId: string): { clientId: string; principalId: string; tenantId: string };
  /** Removes it again, by object id. */
  removeManagedIdentity(principalId: string): void;
  /** A managed identity's access token for a resource (`https://vault.azure.net`), or undefined where there is no such identity. */
  managedIdentityToken(
    clientId: string,
    resource: string,
  ): Promise<{ accessToken: string; expiresOn: number } | undefined>;
  /** A token by which the Bot Framework's Token Store proves to Entra that it may act as a sign-in application. */
  tokenStoreAssertion(tenantId: string, subject: string): Promise<string>;
  /** True where an application with this client id has a service principal in the tenant. */
  hasServicePrincipal(clientId: string): boolean;
  /** Keeps what a managed identity trusts in place of a secret, by its object id: the whole list, as ARM has it. */
  setIdentityTrust?(principalId: string, credentials: readonly FederatedIdentityCredential[]): void;
  /** What a service principal, person or group with this object id is to a role assignment; undefined where there is none. */
  principalType?(objectId: string): "User" | "Group" | "ServicePrincipal" | undefined;
  /** Object ids of the groups that a principal is in, directly or by other groups. */
  groupsOf?(objectId: string): ReadonlySet<string>;
}

/** An ARM resource as the store keeps it. Property values as the service keeps them, secrets included. */
export interface Resource {
  /** `/subscriptions/.../providers/...`, spelt as it was created. Compared without case. */
  readonly id: string;
  readonly name: string;
  /** `Microsoft.BotService/botServices/connections` */
  readonly type: string;
  location?: string;
  kind?: string;
  etag?: string;
  tags?: Record<string, string>;
  sku?: Record<string, unknown>;
  identity?: Record<string, unknown>;
  properties: Record<string, unknown>;
  /** When it was created and last written, by the local Azure's clock. */
  readonly createdAt: Date;
  changedAt: Date;
}

/** ARM's store, as services behind ARM see it. */
export interface Resources {
  /** By id, without case. */
  get(id: string): Resource | undefined;
  /** All of a type (`Microsoft.BotService/botServices`, without case), below `parentId` where given, oldest first. */
  list(type: string, parentId?: string): Resource[];
  /** Creates or replaces a resource behind ARM's front door: no checks, no hooks. For children that come into being with their parent. */
  set(resource: Omit<Resource, "createdAt" | "changedAt">): Resource;
  /** Removes a resource and all below it, without hooks. */
  remove(id: string): void;
}

/** Azure's role-based access control. */
export interface Roles {
  /**
   * Whether a principal may do `action` (`Microsoft.KeyVault/vaults/secrets/getSecret/action`) at `scope`, by the
   * role assignments at that scope and above it. `data` asks for a data action.
   * @param assignmentAsked attributes of the role assignment that is written or deleted, for the conditions of others
   */
  allows(
    principalId: string,
    action: string,
    scope: string,
    kind: "control" | "data",
    assignmentAsked?: Readonly<Record<string, string>>,
  ): boolean;
}

/** Key Vault's content, as ARM and App Service reach it. */
export interface Vaults {
  /** Writes a new version. Gives its versioned address `https://<vault>.vault.azure.net/secrets/<name>/<version>`. */
  setSecret(
    vaultName: string,
    secretName: string,
    value: string,
    attributes?: { enabled?: boolean; notBefore?: number; expires?: number; contentType?: string },
  ): { uri: string; uriWithVersion: string };
  /**
   * Reads a secret for a principal, as App Service does for a Key Vault reference. Gives the value, or the status
   * App Service would show: `AccessToKeyVaultDenied`, `SecretNotFound`, `VaultNotFound`, `SecretVersionNotFound`, ...
   */
  read(uri: string, principalId: string): { value: string } | { status: string; details: string };
}

/**
 * How many workers of a tier the subscription may have in each region, for tiers that are limited. New subscriptions begin
 * with none of the Basic tier: https://github.com/MicrosoftDocs/msteams-docs/issues/13495
 */
export type Quota = Map<string, number>;

/** The local Azure as its services see each other. */
export interface Azure {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly tenant: Tenant;
  readonly directory: Directory;
  readonly resources: Resources;
  readonly roles: Roles;
  readonly vaults: Vaults;
  /** Applications that are registered at the identity providers outside Entra. */
  readonly oauthClients: OAuthClients;
  /** Points in which nothing proves how Azure is, and a person has chosen. */
  readonly switches: Switches;
  /** What the subscription may have of App Service's tiers; unlimited without it. */
  readonly appServiceQuota?: Quota;
  /** Whether a host is one of the local Azure's. */
  serves(host: string): boolean;
  /**
   * Calls another service over the wire, by its real name, as the real service would: the request passes the same
   * host table and the same trace as one from outside. Redirects are never followed.
   * @param caller who calls, as the trace names it: `Token Service`, `Direct Line`, `App Service`
   */
  call(caller: string, url: string, init?: RequestInit): Promise<Response>;
  /**
   * Environment that makes a process of Node reach this Azure: HTTPS_PROXY, NO_PROXY, NODE_USE_ENV_PROXY, NODE_EXTRA_CA_CERTS.
   * @param caller how the trace names what that process asks for, e.g. `bot`
   */
  environmentFor(caller: string): Promise<Record<string, string>>;
  /** Writes one line about the local Azure itself to the person's terminal. */
  log(line: string): void;
}
