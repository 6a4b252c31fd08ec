import type { Read } from "./read-value";

/** An application, and its service principal in the tenant. */
export interface App {
  readonly clientId: string;
  readonly application: Read<Application | undefined>;
  readonly principal: Read<Principal | undefined>;
  /** Where it lies in the recycle bin, and since when; undefined where it does not. */
  readonly deleted: Read<{ readonly id: string; readonly since: string } | undefined>;
  readonly federated: Read<readonly FederatedCredential[]>;
}

export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly signInAudience: string;
  readonly identifierUris: readonly string[];
  readonly isFallbackPublicClient: boolean | null;
  readonly web: { readonly redirectUris: readonly string[] };
  readonly spa?: { readonly redirectUris: readonly string[] };
  readonly publicClient?: { readonly redirectUris: readonly string[] };
  readonly api: {
    readonly requestedAccessTokenVersion: number | null;
    readonly oauth2PermissionScopes: readonly { id: string; value: string; isEnabled: boolean }[];
    readonly preAuthorizedApplications: readonly { appId: string; delegatedPermissionIds: readonly string[] }[];
  };
  readonly requiredResourceAccess: readonly {
    readonly resourceAppId: string;
    readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
  }[];
  readonly passwordCredentials: readonly Credential[];
  readonly keyCredentials: readonly Credential[];
}

export interface Credential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly endDateTime: string;
  readonly startDateTime: string;
  /** The first three letters of a password. */
  readonly hint?: string | null;
}

export interface Principal {
  readonly id: string;
  readonly accountEnabled: boolean;
  readonly appRoleAssignmentRequired: boolean;
  readonly appOwnerOrganizationId: string | null;
  readonly servicePrincipalType: string;
}

export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** What a service answered to a step that the bot or the Token Service takes. */
export type Walk =
  | { readonly ended: "good" }
  | { readonly ended: "refused"; readonly code: string; readonly words: string }
  /** Nothing could be asked, or there was nothing to ask. */
  | { readonly ended: "not walked" };

export interface Api {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly accountEnabled: boolean;
  readonly oauth2PermissionScopes: readonly {
    readonly id: string;
    readonly value: string;
    readonly isEnabled: boolean;
    readonly type: string;
  }[];
}

export interface Grant {
  readonly consentType: string;
  readonly principalId: string | null;
  readonly resourceId: string;
  readonly scope: string;
}
