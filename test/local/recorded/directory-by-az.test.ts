import { replay, type RecordedCall } from "./replay";

/** What azure-cli asks of Graph and of managed identities for groups, passwords and what an identity trusts. */
type Row = readonly [
  so: string,
  call: string,
  status: number,
  facts?: Omit<RecordedCall, "from" | "so" | "call" | "status">,
];

const rows = (from: string, ...all: readonly Row[]): RecordedCall[] =>
  all.map(([so, call, status, facts = {}]) => ({ from, so, call, status, ...facts }));

const graph = "https://graph.microsoft.com/v1.0";
/** An administrator who signed in makes groups; the application that deploys may not. */
const byPerson = (...all: readonly Row[]): RecordedCall[] =>
  rows("test_group_scenario", ...all).map((call) => ({ ...call, administrator: true }));

const groupKeys =
  "id deletedDateTime classification createdDateTime creationOptions description displayName expirationDateTime " +
  "groupTypes isAssignableToRole mail mailEnabled mailNickname membershipRule membershipRuleProcessingState " +
  "onPremisesDomainName onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesSamAccountName " +
  "onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation preferredLanguage proxyAddresses " +
  "renewedDateTime resourceBehaviorOptions resourceProvisioningOptions securityEnabled securityIdentifier theme " +
  "visibility onPremisesProvisioningErrors";
const userKeys =
  "@odata.type id businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage " +
  "surname userPrincipalName";
/** Where a new object of the directory is said to be. */
const madeAt = (type: string): RegExp =>
  new RegExp(
    `^https://graph\\.microsoft\\.com/v2/[0-9a-f-]{36}/directoryObjects/[0-9a-f-]{36}/Microsoft\\.DirectoryServices\\.${type}$`,
  );
const list = { "": "@odata.context value" };
const both = "displayName%20eq%20'{groupName}'%20and%20mailNickname%20eq%20'deleteme11'";
const none = { keys: list, values: { value: [] } };
const checked = (group: string, within: boolean): Row[3] => ({
  body: { groupIds: [group] },
  keys: list,
  values: { value: within ? [group] : [] },
});

const identity = "{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ide";
const trusts = `${identity}/federatedIdentityCredentials`;
const version = "api-version=2022-01-31-preview";
const trust = (account: string): object => ({
  properties: {
    issuer: "https://oidc.example/issuer",
    subject: `system:serviceaccount:ns:${account}`,
    audiences: ["api://AzureADTokenExchange"],
  },
});
const trustKeys = { "": "id name type properties", properties: "issuer subject audiences" };

const passwordKeys = "customKeyIdentifier displayName endDateTime hint keyId secretText startDateTime";
const password = (displayName: string): object => ({
  passwordCredential: { displayName, startDateTime: "2022-05-07T06:53:38Z", endDateTime: "2099-05-07T06:53:38Z" },
});

