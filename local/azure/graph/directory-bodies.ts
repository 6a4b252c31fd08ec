import { z } from "zod";

const guid = z.guid();
const text = z.string().nullable();
const texts = z.array(z.string());
const settings = z.record(z.string(), z.unknown()).nullable();

const scope = z
  .object({
    id: guid,
    value: z
      .string()
      .min(1)
      .max(120)
      .regex(/^[^\s]+$/),
    type: z.enum(["User", "Admin"]).default("User"),
    isEnabled: z.boolean().default(true),
    adminConsentDescription: text.optional(),
    adminConsentDisplayName: text.optional(),
    userConsentDescription: text.optional(),
    userConsentDisplayName: text.optional(),
    origin: text.optional(),
  })
  .strict();

const role = z
  .object({
    id: guid,
    value: text,
    displayName: z.string().min(1).max(100),
    description: z.string().min(1),
    isEnabled: z.boolean().default(true),
    allowedMemberTypes: z.array(z.enum(["User", "Application"])).min(1),
    origin: z.string().optional(),
  })
  .strict();

const api = z
  .object({
    acceptMappedClaims: z.boolean().nullable(),
    knownClientApplications: z.array(guid),
    requestedAccessTokenVersion: z.union([z.literal(1), z.literal(2)]).nullable(),
    oauth2PermissionScopes: z.array(scope),
    preAuthorizedApplications: z.array(z.object({ appId: guid, delegatedPermissionIds: z.array(guid) }).strict()),
  })
  .partial()
  .strict();

const optionalClaim = z
  .object({
    name: z.string(),
    source: text.optional(),
    essential: z.boolean().optional(),
    additionalProperties: texts.nullable().optional(),
  })
  .strict();

const addresses = z.object({ redirectUris: texts }).partial().strict();

/** One that is there already may be named without its key, which a read does not show. */
const keyCredential = z
  .object({
    keyId: guid.nullable(),
    type: z.string().nullable(),
    usage: z.string().nullable(),
    displayName: text,
    startDateTime: z.iso.datetime({ offset: true }).nullable(),
    endDateTime: z.iso.datetime({ offset: true }).nullable(),
    customKeyIdentifier: text,
    key: text,
  })
  .partial()
  .strict();
export type WantedKey = z.infer<typeof keyCredential>;

/** Properties of an application that a request may write: https://learn.microsoft.com/graph/api/resources/application */
const writable = z
  .object({
    displayName: z.string().min(1).max(256),
    description: z.string().max(1024).nullable(),
    addIns: z.array(z.record(z.string(), z.unknown())),
    api,
    appRoles: z.array(role),
    authenticationBehaviors: settings,
    defaultRedirectUri: text,
    groupMembershipClaims: text,
    identifierUris: texts,
    info: z
      .object({
        logoUrl: text,
        marketingUrl: text,
        privacyStatementUrl: text,
        supportUrl: text,
        termsOfServiceUrl: text,
      })
      .partial()
      .strict(),
    isDeviceOnlyAuthSupported: z.boolean().nullable(),
    isFallbackPublicClient: z.boolean().nullable(),
    keyCredentials: z.array(keyCredential),
    nativeAuthenticationApisEnabled: text,
    notes: text,
    oauth2RequirePostResponse: z.boolean(),
    optionalClaims: z
      .object({
        accessToken: z.array(optionalClaim),
        idToken: z.array(optionalClaim),
        saml2Token: z.array(optionalClaim),
      })
      .partial()
      .strict()
      .nullable(),
    parentalControlSettings: settings,
    passwordCredentials: z.array(
      z
        .object({
          keyId: z.string().nullable(),
          displayName: text,
          startDateTime: z.iso.datetime({ offset: true }),
          endDateTime: z.iso.datetime({ offset: true }),
          customKeyIdentifier: text,
          hint: text,
          secretText: z.null(),
        })
        .partial()
        .strict(),
    ),
    publicClient: addresses.nullable(),
    requestSignatureVerification: settings,
    requiredResourceAccess: z.array(
      z
        .object({
          resourceAppId: guid,
          resourceAccess: z.array(z.object({ id: guid, type: z.enum(["Scope", "Role"]) }).strict()),
        })
        .strict(),
    ),
    samlMetadataUrl: text,
    serviceManagementReference: text,
    servicePrincipalLockConfiguration: settings,
    signInAudience: z.enum([
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ]),
    spa: addresses.nullable(),
    tags: z.array(z.string().min(1).max(256)),
    tokenEncryptionKeyId: text,
    uniqueName: text,
    web: z
      .object({
        homePageUrl: text,
        logoutUrl: text,
        redirectUris: texts,
        implicitGrantSettings: z
          .object({
            enableAccessTokenIssuance: z.boolean().nullable(),
            enableIdTokenIssuance: z.boolean().nullable(),
          })
          .partial()
          .strict(),
        redirectUriSettings: z.array(z.object({ uri: z.string(), index: z.number().nullable().optional() }).strict()),
      })
      .partial()
      .strict(),
  })
  .partial()
  .strict();

export const newApplicationBody = writable.required({ displayName: true });
export const applicationChange = writable;
export type ApplicationChange = z.infer<typeof writable>;

export const newPasswordBody = z
  .object({
    passwordCredential: z
      .object({
        displayName: text,
        startDateTime: z.iso.datetime({ offset: true }),
        endDateTime: z.iso.datetime({ offset: true }),
        keyId: text,
        customKeyIdentifier: text,
      })
      .partial()
      .strict()
      .nullable(),
  })
  .partial()
  .strict();

export const oldPasswordBody = z.object({ keyId: z.string() }).strict();

const federated = z
  .object({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,120}$/),
    issuer: z.string().url().max(600),
    subject: z.string().min(1).max(600),
    audiences: z.array(z.string()).length(1),
    description: z.string().max(600).nullable().optional(),
  })
  .strict();

export const newFederatedBody = federated;
export const federatedChange = federated.omit({ name: true }).partial().strict();

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
const principal = z
  .object({
    appId: guid,
    displayName: z.string(),
    accountEnabled: z.boolean(),
    alternativeNames: texts,
    appRoleAssignmentRequired: z.boolean(),
    description: text,
    homepage: text,
    loginUrl: text,
    logoutUrl: text,
    notes: text,
    notificationEmailAddresses: texts,
    preferredSingleSignOnMode: text,
    preferredTokenSigningKeyThumbprint: text,
    replyUrls: texts,
    samlMetadataUrl: text,
    samlSingleSignOnSettings: settings,
    servicePrincipalNames: texts,
    servicePrincipalType: z.literal("Application"),
    tags: texts,
    tokenEncryptionKeyId: text,
  })
  .partial()
  .strict();

export const newServicePrincipalBody = principal.required({ appId: true });
export const servicePrincipalChange = principal.omit({ appId: true, servicePrincipalType: true });

export const newGrantBody = z
  .object({
    clientId: z.string().min(1),
    consentType: z.enum(["AllPrincipals", "Principal"]),
    principalId: text.optional(),
    resourceId: z.string().min(1),
    scope: z.string(),
    startTime: text.optional(),
    expiryTime: text.optional(),
  })
  .strict();
export const grantChange = z.object({ scope: z.string() }).partial().strict();

export const newAssignmentBody = z.object({ principalId: guid, resourceId: guid, appRoleId: guid }).strict();
