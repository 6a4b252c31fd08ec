import { randomUUID } from "node:crypto";
import { errors as joseErrors } from "jose";
import type { Kept } from "../../data/folder";
import { keptMap } from "../../data/kept-map";
import type { Message } from "../graph/message";
import type { Clock } from "../clock";
import { same } from "../names";
import { newId } from "../secrets";
import { TokenRefused, type Claims, type Directory } from "../service";
import type { Person, Tenant } from "../tenant";
import type { Application, FederatedIdentityCredential } from "./application";
import { ClientSecrets, type SecretHolder, type WantedSecret } from "./client-secrets";
import { addDeployer } from "./deployer";
import type { DeletedItem, DirectoryRoleAssignment, DirectoryStore, Lifetimes } from "./directory-store";
import { groupsOf, type Group } from "./group";
import { microsoftClients } from "./microsoft-clients";
import { microsoftServicePrincipals } from "./microsoft-services";
import {
  newServicePrincipal,
  resourceNames,
  type AppRoleAssignment,
  type OAuth2PermissionGrant,
  type ServicePrincipal,
} from "./service-principal";
import { iso } from "./instant";
import { SigningKey } from "./signing-key";
import { TenantPolicies } from "./tenant-policies";
import { applicationClaims, tokenExchangeAppId, verifiedClaims } from "./tokens";

/** The local tenant's directory: what is in it, and what other services ask of it behind the wire. */
export class EntraDirectory implements Directory, DirectoryStore {
  /** Entra's own: https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes (a user's token lives 60 to 90 minutes, 75 on average). */
  readonly lifetimes: Lifetimes = {
    userToken: 75 * 60,
    applicationToken: 3599,
    managedIdentityToken: 24 * 3600,
    authorizationCode: 10 * 60,
    refreshToken: 90 * 24 * 3600,
    passwordPropagation: 0,
  };
  readonly people: readonly Person[];
  readonly applications = new Map<string, Application>();
  readonly servicePrincipals = new Map<string, ServicePrincipal>();
  readonly oauth2PermissionGrants = new Map<string, OAuth2PermissionGrant>();
  readonly appRoleAssignments = new Map<string, AppRoleAssignment>();
  readonly groups = new Map<string, Group>();
  readonly deletedItems = new Map<string, DeletedItem>();
  readonly owners = new Map<string, Set<string>>();
  readonly federatedIdentityCredentials = new Map<string, FederatedIdentityCredential[]>();
  readonly roleAssignments = new Map<string, DirectoryRoleAssignment>();
  readonly policies = new TenantPolicies();
  readonly mailboxes = new Map<string, Message[]>();
  signingKey: Promise<SigningKey> = SigningKey.make();
  readonly #secrets = new ClientSecrets();
  readonly #microsoftClients: readonly Application[];

  constructor(
    readonly tenant: Tenant,
    readonly clock: Clock,
  ) {
    this.people = tenant.people;
    const microsofts = this.#addMicrosofts();
    this.#microsoftClients = microsoftClients(microsofts, this.#now());
    const application = addDeployer(this, this.#now());
    this.#secrets.keep(application, tenant.deployer.clientSecret, { displayName: "deployer" }, clock.now());
  }

  get kept(): Kept[] {
    return [
      keptMap("applications", this.applications),
      this.#keptServicePrincipals(),
      keptMap("delegated permission grants", this.oauth2PermissionGrants),
      keptMap("application role assignments", this.appRoleAssignments),
      keptMap("groups", this.groups),
      keptMap("deleted directory items", this.deletedItems),
      keptMap("owners", this.owners),
      keptMap("federated identity credentials", this.federatedIdentityCredentials),
      keptMap("directory role assignments", this.roleAssignments),
      keptMap("mailboxes", this.mailboxes),
      this.policies.kept,
      this.#secrets.kept,
      {
        name: "signing key",
        snapshot: async () => (await this.signingKey).write(),
        restore: (pem) => {
          this.signingKey = SigningKey.read(String(pem));
        },
      },
    ];
  }

  /** Microsoft's own are in every tenant: also in one that was kept before the local Azure knew all of them. */
  #keptServicePrincipals(): Kept {
    const kept = keptMap("service principals", this.servicePrincipals);
    return {
      ...kept,
      restore: (all) => {
        kept.restore(all);
        this.#addMicrosofts();
      },
    };
  }

  #addMicrosofts(): ServicePrincipal[] {
    const microsofts = microsoftServicePrincipals(this.tenant.tenantId, this.#now());
    for (const principal of microsofts) {
      if (!this.servicePrincipals.has(principal.id)) this.servicePrincipals.set(principal.id, principal);
    }
    return microsofts;
  }