replay({
  "a group of people and groups": byPerson(
    ["a name that no group has is free", `GET ${graph}/groups?$filter=${both}`, 200, none],
    [
      "a new group says everything by its name",
      `POST ${graph}/groups`,
      201,
      {
        body: {
          displayName: "{groupName}",
          mailNickname: "deleteme11",
          description: "of the bot",
          mailEnabled: false,
          securityEnabled: true,
        },
        keys: { "": `@odata.context ${groupKeys}` },
        values: { description: "of the bot", mail: null, groupTypes: [], securityIdentifier: /^S-1-12-1(-\d+){4}$/ },
        headers: { location: madeAt("Group") },
        keep: { parent: "id" },
      },
    ],
    [
      "a group is found by both its names, so that it is not made twice",
      `GET ${graph}/groups?$filter=${both}`,
      200,
      { keys: { ...list, "value.0": groupKeys }, values: { "value.0.id": "{parent}", "value.1": undefined } },
    ],
    [
      "a group is found by how its name begins",
      `GET ${graph}/groups?$filter=startswith(displayName,'{groupName}')`,
      200,
      { keys: { "value.0": groupKeys } },
    ],
    [
      "a group is found by its name",
      `GET ${graph}/groups?$filter=displayName%20eq%20'{groupName}'`,
      200,
      { keys: { "value.0": groupKeys }, values: { "value.0.id": "{parent}" } },
    ],
    ["a group is read by its id", `GET ${graph}/groups/{parent}`, 200, { keys: { "": `@odata.context ${groupKeys}` } }],
    [
      "a group without a description has none",
      `POST ${graph}/groups`,
      201,
      {
        body: { displayName: "leaf", mailNickname: "deleteme11", mailEnabled: false, securityEnabled: true },
        keys: { "": `@odata.context ${groupKeys}` },
        values: { description: null },
        keep: { leaf: "id" },
      },
    ],
    [
      "a group is a member of another",
      `POST ${graph}/groups/{parent}/members/$ref`,
      204,
      { body: { "@odata.id": `${graph}/directoryObjects/{leaf}` } },
    ],
    ["membership is told", `POST ${graph}/directoryObjects/{leaf}/checkMemberGroups`, 200, checked("{parent}", true)],
    [
      "a member is shown as what it is",
      `GET ${graph}/groups/{parent}/members`,
      200,
      {
        keys: { ...list, "value.0": `@odata.type ${groupKeys}` },
        values: { "value.0.id": "{leaf}" },
      },
    ],
    ["a group without members has an empty list", `GET ${graph}/groups/{leaf}/members`, 200, none],
    [
      "the groups above are told",
      `POST ${graph}/groups/{leaf}/getMemberGroups`,
      200,
      { body: { securityEnabledOnly: false }, keys: list, values: { value: ["{parent}"] } },
    ],
    [
      "the uppermost group is in none",
      `POST ${graph}/groups/{parent}/getMemberGroups`,
      200,
      { body: { securityEnabledOnly: false }, ...none },
    ],
    [
      "a person is a member, too",
      `POST ${graph}/groups/{leaf}/members/$ref`,
      204,
      { body: { "@odata.id": `${graph}/directoryObjects/{person}` } },
    ],
    [
      "a person is in the groups above his own",
      `POST ${graph}/directoryObjects/{person}/checkMemberGroups`,
      200,
      checked("{parent}", true),
    ],
    [
      "a person among the members is shown with a person's properties",
      `GET ${graph}/groups/{leaf}/members`,
      200,
      { keys: { "value.0": userKeys }, values: { "value.0.id": "{person}" } },
    ],
    ["a member is taken out", `DELETE ${graph}/groups/{leaf}/members/{person}/$ref`, 204],
    [
      "who was taken out is in no group any more",
      `POST ${graph}/directoryObjects/{person}/checkMemberGroups`,
      200,
      checked("{leaf}", false),
    ],
    ["a group of an administrator has no owner", `GET ${graph}/groups/{parent}/owners`, 200, none],
    [
      "an owner is added by the person's address",
      `POST ${graph}/groups/{parent}/owners/$ref`,
      204,
      { body: { "@odata.id": `${graph}/users/{person}` } },
    ],
    [
      "an owner is shown",
      `GET ${graph}/groups/{parent}/owners`,
      200,
      { keys: { ...list, "value.0": userKeys }, values: { "value.0.userPrincipalName": "{upn}" } },
    ],
    ["an owner is taken away", `DELETE ${graph}/groups/{parent}/owners/{person}/$ref`, 204],
    ["a group is deleted", `DELETE ${graph}/groups/{parent}`, 204],
    [
      "a deleted group is not found",
      `GET ${graph}/groups/{parent}`,
      404,
      {
        error: [
          "Request_ResourceNotFound",
          "Resource '{parent}' does not exist or one of its queried reference-property objects are not present.",
        ],
        keys: { error: "code message innerError" },
      },
    ],
    ["nor by its name", `GET ${graph}/groups?$filter=displayName%20eq%20'{groupName}'`, 200, none],
  ),

  "secrets of a service principal": rows(
    "test_sp_credential",
    [
      "an application is made for it",
      `POST ${graph}/applications`,
      201,
      {
        body: { displayName: "{groupName}", keyCredentials: [] },
        headers: { location: madeAt("Application") },
        keep: { object: "id", app: "appId" },
      },
    ],
    [
      "and the service principal",
      `POST ${graph}/servicePrincipals`,
      201,
      {
        body: { appId: "{app}", accountEnabled: true },
        values: { passwordCredentials: [] },
        headers: { location: madeAt("ServicePrincipal") },
        keep: { principal: "id" },
      },
    ],
    [
      "a secret of its own is shown once",
      `POST ${graph}/servicePrincipals/{principal}/addPassword`,
      200,
      {
        body: password("key1"),
        keys: { "": `@odata.context ${passwordKeys}` },
        values: { displayName: "key1", endDateTime: "2099-05-07T06:53:38Z", secretText: /^.{40}$/ },
        keep: { first: "keyId" },
      },
    ],
    [
      "az lists it without its value",
      `GET ${graph}/servicePrincipals?$filter=servicePrincipalNames/any(c:c%20eq%20'{app}')`,
      200,
      {
        keys: { "value.0.passwordCredentials.0": passwordKeys },
        values: { "value.0.passwordCredentials.0.secretText": null },
      },
    ],
    [
      "a second one is added",
      `POST ${graph}/servicePrincipals/{principal}/addPassword`,
      200,
      { body: password("key2"), keys: { "": `@odata.context ${passwordKeys}` } },
    ],
    [
      "the first one is taken away",
      `POST ${graph}/servicePrincipals/{principal}/removePassword`,
      204,
      { body: { keyId: "{first}" } },
    ],
    [
      "the second one stays",
      `GET ${graph}/servicePrincipals/{principal}`,
      200,
      { values: { "passwordCredentials.0.displayName": "key2", "passwordCredentials.1": undefined } },
    ],
  ),

  "what an identity trusts": rows(
    "test_federated_identity_credential",
    [
      "a new identity says where it is",
      `PUT ${identity}?${version}`,
      201,
      {
        body: { location: "eastus2" },
        keys: { "": "id name type location tags properties", properties: "tenantId principalId clientId" },
        headers: { location: /^\/subscriptions\/[^/]+\/resourcegroups\/.+\/userAssignedIdentities\/ide$/ },
      },
    ],
    [
      "an identity trusts another issuer",
      `PUT ${trusts}/fic1?${version}`,
      201,
      {
        body: trust("one"),
        keys: trustKeys,
        values: { name: "fic1", type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials" },
        headers: { location: /\/federatedIdentityCredentials\/fic1$/ },
      },
    ],
    ["and a second subject", `PUT ${trusts}/fic2?${version}`, 201, { body: trust("two"), keys: trustKeys }],
    ["one is read", `GET ${trusts}/fic1?${version}`, 200, { keys: trustKeys }],
    [
      "both are listed",
      `GET ${trusts}?${version}`,
      200,
      { keys: { "": "value", "value.0": trustKeys[""] }, values: { "value.1.name": "fic2" } },
    ],
    [
      "one is changed",
      `PUT ${trusts}/fic1?${version}`,
      200,
      {
        body: trust("three"),
        keys: trustKeys,
        values: { "properties.subject": "system:serviceaccount:ns:three" },
      },
    ],
    ["one is deleted", `DELETE ${trusts}/fic1?${version}`, 200],
    ["the other stays", `GET ${trusts}?${version}`, 200, { values: { "value.0.name": "fic2", "value.1": undefined } }],
    ["the other is deleted", `DELETE ${trusts}/fic2?${version}`, 200],
    ["nothing is left", `GET ${trusts}?${version}`, 200, { values: { value: [] } }],
  ),
});
