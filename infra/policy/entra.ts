import { identifierUri } from "../connections/parameters";
import { tokenExchangeAudience, tokenStoreProof } from "../facts/federated-subject";
import { addressesOf, residencies } from "../facts/residency";
import { teamsClients } from "../facts/teams-clients";
import { guid, is, listOf, matching, objectOf, optional, ownNameOf, type Predicate, text } from "./predicates";
import { by, entraTags, name, type Rows, value } from "./rows";
import { secretEnd } from "./secret-end";
import { types } from "./types";

const tenant = by("single-tenant");
const rights = by("least-rights");
const redirects = by("redirect-addresses");

const redirectAddresses = residencies.map((residency) => addressesOf(residency).redirectAddress);
const anApplication = matching(/^\/applications\/[0-9a-f-]{36}$/i, "the id of an application");
/** Whoever deploys, and nobody else: an owner can give the application another password. */
const owners = rights(listOf(guid, 1, 1));

/** The one scope of the sign-in app, by which Teams hands over a user's token. */
const ownScope: Predicate = objectOf({
  id: guid,
  value: is("access_as_user"),
  type: is("User"),
  enabled: is(true),
  adminConsentDisplayName: text(),
  adminConsentDescription: text(),
  userConsentDisplayName: text(),
  userConsentDescription: text(),
});

/** What an application may do for a signed-in user, never by itself. Whether a connection asks for it, the whole stack shows. */
const delegated = objectOf({
  resourceAppId: guid,
  resourceAccesses: listOf(objectOf({ id: guid, type: is("Scope") }), 1),
});

const [uriBefore, uriAfter] = identifierUri("|").split("|") as [string, string];

const ofTokenStore = "of the Bot Framework's Token Store in the tenant of vault and bot";
/** Nobody else: whoever the credential names signs people in as the application. */
const tokenStoreIssuer: Predicate = {
  wants: `the issuer ${ofTokenStore}`,
  test: (given, { setUp }) => setUp.tenants.every((tenantId) => tokenStoreProof(tenantId, "any").issuer === given),
};
const tokenStoreSubject: Predicate = {
  wants: `the subject ${ofTokenStore}, with a GUID as its tail`,
  test(given, context) {
    const tail = String(given).split("/").at(-1)!;
    const proves = (tenantId: string): boolean => tokenStoreProof(tenantId, tail).subject === given;
    return guid.test(tail, context) && context.setUp.tenants.every(proves);
  },
};

/** A certificate of somebody's lets him be the application; as long as the vault has not made ours, none is known. */
const ownCertificate: Predicate = {
  wants: "a certificate that the set-up's own vault makes",
  test: (given, context) =>
    context.setUp.members.some(({ type }) => type === types.vaultCertificate) &&
    ownNameOf(types.vaultCertificate, "certificate").test(given, context),
};

export const entraRows: Readonly<Record<string, Rows>> = {
  [types.application]: {
    displayName: name,
    signInAudience: tenant(is("AzureADMyOrg")),
    owners,
    tags: entraTags,
    serviceManagementReference: value(optional(text())),
    "api.requestedAccessTokenVersion": value(is(2)),
    "api.oauth2PermissionScopes": rights(optional(listOf(ownScope, 0, 1))),
    "web.redirectUris": redirects(optional(listOf(is(...redirectAddresses), 0, 1))),
    "web.implicitGrant.accessTokenIssuanceEnabled": rights(optional(is(false))),
    "web.implicitGrant.idTokenIssuanceEnabled": rights(optional(is(false))),
    requiredResourceAccesses: rights(optional(listOf(delegated))),
    // Set by azuread where the program does not.
    preventDuplicateNames: value(optional(is(false))),
    fallbackPublicClientEnabled: rights(optional(is(false))),
    // Other ways to be sent a user's code or token than to the Token Service.
    "publicClient.redirectUris": redirects(optional(is([]))),
    "singlePageApplication.redirectUris": redirects(optional(is([]))),
  },
  [types.servicePrincipal]: {
    clientId: tenant(guid),
    owners: rights(optional(listOf(guid, 1, 1))),
    tags: entraTags,
    useExisting: rights(optional(is(false))),
    accountEnabled: value(optional(is(true))),
    appRoleAssignmentRequired: value(optional(is(false))),
  },
  [types.applicationPassword]: {
    applicationId: tenant(anApplication),
    displayName: name,
    endDate: secretEnd((given) => (typeof given === "string" ? Date.parse(given) : Number.NaN)),
  },
  [types.applicationCertificate]: {
    applicationId: tenant(anApplication),
    type: value(is("AsymmetricX509Cert")),
    encoding: value(is("base64")),
    value: rights(ownCertificate),
    startDate: name,
    endDate: secretEnd((given) => (typeof given === "string" ? Date.parse(given) : Number.NaN)),
  },
  [types.federatedCredential]: {
    applicationId: tenant(anApplication),
    displayName: name,
    description: name,
    audiences: rights(is([tokenExchangeAudience])),
    issuer: rights(tokenStoreIssuer),
    subject: rights(tokenStoreSubject),
  },
  [types.identifierUri]: {
    applicationId: tenant(anApplication),
    identifierUri: rights(
      matching(new RegExp(`^${uriBefore}[0-9a-f-]{36}${uriAfter}$`, "i"), `${identifierUri("<the bot's client id>")}`),
    ),
  },
  [types.preAuthorized]: {
    applicationId: tenant(anApplication),
    authorizedClientId: rights(is(...Object.values(teamsClients))),
    permissionIds: rights(listOf(guid, 1, 1)),
  },
  [types.grant]: {
    servicePrincipalObjectId: rights(guid),
    resourceServicePrincipalObjectId: rights(guid),
    claimValues: rights(listOf(matching(/^[A-Za-z0-9._:-]+$/, "the name of a delegated permission"))),
  },
  [types.randomString]: {
    length: value({ wants: "8 characters or more", test: (given) => Number(given) >= 8 }),
    ...random({ special: false, upper: false }),
  },
  [types.randomPassword]: {
    length: value({ wants: "32 characters or more", test: (given) => Number(given) >= 32 }),
    ...random({ special: false }),
  },
  [types.randomUuid]: { keepers: name },
};

/** @param given what the program may say; all else has the provider's own defaults */
function random(given: Readonly<Record<string, boolean>>): Rows {
  const switches = ["special", "upper", "lower", "number", "numeric"].map(
    (field) => [field, value(optional(is(field in given ? given[field] : true, true)))] as const,
  );
  const fewest = ["minLower", "minNumeric", "minSpecial", "minUpper"].map(
    (field) => [field, value(optional(is(0)))] as const,
  );
  const keepers = value({ wants: "texts that are no secrets", test: () => true });
  return { ...Object.fromEntries([...switches, ...fewest]), keepers };
}
