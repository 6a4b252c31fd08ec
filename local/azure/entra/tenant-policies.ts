import type { Kept } from "../../data/folder";

type State = "enabled" | "disabled";

/** https://learn.microsoft.com/graph/api/resources/passwordcredentialconfiguration */
export interface PasswordRestriction {
  restrictionType: "passwordAddition" | "passwordLifetime" | "symmetricKeyAddition" | "symmetricKeyLifetime";
  state: State;
  /** ISO 8601, for a life: `P90D`. */
  maxLifetime: string | null;
  /** What was made before is free of it. */
  restrictForAppsCreatedAfterDateTime: string | null;
}

/** https://learn.microsoft.com/graph/api/resources/keycredentialconfiguration */
export interface KeyRestriction {
  restrictionType: "asymmetricKeyLifetime" | "trustedCertificateAuthority";
  state: State;
  maxLifetime: string | null;
  restrictForAppsCreatedAfterDateTime: string | null;
}

/** https://learn.microsoft.com/graph/api/resources/identifierurirestriction */
export interface IdentifierUriRestriction {
  state: State;
  excludeAppsReceivingV2Tokens: boolean;
  restrictForAppsCreatedAfterDateTime: string | null;
}

/** What an application's secrets and addresses may be. */
export interface Restrictions {
  passwordCredentials: PasswordRestriction[];
  keyCredentials: KeyRestriction[];
  identifierUris: {
    nonDefaultUriAddition?: IdentifierUriRestriction;
    uriAdditionWithoutUniqueTenantIdentifier?: IdentifierUriRestriction;
  } | null;
}

/** A policy for those applications that it is assigned to. */
export interface AppManagementPolicy {
  id: string;
  displayName: string;
  description: string;
  isEnabled: boolean;
  restrictions: Restrictions;
}

/** The tenant's own, for every application without another. */
export interface DefaultAppManagementPolicy {
  id: string;
  displayName: string;
  description: string;
  isEnabled: boolean;
  applicationRestrictions: Restrictions;
  servicePrincipalRestrictions: Pick<Restrictions, "passwordCredentials" | "keyCredentials">;
}

/** https://learn.microsoft.com/graph/api/resources/authorizationpolicy, as far as it is about consent and applications. */
export interface AuthorizationPolicy {
  /** Under which policies users consent by themselves; none at all lets nobody but an administrator consent. */
  permissionGrantPoliciesAssigned: string[];
  allowedToCreateApps: boolean;
}

/** The policies of the local tenant, as a new tenant of 2026 has them. */
export class TenantPolicies {
  default: DefaultAppManagementPolicy = {
    id: "00000000-0000-0000-0000-000000000000",
    displayName: "Default app management tenant policy",
    description:
      "Default tenant policy that enforces app management restrictions on applications and service principals.",
    isEnabled: false,
    applicationRestrictions: noRestrictions(),
    servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
  };
  authorization: AuthorizationPolicy = {
    permissionGrantPoliciesAssigned: ["ManagePermissionGrantsForSelf.microsoft-user-default-recommended"],
    allowedToCreateApps: true,
  };
  /** By their ids. */
  readonly own = new Map<string, AppManagementPolicy>();
  /** By the application's object id, the id of its policy. */
  readonly assigned = new Map<string, string>();

  /** The restrictions that hold for an application, and the id of the policy that says so; undefined where none does. */
  of(applicationId: string | undefined): { id: string; restrictions: Restrictions } | undefined {
    const own = this.own.get(this.assigned.get(applicationId ?? "") ?? "");
    if (own) return own.isEnabled ? { id: own.id, restrictions: own.restrictions } : undefined;
    const { id, isEnabled, applicationRestrictions } = this.default;
    return isEnabled ? { id, restrictions: applicationRestrictions } : undefined;
  }

  get kept(): Kept {
    return {
      name: "tenant policies",
      snapshot: () => ({
        default: this.default,
        authorization: this.authorization,
        own: this.own,
        assigned: this.assigned,
      }),
      restore: (kept) => {
        const { own, assigned, ...others } = kept as TenantPolicies;
        Object.assign(this, others);
        for (const held of [this.own, this.assigned]) held.clear();
        for (const [id, policy] of own) this.own.set(id, policy);
        for (const [id, policy] of assigned) this.assigned.set(id, policy);
      },
    };
  }
}

/** No restriction at all. */
export function noRestrictions(): Restrictions {
  return { passwordCredentials: [], keyCredentials: [], identifierUris: {} };
}
