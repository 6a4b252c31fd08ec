import { X509Certificate } from "node:crypto";
import { each } from "../members";

/** A client secret as Graph shows it: never its value. */
export interface PasswordCredential {
  readonly keyId: string;
  displayName: string | null;
  startDateTime: string;
  endDateTime: string;
  /** The first three characters of the secret. */
  hint: string;
  customKeyIdentifier: string | null;
  /** Shown once, in the answer that makes it. */
  secretText: null;
}

/** A certificate as Graph keeps it: its public part. https://learn.microsoft.com/graph/api/resources/keycredential */
export interface KeyCredential {
  readonly keyId: string;
  readonly type: "AsymmetricX509Cert";
  readonly usage: "Verify";
  displayName: string | null;
  startDateTime: string;
  endDateTime: string;
  /** The certificate's SHA-1 in hex, where nobody said another. */
  customKeyIdentifier: string | null;
  /** Base64 of the certificate, as DER or as PEM; shown only to whoever selects it. */
  key: string | null;
}

/** The certificate of a key credential. Throws where it is none. */
export function certificateIn(key: string): X509Certificate {
  return new X509Certificate(Buffer.from(key, "base64"));
}

/** A delegated permission that an application offers. */
export interface PermissionScope {
  readonly id: string;
  value: string;
  /** `Admin`: only an administrator may consent. */
  type: "User" | "Admin";
  isEnabled: boolean;
  adminConsentDescription?: string | null;
  adminConsentDisplayName?: string | null;
  userConsentDescription?: string | null;
  userConsentDisplayName?: string | null;
}

/** A permission of applications themselves, and what a token's `roles` hold. */
export interface AppRole {
  readonly id: string;
  value: string | null;
  displayName: string;
  description: string;
  isEnabled: boolean;
  allowedMemberTypes: string[];
  origin?: string;
}

export interface ApplicationApi {
  acceptMappedClaims: boolean | null;
  knownClientApplications: string[];
  /** 2 asks for v2 tokens; 1 and null for v1. */
  requestedAccessTokenVersion: number | null;
  oauth2PermissionScopes: PermissionScope[];
  preAuthorizedApplications: { appId: string; delegatedPermissionIds: string[] }[];
}

export interface RequiredResourceAccess {
  resourceAppId: string;
  resourceAccess: { id: string; type: "Scope" | "Role" }[];
}

/** An application registration, in Graph's own form: https://learn.microsoft.com/graph/api/resources/application */
export interface Application {
  readonly id: string;
  readonly appId: string;
  displayName: string;
  readonly createdDateTime: string;
  deletedDateTime: string | null;
  signInAudience: string;
  identifierUris: string[];
  publisherDomain: string;
  tags: string[];
  api: ApplicationApi;
  appRoles: AppRole[];
  requiredResourceAccess: RequiredResourceAccess[];
  passwordCredentials: PasswordCredential[];
  keyCredentials: KeyCredential[];
  web: { redirectUris: string[]; homePageUrl: string | null; logoutUrl: string | null; [property: string]: unknown };
  spa: { redirectUris: string[] };
  publicClient: { redirectUris: string[] };
  isFallbackPublicClient: boolean | null;
  [property: string]: unknown;
}

/** Trust in another issuer's tokens in place of a secret. */
export interface FederatedIdentityCredential {
  readonly id: string;
  readonly name: string;
  issuer: string;
  subject: string;
  audiences: string[];
  description: string | null;
}

/** An application as Graph makes it where the request says nothing. */
export function newApplication(given: {
  id: string;
  appId: string;
  displayName: string;
  createdDateTime: string;
  publisherDomain: string;
}): Application {
  return {
    ...given,
    ...each(
      null,
      "deletedDateTime applicationTemplateId disabledByMicrosoftStatus description groupMembershipClaims",
      "isDeviceOnlyAuthSupported isFallbackPublicClient nativeAuthenticationApisEnabled notes",
      "serviceManagementReference samlMetadataUrl uniqueName defaultRedirectUri certification",
      "optionalClaims requestSignatureVerification servicePrincipalLockConfiguration tokenEncryptionKeyId",
    ),
    identifierUris: [],
    // Until 2025 it was every account. recorded: azure-cli test_create_for_rbac_service_management_reference
    signInAudience: "AzureADMyOrg",
    addIns: [],
    tags: [],
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      requestedAccessTokenVersion: null,
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    appRoles: [],
    info: each(null, "logoUrl marketingUrl privacyStatementUrl supportUrl termsOfServiceUrl"),
    keyCredentials: [],
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    passwordCredentials: [],
    publicClient: { redirectUris: [] },
    requiredResourceAccess: [],
    spa: { redirectUris: [] },
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      redirectUriSettings: [],
    },
  };
}

/** Every redirect address of an application, of whatever platform. */
export function redirectUris(application: Application): string[] {
  return [...application.web.redirectUris, ...application.spa.redirectUris, ...application.publicClient.redirectUris];
}