  applicationByAppId(appId: string): Application | undefined {
    const all = [...this.applications.values(), ...this.#microsoftClients];
    return all.find((application) => same(application.appId, appId));
  }

  servicePrincipalByAppId(appId: string): ServicePrincipal | undefined {
    return first(this.servicePrincipals.values(), (principal) => same(principal.appId, appId));
  }

  servicePrincipalByName(resource: string): ServicePrincipal | undefined {
    return first(this.servicePrincipals.values(), (principal) =>
      resourceNames(principal, this.applicationByAppId(principal.appId)).some((name) => same(name, resource)),
    );
  }

  addPassword(holder: SecretHolder, given: WantedSecret): { keyId: string; secretText: string } {
    return this.#secrets.add(holder, given, this.clock.now(), this.lifetimes.passwordPropagation);
  }

  spreadKey(keyId: string): void {
    this.#secrets.spread(keyId, this.clock.now(), this.lifetimes.passwordPropagation);
  }

  /** Whether the replica of Entra that is asked knows a certificate already. */
  knowsKey(keyId: string): boolean {
    return this.#secrets.reached(keyId, this.clock.now());
  }

  checkPassword(application: Application, secret: string): "valid" | "expired" | "wrong" {
    const verdict = this.#secrets.check(application, secret, this.clock.now());
    const principal = verdict === "wrong" ? this.servicePrincipalByAppId(application.appId) : undefined;
    return principal ? this.#secrets.check(principal, secret, this.clock.now()) : verdict;
  }

  deleteApplication(application: Application): void {
    this.applications.delete(application.id);
    this.deletedItems.set(application.id, {
      kind: "application",
      item: { ...application, deletedDateTime: this.#now() },
    });
    const principal = this.servicePrincipalByAppId(application.appId);
    if (principal) this.deleteServicePrincipal(principal);
  }

  deleteServicePrincipal(principal: ServicePrincipal): void {
    this.servicePrincipals.delete(principal.id);
    this.deletedItems.set(principal.id, {
      kind: "servicePrincipal",
      item: { ...principal, deletedDateTime: this.#now() },
    });
    for (const [id, grant] of this.oauth2PermissionGrants) {
      if (grant.clientId === principal.id || grant.resourceId === principal.id) this.oauth2PermissionGrants.delete(id);
    }
    for (const [id, assignment] of this.appRoleAssignments) {
      if (assignment.principalId === principal.id || assignment.resourceId === principal.id) {
        this.appRoleAssignments.delete(id);
      }
    }
  }

  grantedScopes(clientPrincipalId: string, resourcePrincipalId: string, personId: string): Set<string> {
    const granted = [...this.oauth2PermissionGrants.values()].filter(
      ({ clientId, resourceId, consentType, principalId }) =>
        clientId === clientPrincipalId &&
        resourceId === resourcePrincipalId &&
        (consentType === "AllPrincipals" || principalId === personId),
    );
    return new Set(granted.flatMap(({ scope }) => scope.split(" ").filter(Boolean)));
  }

  grant(clientPrincipalId: string, resourcePrincipalId: string, scopes: readonly string[], personId?: string): void {
    const principalId = personId ?? null;
    const existing = first(
      this.oauth2PermissionGrants.values(),
      (grant) =>
        grant.clientId === clientPrincipalId &&
        grant.resourceId === resourcePrincipalId &&
        grant.principalId === principalId,
    );
    if (existing) {
      existing.scope = [...new Set([...existing.scope.split(" ").filter(Boolean), ...scopes])].join(" ");
      return;
    }
    const id = newId(32, "base64url");
    this.oauth2PermissionGrants.set(id, {
      id,
      clientId: clientPrincipalId,
      consentType: personId ? "Principal" : "AllPrincipals",
      principalId,
      resourceId: resourcePrincipalId,
      scope: scopes.join(" "),
    });
  }

  appRolesOf(principalId: string, resourcePrincipalId: string): string[] {
    const resource = this.servicePrincipals.get(resourcePrincipalId);
    if (!resource) return [];
    const offered = this.applicationByAppId(resource.appId)?.appRoles ?? resource.appRoles;
    return [...this.appRoleAssignments.values()]
      .filter((assignment) => assignment.principalId === principalId && assignment.resourceId === resourcePrincipalId)
      .map((assignment) => offered.find((role) => role.id === assignment.appRoleId)?.value)
      .filter((value) => typeof value === "string");
  }

  async verify(request: Request, audiences: readonly string[]): Promise<Claims> {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (!token) throw new TokenRefused("missing", "The request has no bearer token.");
    const claims = await this.#verifySignature(token);
    if (!audiences.some((audience) => sameResource(audience, claims.aud))) {
      throw new TokenRefused("audience", `The token is for ${claims.aud}, not for ${audiences.join(" or ")}.`);
    }
    if (claims.tid !== this.tenant.tenantId) {
      throw new TokenRefused("tenant", `The token is of tenant ${claims.tid}, not of ${this.tenant.tenantId}.`);
    }
    return claims;
  }

  addManagedIdentity(name: string, resourceId: string): { clientId: string; principalId: string; tenantId: string } {
    const [clientId, principalId] = [randomUUID(), randomUUID()];
    this.servicePrincipals.set(
      principalId,
      newServicePrincipal({
        id: principalId,
        appId: clientId,
        displayName: name,
        createdDateTime: this.#now(),
        appOwnerOrganizationId: null,
        servicePrincipalType: "ManagedIdentity",
        alternativeNames: ["isExplicit=True", resourceId],
      }),
    );
    return { clientId, principalId, tenantId: this.tenant.tenantId };
  }

  /** Gone at once: a managed identity's service principal goes to no bin. */
  removeManagedIdentity(principalId: string): void {
    const principal = this.servicePrincipals.get(principalId);
    if (principal?.servicePrincipalType !== "ManagedIdentity") return;
    this.deleteServicePrincipal(principal);
    this.deletedItems.delete(principalId);
    this.federatedIdentityCredentials.delete(principalId);
  }

  setIdentityTrust(principalId: string, credentials: readonly FederatedIdentityCredential[]): void {
    this.federatedIdentityCredentials.set(principalId, [...credentials]);
  }

  async managedIdentityToken(
    clientId: string,
    resource: string,
  ): Promise<{ accessToken: string; expiresOn: number } | undefined> {
    const principal = this.servicePrincipalByAppId(clientId);
    const target = this.servicePrincipalByName(resource) ?? this.#tokenExchange(resource);
    if (principal?.servicePrincipalType !== "ManagedIdentity" || !target) return undefined;
    const claims = applicationClaims(this, principal, target, resource, this.lifetimes.managedIdentityToken);
    const key = await this.signingKey;
    return {
      accessToken: await key.sign({ ...claims, xms_mirid: principal.alternativeNames[1] }),
      expiresOn: claims.exp,
    };
  }

  async tokenStoreAssertion(tenantId: string, subject: string): Promise<string> {
    const now = this.clock.seconds();
    return (await this.signingKey).sign({
      aud: tokenExchangeAppId,
      iss: `https://login.microsoftonline.com/${tenantId.toLowerCase()}/v2.0`,
      sub: subject,
      iat: now,
      nbf: now,
      exp: now + 600,
    });
  }

  hasServicePrincipal(clientId: string): boolean {
    return this.servicePrincipalByAppId(clientId) !== undefined;
  }

  principalType(objectId: string): "User" | "Group" | "ServicePrincipal" | undefined {
    if (this.people.some((person) => same(person.objectId, objectId))) return "User";
    if (this.groups.has(objectId.toLowerCase())) return "Group";
    return this.servicePrincipals.has(objectId.toLowerCase()) ? "ServicePrincipal" : undefined;
  }

  groupsOf(objectId: string): ReadonlySet<string> {
    return groupsOf(this.groups.values(), objectId);
  }

  async #verifySignature(token: string): Promise<Claims> {
    const key = await this.signingKey;
    try {
      return verifiedClaims(await key.verify(token, this.clock.now()));
    } catch (error) {
      if (error instanceof joseErrors.JWTExpired) throw new TokenRefused("expired", "The token is expired.");
      if (error instanceof joseErrors.JWTClaimValidationFailed) {
        throw new TokenRefused(
          error.claim === "nbf" ? "expired" : "malformed",
          `The token's ${error.claim} is not valid.`,
        );
      }
      if (error instanceof joseErrors.JWSSignatureVerificationFailed) {
        throw new TokenRefused("signature", "The token's signature is not valid.");
      }
      throw new TokenRefused("malformed", "The token is not well formed.");
    }
  }

  /** Managed identities ask for tokens that stand in for a secret: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
  #tokenExchange(resource: string): ServicePrincipal | undefined {
    if (!same(resource, "api://AzureADTokenExchange")) return undefined;
    return newServicePrincipal({
      id: "",
      appId: tokenExchangeAppId,
      displayName: "AAD Token Exchange Endpoint",
      createdDateTime: this.#now(),
      appOwnerOrganizationId: null,
    });
  }

  #now(): string {
    return iso(new Date(Math.floor(this.clock.now().getTime() / 1000) * 1000));
  }
}

function first<T>(items: Iterable<T>, matches: (item: T) => boolean): T | undefined {
  for (const item of items) if (matches(item)) return item;
  return undefined;
}

/** Audiences are the same with and without slashes at the end. */
function sameResource(one: string, other: string): boolean {
  return same(one.replace(/\/+$/, ""), other.replace(/\/+$/, ""));
}
