import { replay, type RecordedCall } from "./replay";

const graph = "https://graph.microsoft.com/v1.0";
/** Federated credentials were recorded below /beta, which the local Graph serves alike. */
const beta = "https://graph.microsoft.com/beta";

// Most were recorded in 2022; what Graph answers beyond that since then stands in `newer`, as
// test_create_for_rbac_service_management_reference shows it of 2025.
const applicationKeys =
  "id deletedDateTime appId applicationTemplateId disabledByMicrosoftStatus createdDateTime displayName description " +
  "groupMembershipClaims identifierUris isDeviceOnlyAuthSupported isFallbackPublicClient notes publisherDomain " +
  "serviceManagementReference signInAudience tags tokenEncryptionKeyId defaultRedirectUri certification optionalClaims " +
  "addIns api appRoles info keyCredentials parentalControlSettings passwordCredentials publicClient " +
  "requiredResourceAccess verifiedPublisher web spa";
const sinceThen =
  "nativeAuthenticationApisEnabled requestSignatureVerification samlMetadataUrl servicePrincipalLockConfiguration uniqueName";
const inApplication = (path: string): Pick<RecordedCall, "keys" | "newer"> => {
  const below = (name: string): string => [path, name].filter(Boolean).join(".");
  const top = path === "" ? " @odata.context" : "";
  return {
    keys: {
      [path]: applicationKeys + top,
      [below("api")]:
        "acceptMappedClaims knownClientApplications requestedAccessTokenVersion oauth2PermissionScopes " +
        "preAuthorizedApplications",
      [below("info")]: "logoUrl marketingUrl privacyStatementUrl supportUrl termsOfServiceUrl",
      [below("web")]: "homePageUrl logoutUrl redirectUris implicitGrantSettings",
      [below("web.implicitGrantSettings")]: "enableAccessTokenIssuance enableIdTokenIssuance",
      [below("verifiedPublisher")]: "displayName verifiedPublisherId addedDateTime",
    },
    newer: { [path]: sinceThen, [below("web")]: "redirectUriSettings" },
  };
};

const principalKeys =
  "id deletedDateTime accountEnabled alternativeNames appDisplayName appDescription appId applicationTemplateId " +
  "appOwnerOrganizationId appRoleAssignmentRequired createdDateTime description disabledByMicrosoftStatus displayName " +
  "homepage loginUrl logoutUrl notes notificationEmailAddresses preferredSingleSignOnMode " +
  "preferredTokenSigningKeyThumbprint replyUrls servicePrincipalNames servicePrincipalType signInAudience tags " +
  "tokenEncryptionKeyId samlSingleSignOnSettings verifiedPublisher addIns appRoles info keyCredentials " +
  "oauth2PermissionScopes passwordCredentials resourceSpecificApplicationPermissions";
const userKeys =
  "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname " +
  "userPrincipalName id";
const passwordKeys = "customKeyIdentifier displayName endDateTime hint keyId secretText startDateTime";

/**
 * Looks for the name, makes the application, finds it by its app id. The recordings of 2022 name no audience: every
 * account was the default then. It is the tenant alone now, so the audience is said here.
 */
function newApplication(from: string): RecordedCall[] {
  return [
    {
      from,
      so: "an application that is not there is an empty list, not an error",
      call: `GET ${graph}/applications?$filter=startswith(displayName,'{groupName}')`,
      status: 200,
      keys: { "": "@odata.context value" },
      values: { value: [] },
    },
    {
      from,
      so: "an application for every account takes tokens of version 2",
      call: `POST ${graph}/applications`,
      body: {
        displayName: "{groupName}",
        keyCredentials: [],
        signInAudience: "AzureADandPersonalMicrosoftAccount",
      },
      status: 201,
      ...inApplication(""),
      values: {
        displayName: "{groupName}",
        signInAudience: "AzureADandPersonalMicrosoftAccount",
        "api.requestedAccessTokenVersion": 2,
        "api.acceptMappedClaims": null,
        identifierUris: [],
        passwordCredentials: [],
        deletedDateTime: null,
        parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
        spa: { redirectUris: [] },
      },
      keep: { object: "id", app: "appId" },
    },
    {
      from,
      so: "an application is found by its app id",
      call: `GET ${graph}/applications?$filter=appId%20eq%20'{app}'`,
      status: 200,
      keys: { "": "@odata.context value", ...inApplication("value.0").keys },
      newer: { ...inApplication("value.0").newer },
      values: { "value.0.id": "{object}", "value.0.createdDateTime": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ },
    },
  ];
}

const removal = (from: string): RecordedCall[] => [
  {
    from,
    so: "an application is deleted",
    call: `DELETE ${graph}/applications/{object}`,
    status: 204,
  },
  {
    from,
    so: "a deleted application can be removed for good, so that nothing is left behind",
    call: `DELETE ${graph}/directory/deletedItems/{object}`,
    status: 204,
  },
];

