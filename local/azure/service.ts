import type { WebSocket } from "ws";
import type { Kept } from "../data/folder";
import type { ResourceType } from "./arm/resource-type";
import type { Quota } from "./app-service/quota";
import type { Clock } from "./clock";
import type { FederatedIdentityCredential } from "./entra/application";
import type { OAuthClients } from "./oauth-clients";
import type { Switches } from "./switches";
import type { Tenant } from "./tenant";
import type { Trace } from "./trace";

/**
 * One of Azure's services, reached by host name. It speaks real names only: every address it makes is
 * `https://<its real host>/...`. What a browser without a proxy needs, the door rewrites.
 */
export interface Service {
  /** As Azure names it: `Entra ID`, `Microsoft Graph`, `Azure Resource Manager`, `Key Vault`, ... */
  readonly name: string;
  /** Hosts it answers for: a name, or `*.suffix` for any name that ends in `.suffix`. The first match wins. */
  readonly hosts: readonly string[];
  /** What it serves by path, for the documentation: `GET /user`. Absent where a whole protocol is served. */
  readonly paths?: readonly string[];
  /** What it refuses in the local Azure's own name though it serves the path, for the documentation. */
  readonly lacks?: readonly string[];
  /** Path at its first host where a person ends the sign-in of his browser: `/logout`. Absent where nobody signs in. */
  readonly signOut?: string;
  /** Answers one request, whose address is `https://<host>/...`. Refuses by throwing an `AzureError`. */
  handle(request: Request): Promise<Response> | Response;
  /** Takes over a WebSocket, or refuses it with an answer. Absent where the service has none. */
  upgrade?(request: Request): Promise<((socket: WebSocket) => void) | Response>;
  /** Resource types that this service brings to ARM. */
  readonly resourceTypes?: readonly ResourceType[];
  /** True where it also answers at plain http, if only by sending on to https. The others do not listen there. */
  readonly plainHttp?: boolean;
  /** What of it outlives a restart. Put back before the first request. */
  readonly kept?: readonly Kept[];
  /** After everything kept was put back and requests can be answered. */
  restored?(): void;
  /** Takes note that the clock was moved on purpose; awaited. */
  clockMoved?(): Promise<void>;
  /** Ends processes and timers; awaited at Ctrl-C. */
  close?(): Promise<void> | void;
}

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
  /** Checks signature, tenant, times and audience of `Authorization: Bearer ...`. Throws {@link TokenRefused}. */
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
   */
  allows(principalId: string, action: string, scope: string, kind: "control" | "data"): boolean;
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
