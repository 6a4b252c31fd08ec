import { z } from "zod";
import { each } from "../members";

const guid = z.guid();
const text = z.string().nullable();
const texts = z.array(z.string());
const settings = z.record(z.string(), z.unknown()).nullable();

const scope = z.strictObject({
  id: guid,
  value: z
    .string()
    .min(1)
    .max(120)
    .regex(/^[^\s]+$/),
  type: z.enum(["User", "Admin"]).default("User"),
  isEnabled: z.boolean().default(true),
  ...each(
    text.optional(),
    "adminConsentDescription adminConsentDisplayName userConsentDescription userConsentDisplayName origin",
  ),
});

const role = z.strictObject({
  id: guid,
  value: text,
  displayName: z.string().min(1).max(100),
  description: z.string().min(1),
  isEnabled: z.boolean().default(true),
  allowedMemberTypes: z.array(z.enum(["User", "Application"])).min(1),
  origin: z.string().optional(),
});

const api = z
  .strictObject({
    acceptMappedClaims: z.boolean().nullable(),
    knownClientApplications: z.array(guid),
    requestedAccessTokenVersion: z.union([z.literal(1), z.literal(2)]).nullable(),
    oauth2PermissionScopes: z.array(scope),
    preAuthorizedApplications: z.array(z.strictObject({ appId: guid, delegatedPermissionIds: z.array(guid) })),
  })
  .partial();

const optionalClaim = z.strictObject({
  name: z.string(),
  source: text.optional(),
  essential: z.boolean().optional(),
  additionalProperties: texts.nullable().optional(),
});

const addresses = z.strictObject({ redirectUris: texts }).partial();

/** One that is there already may be named without its key, which a read does not show. */
const keyCredential = z
  .strictObject({
    keyId: guid.nullable(),
    type: z.string().nullable(),
    usage: z.string().nullable(),
    displayName: text,
    startDateTime: z.iso.datetime({ offset: true }).nullable(),
    endDateTime: z.iso.datetime({ offset: true }).nullable(),
    customKeyIdentifier: text,
    key: text,
  })
  .partial();
export type WantedKey = z.infer<typeof keyCredential>;

/** Properties of an application that a request may write: https://learn.microsoft.com/graph/api/resources/application */
const writable = z
  .strictObject({
    displayName: z.string().min(1).max(256),
    description: z.string().max(1024).nullable(),
    addIns: z.array(z.record(z.string(), z.unknown())),
    api,
    appRoles: z.array(role),
    authenticationBehaviors: settings,
    ...each(
      text,
      "defaultRedirectUri groupMembershipClaims nativeAuthenticationApisEnabled notes samlMetadataUrl",
      "serviceManagementReference tokenEncryptionKeyId uniqueName",
    ),
    identifierUris: texts,
    info: z.strictObject(each(text, "logoUrl marketingUrl privacyStatementUrl supportUrl termsOfServiceUrl")).partial(),
    isDeviceOnlyAuthSupported: z.boolean().nullable(),
    isFallbackPublicClient: z.boolean().nullable(),
    keyCredentials: z.array(keyCredential),
    oauth2RequirePostResponse: z.boolean(),
    optionalClaims: z
      .strictObject(each(z.array(optionalClaim), "accessToken idToken saml2Token"))
      .partial()
      .nullable(),
    parentalControlSettings: settings,
    passwordCredentials: z.array(
      z
        .strictObject({
          keyId: z.string().nullable(),
          displayName: text,
          startDateTime: z.iso.datetime({ offset: true }),
          endDateTime: z.iso.datetime({ offset: true }),
          customKeyIdentifier: text,
          hint: text,
          secretText: z.null(),
        })
        .partial(),
    ),
    publicClient: addresses.nullable(),
    requestSignatureVerification: settings,
    requiredResourceAccess: z.array(
      z.strictObject({
        resourceAppId: guid,
        resourceAccess: z.array(z.strictObject({ id: guid, type: z.enum(["Scope", "Role"]) })),
      }),
    ),
    servicePrincipalLockConfiguration: settings,
    signInAudience: z.enum([
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ]),
    spa: addresses.nullable(),
    tags: z.array(z.string().min(1).max(256)),
    web: z
      .strictObject({
        homePageUrl: text,
        logoutUrl: text,
        redirectUris: texts,
        implicitGrantSettings: z
          .strictObject({
            enableAccessTokenIssuance: z.boolean().nullable(),
            enableIdTokenIssuance: z.boolean().nullable(),
          })
          .partial(),
        redirectUriSettings: z.array(z.strictObject({ uri: z.string(), index: z.number().nullable().optional() })),
      })
      .partial(),
  })
  .partial();

export const newApplicationBody = writable.required({ displayName: true });
export const applicationChange = writable;
export type ApplicationChange = z.infer<typeof writable>;

export const newPasswordBody = z
  .strictObject({
    passwordCredential: z
      .strictObject({
        ...each(text, "displayName keyId customKeyIdentifier"),
        startDateTime: z.iso.datetime({ offset: true }),
        endDateTime: z.iso.datetime({ offset: true }),
      })
      .partial()
      .nullable(),
  })
  .partial();

export const oldPasswordBody = z.strictObject({ keyId: z.string() });

const federated = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,120}$/),
  issuer: z.string().url().max(600),
  subject: z.string().min(1).max(600),
  audiences: z.array(z.string()).length(1),
  description: z.string().max(600).nullable().optional(),
});

export const newFederatedBody = federated;
export const federatedChange = federated.omit({ name: true }).partial().strict();

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
const principal = z
  .strictObject({
    appId: guid,
    displayName: z.string(),
    accountEnabled: z.boolean(),
    ...each(texts, "alternativeNames notificationEmailAddresses replyUrls servicePrincipalNames tags"),
    appRoleAssignmentRequired: z.boolean(),
    ...each(
      text,
      "description homepage loginUrl logoutUrl notes preferredSingleSignOnMode",
      "preferredTokenSigningKeyThumbprint samlMetadataUrl tokenEncryptionKeyId",
    ),
    samlSingleSignOnSettings: settings,
    servicePrincipalType: z.literal("Application"),
  })
  .partial();

export const newServicePrincipalBody = principal.required({ appId: true });
export const servicePrincipalChange = principal.omit({ appId: true, servicePrincipalType: true });

export const newGrantBody = z.strictObject({
  clientId: z.string().min(1),
  consentType: z.enum(["AllPrincipals", "Principal"]),
  principalId: text.optional(),
  resourceId: z.string().min(1),
  scope: z.string(),
  startTime: text.optional(),
  expiryTime: text.optional(),
});
export const grantChange = z.strictObject({ scope: z.string() }).partial();

export const newAssignmentBody = z.strictObject({ principalId: guid, resourceId: guid, appRoleId: guid });