const federated = `${beta}/applications/{object}/federatedIdentityCredentials`;
const federatedKeys = "id name issuer subject description audiences";

const sinceLately = "test_create_for_rbac_service_management_reference";

replay({
  "an application as it is made today": [
    {
      from: sinceLately,
      so: "a display name that nobody has is an empty list",
      call: `GET ${graph}/servicePrincipals?$filter=displayName%20eq%20%27{groupName}%27`,
      status: 200,
      keys: { "": "@odata.context value" },
      values: { value: [] },
    },
    {
      from: sinceLately,
      so: "an application that names no audience is the tenant's own, and takes tokens of version 1",
      call: `POST ${graph}/applications`,
      body: {
        displayName: "{groupName}",
        serviceManagementReference: "96524024-75b0-497b-ab38-0381399a6a9d",
        keyCredentials: [],
      },
      status: 201,
      ...inApplication(""),
      values: {
        signInAudience: "AzureADMyOrg",
        "api.requestedAccessTokenVersion": null,
        serviceManagementReference: "96524024-75b0-497b-ab38-0381399a6a9d",
        "web.redirectUriSettings": [],
      },
      keep: { object: "id", app: "appId" },
    },
    {
      from: sinceLately,
      so: "its secret's value is shown once",
      call: `POST ${graph}/applications/{object}/addPassword`,
      body: {
        passwordCredential: {
          displayName: "rbac",
          endDateTime: "2027-04-08T09:40:17Z",
          startDateTime: "2026-04-08T09:40:17Z",
        },
      },
      status: 200,
      keys: { "": `@odata.context ${passwordKeys}` },
      values: { displayName: "rbac", hint: /^.{3}$/, secretText: /^.{30,}$/ },
    },
    {
      from: sinceLately,
      so: "its service principal is the tenant's own, too",
      call: `POST ${graph}/servicePrincipals`,
      body: { appId: "{app}", accountEnabled: true },
      status: 201,
      keys: { "": `@odata.context ${principalKeys}` },
      values: { signInAudience: "AzureADMyOrg", servicePrincipalNames: ["{app}"], appOwnerOrganizationId: "{tenant}" },
    },
    {
      from: sinceLately,
      so: "a filter may be encoded to the last quote",
      call: `GET ${graph}/applications?$filter=appId%20eq%20%27{app}%27`,
      status: 200,
      keys: { "": "@odata.context value", ...inApplication("value.0").keys },
      newer: { ...inApplication("value.0").newer },
      values: { "value.0.passwordCredentials.0.secretText": null },
    },
  ],

  "an application's secret": [
    ...newApplication("test_app_credential"),
    {
      from: "test_app_credential",
      so: "a secret's value is shown once, with the dates asked for",
      call: `POST ${graph}/applications/{object}/addPassword`,
      body: {
        passwordCredential: {
          displayName: "key1",
          endDateTime: "2028-05-07T06:52:43Z",
          startDateTime: "2026-05-07T06:52:43Z",
        },
      },
      status: 200,
      keys: { "": `@odata.context ${passwordKeys}` },
      values: {
        displayName: "key1",
        endDateTime: "2028-05-07T06:52:43Z",
        startDateTime: "2026-05-07T06:52:43Z",
        customKeyIdentifier: null,
        hint: /^.{3}$/,
        secretText: /^.{30,}$/,
      },
      keep: { key: "keyId", hint: "hint" },
    },
    {
      from: "test_app_credential",
      so: "a read shows a secret's first three characters and never its value",
      call: `GET ${graph}/applications/{object}`,
      status: 200,
      keys: { "passwordCredentials.0": passwordKeys },
      values: {
        "passwordCredentials.0.secretText": null,
        "passwordCredentials.0.hint": "{hint}",
        "passwordCredentials.0.keyId": "{key}",
        "passwordCredentials.1": undefined,
      },
    },
    {
      from: "test_app_credential",
      so: "a list hides the value as well",
      call: `GET ${graph}/applications?$filter=appId%20eq%20'{app}'`,
      status: 200,
      keys: { "value.0.passwordCredentials.0": passwordKeys },
      values: { "value.0.passwordCredentials.0.secretText": null },
    },
  ],

  "an application's federated credential": [
    ...newApplication("test_app_federated_credential"),
    {
      from: "test_app_federated_credential",
      so: "trust in another issuer takes the place of a secret",
      call: `POST ${federated}`,
      body: {
        name: "Testing",
        issuer: "https://token.actions.githubusercontent.com/",
        subject: "repo:octo-org/octo-repo:environment:Production",
        description: "Testing",
        audiences: ["api://AzureADTokenExchange"],
      },
      status: 201,
      keys: { "": `@odata.context ${federatedKeys}` },
      values: {
        issuer: "https://token.actions.githubusercontent.com/",
        audiences: ["api://AzureADTokenExchange"],
      },
      keep: { trust: "id" },
    },
    {
      from: "test_app_federated_credential",
      so: "an application's trusts are listed",
      call: `GET ${federated}`,
      status: 200,
      keys: { "": "@odata.context value", "value.0": federatedKeys },
      values: { "value.0.id": "{trust}", "value.1": undefined },
    },
    {
      from: "test_app_federated_credential",
      so: "a trust is removed",
      call: `DELETE ${federated}/{trust}`,
      status: 204,
    },
    {
      from: "test_app_federated_credential",
      so: "a removed trust is listed no more",
      call: `GET ${federated}`,
      status: 200,
      values: { value: [] },
    },
    {
      from: "test_app_federated_credential",
      so: "the application itself shows nothing of its trusts",
      call: `GET ${graph}/applications/{object}`,
      status: 200,
      ...inApplication(""),
    },
    ...removal("test_app_federated_credential"),
  ],

  "a service principal": [
    {
      from: "test_sp_show_exit_code",
      so: "a service principal that is not there is an empty list, not an error",
      call: `GET ${graph}/servicePrincipals?$filter=servicePrincipalNames/any(c:c%20eq%20'non-exist-sp-name')`,
      status: 200,
      keys: { "": "@odata.context value" },
      values: { value: [] },
    },
    ...newApplication("test_sp_credential"),
    {
      from: "test_sp_credential",
      so: "a new service principal shows what it has of its application",
      call: `POST ${graph}/servicePrincipals`,
      body: { appId: "{app}", accountEnabled: true },
      status: 201,
      keys: { "": `@odata.context ${principalKeys}` },
      values: {
        appId: "{app}",
        displayName: "{groupName}",
        appDisplayName: "{groupName}",
        appOwnerOrganizationId: "{tenant}",
        servicePrincipalType: "Application",
        servicePrincipalNames: ["{app}"],
        signInAudience: "AzureADandPersonalMicrosoftAccount",
        appRoleAssignmentRequired: false,
        verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
      },
      keep: { principal: "id" },
    },
    {
      from: "test_sp_credential",
      so: "a service principal is found by any of its names",
      call: `GET ${graph}/servicePrincipals?$filter=servicePrincipalNames/any(c:c%20eq%20'{app}')`,
      status: 200,
      keys: { "": "@odata.context value", "value.0": principalKeys },
      values: { "value.0.id": "{principal}", "value.1": undefined },
    },
    {
      from: "test_sp_credential",
      so: "a read shows the same as the list",
      call: `GET ${graph}/servicePrincipals/{principal}`,
      status: 200,
      keys: { "": `@odata.context ${principalKeys}` },
    },
    ...removal("test_sp_credential"),
  ],

  "an application's owner": [
    {
      from: "test_app_owner",
      so: "a person is found by the name they sign in with",
      call: `GET ${graph}/users/{upn}`,
      status: 200,
      keys: { "": `@odata.context ${userKeys}` },
      values: { id: "{person}", userPrincipalName: "{upn}", businessPhones: [] },
    },
    {
      from: "test_role_assignment_handle_conflicted_assignments",
      so: "a person is found by a filter, too",
      call: `GET ${graph}/users?$filter=userPrincipalName%20eq%20%27{upn}%27`,
      status: 200,
      keys: { "": "@odata.context value", "value.0": userKeys },
      values: { "value.0.id": "{person}", "value.1": undefined },
    },
    ...newApplication("test_app_owner"),
    {
      // Recorded with a person as the deployer, who owns at once what they make; an application that deploys does not.
      from: "prepared",
      so: "an owner is added by reference",
      call: `POST ${graph}/applications/{object}/owners/$ref`,
      body: { "@odata.id": `${graph}/directoryObjects/{person}` },
      status: 204,
    },
    {
      from: "test_app_owner",
      so: "an owner is shown with the person's own properties",
      call: `GET ${graph}/applications/{object}/owners`,
      status: 200,
      keys: { "": "@odata.context value", "value.0": `@odata.type ${userKeys}` },
      values: { "value.0.id": "{person}", "value.0.userPrincipalName": "{upn}" },
    },
    {
      from: "test_app_owner",
      so: "an owner is removed by reference",
      call: `DELETE ${graph}/applications/{object}/owners/{person}/$ref`,
      status: 204,
    },
    {
      from: "test_app_owner",
      so: "an application may end up without an owner",
      call: `GET ${graph}/applications/{object}/owners`,
      status: 200,
      values: { value: [] },
    },
    ...removal("test_app_owner"),
  ],
});
