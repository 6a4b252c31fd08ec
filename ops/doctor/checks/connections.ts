import { entraErrors } from "../../../contract/known-errors/entra";
import { fixFor, knownError, nothingKnown } from "../../../contract/known-errors/known-error";
import { tokenExchangeAudience, tokenStoreProof } from "../../../infra/facts/federated-subject";
import { adminConsentAddress, consentTo } from "../../../infra/facts/permissions";
import { addressesOf, residencies } from "../../../infra/facts/residency";
import { microsoftGraph, openIdScopes, scopeOf } from "../../../infra/facts/scopes";
import { type Connection, isMissing, type SetUp, valueOf } from "../set-up";
import { daysLeft } from "../../../infra/deployment/secret-life";
import { endInUse, restore, soon } from "./credentials";
import { noApplication } from "./causes";
import { type Check, inGroup, type Seen } from "./check";

type Look = (connection: Connection, setUp: SetUp) => Iterable<Omit<Seen, "about">>;

/** Looks at each connection by itself. Of an application that was handed in, nothing is mended by the program. */
const each = (look: Look) =>
  function* (setUp: SetUp): Iterable<Seen> {
    for (const connection of setUp.connections) {
      const wanted = setUp.wanted?.connections.find(({ name }) => name === connection.name);
      const handedIn =
        wanted?.clientId !== undefined ||
        setUp.wanted?.existingSignInApp?.toLowerCase() === connection.clientId.toLowerCase();
      for (const seen of look(connection, setUp)) {
        const ofOthers = seen.ofOthers ?? (handedIn && seen.where.startsWith("application "));
        yield { ...seen, about: connection.name, ofOthers };
      }
    }
  };

const updateConnection =
  "az bot authsetting delete, then az bot authsetting create with the right values: Bot Service keeps the parameters of one that exists";
const byEntra = ({ proof }: Connection): boolean => proof !== "other";

/** The tenant at which people sign in. */
const tenantOf = ({ parameters }: Connection): string => parameters.get("tenantid") || "common";

/** Whether the application of a connection is looked for in the tenant that could be read. */
function isHere(connection: Connection, { tenantId }: SetUp): boolean {
  const tenant = tenantOf(connection).toLowerCase();
  return tenant === tenantId.toLowerCase() || ["common", "organizations"].includes(tenant);
}

const application = (connection: Connection): string => `application ${connection.clientId}`;

/** The refusal's entry in the catalogue, of either walk. */
function refusedAs({ token, authorize }: Connection, ...ids: readonly string[]): string | undefined {
  for (const walk of [token, authorize]) {
    if (walk.kind !== "refused") continue;
    const id = knownError(entraErrors, { code: walk.code, message: walk.words })?.id;
    if (id !== undefined && ids.includes(id)) return walk.words;
  }
  return undefined;
}

/** OAuth's words of providers that are not Entra, and the status of GitHub's page for a client that it does not know. */
const unknownClient = ["invalid_client", "unauthorized_client", "Http404"];
const wrongRedirect = ["redirect_uri_mismatch", "invalid_redirect_uri"];

function refusedElsewhere(
  connection: Connection,
  step: "token" | "authorize",
  codes?: readonly string[],
): string | undefined {
  const walk = connection[step];
  if (walk.kind !== "refused" || walk.code === "unreachable") return undefined;
  return codes === undefined || codes.includes(walk.code) ? walk.words : undefined;
}

/** What a provider that is not Entra refuses stands in the settings, so a deployment alone mends nothing. */
function atProvider(
  { name, provider }: Connection,
  { wanted, stack }: SetUp,
  field: "clientId" | "clientSecret",
): Pick<Seen, "fix" | "ofOthers"> {
  const at = wanted?.connections.findIndex((one) => one.name === name) ?? -1;
  const setting = `pulumi config set ${field === "clientSecret" ? "--secret " : ""}--path 'connections[${at}].${field}' --stack ${stack}, then pulumi up`;
  const there = `Look up the application at ${provider?.displayName ?? "its provider"}`;
  return {
    ofOthers: true,
    fix: at < 0 ? `${there}, and write the connection with it: ${updateConnection}` : `${there}, then ${setting}`,
  };
}

/** Refusals that a check of their own tells. */
const told = [
  "redirect-address",
  "redirect-addresses-gone",
  "scope-unknown",
  "api-without-principal",
  "application-unknown",
  "application-off",
  "client-secret-wrong",
  "client-secret-ended",
  "client-secret-missing",
  "principal-missing",
  "tenant-unknown",
  "single-tenant",
];

const unreachable = [...noApplication.ofConnection, "connection-tenant"];

/** What every connection needs before a person can sign in. */
export const connectionChecks = inGroup("Connections", [
  {
    code: "connection-missing",
    what: "The bot asks for a connection that its registration does not have: every sign-in ends before it begins",
    fix: "az bot authsetting create --name <bot> --resource-group <group> --setting-name <connection> ...",
    mendedByUp: true,
    *look({ bot, wanted, connections, connectionsRead }) {
      if (!connectionsRead) return;
      const names = connections.map(({ name }) => name);
      for (const { name } of wanted?.connections ?? []) {
        if (!names.includes(name))
          yield {
            where: `${bot.id}/connections/${name}`,
            evidence: `it has ${names.join(", ") || "none"}`,
            about: name,
          };
      }
    },
  },
  {
    code: "connection-provider",
    what: "The connection signs people in at another identity provider than the settings say",
    fix: updateConnection,
    mendedByUp: true,
    look: each(function* ({ id, name, providerId, provider }, { wanted }) {
      const expected = wanted?.connections.find((one) => one.name === name)?.providerId;
      if (expected && expected.toLowerCase() !== providerId.toLowerCase())
        yield {
          where: `${id} serviceProviderId`,
          evidence: `${providerId} (${provider?.displayName ?? "unknown"}), expected ${expected}`,
        };
      else if (!expected && !provider)
        yield { where: `${id} serviceProviderId`, evidence: `${providerId}, which is no provider of Bot Service` };
    }),
  },
  {
    code: "connection-client-unknown",
    what: "The identity provider does not know the connection's application: every sign-in ends there (at Entra: AADSTS700016)",
    fix: updateConnection,
    mendedByUp: true,
    follows: ["connection-provider"],
    look: each(function* (connection, setUp) {
      const { app, id, clientId } = connection;
      const where = `${id} clientId`;
      if (!byEntra(connection)) {
        const words = refusedElsewhere(connection, "authorize", unknownClient);
        if (words) yield { where, evidence: words, ...atProvider(connection, setUp, "clientId") };
        return;
      }
      const gone = app && isMissing(app.application) && isMissing(app.principal) && isMissing(app.deleted);
      if (isHere(connection, setUp) && gone)
        yield { where, evidence: `${clientId || "nothing"}: the tenant ${setUp.tenantId} has no such application` };
      else if (!isHere(connection, setUp)) {
        const words = refusedAs(connection, "application-unknown");
        if (words) yield { where, evidence: words };
      }
    }),
  },
  {
    code: "sign-in-app-deleted",
    what: "The connection's application was deleted: nobody can sign in",
    fix: "az rest --method post --url https://graph.microsoft.com/v1.0/directory/deletedItems/<object id>/restore brings it back, within 30 days of its deletion",
    mendedByUp: false,
    look: each(function* (connection) {
      const deleted = connection.app && valueOf(connection.app.deleted);
      if (deleted)
        yield {
          where: application(connection),
          evidence: `in Entra's recycle bin since ${deleted.since}`,
          fix: restore(deleted.id),
        };
    }),
  },
  {
    code: "sign-in-principal-missing",
    what: "The connection's application has no service principal in its tenant: nobody can sign in",
    fix: "az ad sp create --id <application id>",
    mendedByUp: true,
    look: each(function* (connection) {
      const { app, clientId } = connection;
      if (app && valueOf(app.application) && isMissing(app.principal))
        yield {
          where: application(connection),
          evidence: "no service principal",
          fix: `az ad sp create --id ${clientId}`,
        };
    }),
  },
  {
    code: "sign-in-principal-disabled",
    what: "The connection's application is switched off: nobody can sign in",
    fix: "az ad sp update --id <application id> --set accountEnabled=true",
    mendedByUp: true,
    look: each(function* (connection) {
      const { app, clientId } = connection;
      if (app && valueOf(app.principal)?.accountEnabled === false)
        yield {
          where: application(connection),
          evidence: "accountEnabled of its service principal is false, expected true",
          fix: `az ad sp update --id ${clientId} --set accountEnabled=true`,
        };
    }),
  },
  {
    code: "users-must-be-assigned",
    what: "The connection's application lets in assigned people only: all others are refused (AADSTS50105)",
    fix: "Assign the people (Enterprise applications, Users and groups), or: az ad sp update --id <application id> --set appRoleAssignmentRequired=false",
    mendedByUp: true,
    look: each(function* (connection) {
      const { app, clientId } = connection;
      if (app && valueOf(app.principal)?.appRoleAssignmentRequired === true)
        yield {
          where: application(connection),
          evidence: "appRoleAssignmentRequired of its service principal is true",
          fix: `Assign the people (Enterprise applications, Users and groups), or: az ad sp update --id ${clientId} --set appRoleAssignmentRequired=false`,
        };
    }),
  },
  {
    code: "connection-tenant",
    what: "The connection signs people in at another tenant than its application takes",
    fix: updateConnection,
    mendedByUp: true,
    look: each(function* (connection, { tenantId }) {
      if (!byEntra(connection)) return;
      const where = `${connection.id} tenantId`;
      const tenant = tenantOf(connection);
      const own = connection.app && valueOf(connection.app.application);
      const single = own?.signInAudience === "AzureADMyOrg";
      const words = refusedAs(connection, "tenant-unknown", "single-tenant");
      const fix = `${updateConnection}. Its tenantId: ${tenantId}`;
      if (single && tenant.toLowerCase() !== tenantId.toLowerCase())
        yield { where, evidence: `${tenant}, expected ${tenantId}, whose people alone the application takes`, fix };
      else if (words) yield { where, evidence: words, fix };
    }),
  },
  {
    code: "sign-in-audience",
    what: "The connection's application takes other people than those who use the bot",
    fix: "az ad app update --id <application id> --sign-in-audience AzureADMyOrg",
    mendedByUp: true,
    look: each(function* (connection, { wanted }) {
      const own = connection.app && valueOf(connection.app.application);
      if (!own) return;
      const ours = wanted?.connections.some(({ name, clientId }) => name === connection.name && clientId === undefined);
      const wrong = ours ? own.signInAudience !== "AzureADMyOrg" : own.signInAudience === "PersonalMicrosoftAccount";
      if (wrong)
        yield {
          where: application(connection),
          evidence: `signInAudience is ${own.signInAudience}, expected AzureADMyOrg`,
        };
    }),
  },
  {
    code: "connection-secret-missing",
    what: "The connection has no client secret: the last step of every sign-in fails (AADSTS7000218)",
    fix: updateConnection,
    mendedByUp: true,
    follows: ["connection-provider"],
    look: each(function* ({ id, proof, hasSecret }) {
      if (proof === "secret" && hasSecret === false) yield { where: `${id} clientSecret`, evidence: "it is empty" };
    }),
  },
  {
    code: "connection-secret-expired",
    what: "The connection's client secret has ended: the last step of every sign-in fails",
    fix: "az ad app credential reset --id <application id> --append, then write the connection with the new password",
    mendedByUp: false,
    follows: unreachable,
    look: each(function* (connection, { stack, now }) {
      const { id, token, proof } = connection;
      const rotate = stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` };
      const words = token.kind === "refused" ? refusedAs(connection, "client-secret-ended") : undefined;
      if (words) {
        yield { where: `${id} clientSecret`, evidence: words, ...rotate };
        return;
      }
      const passwords = (connection.app && valueOf(connection.app.application)?.passwordCredentials) || [];
      if (token.kind !== "not walked" || proof !== "secret" || passwords.length === 0) return;
      if (passwords.every(({ endDateTime }) => Date.parse(endDateTime) <= now.getTime()))
        yield { where: application(connection), evidence: "all its passwords have ended", ...rotate };
    }),
  },
  {
    code: "connection-secret-ends-soon",
    what: "The connection's client secret ends soon: from then on nobody can sign in",
    fix: "az ad app credential reset --id <application id> --append, then write the connection with the new password",
    mendedByUp: false,
    follows: ["connection-secret-expired", "connection-secret-wrong", ...noApplication.ofConnection],
    look: each(function* (connection, { stack, now }) {
      const { app, proof, secretHint } = connection;
      const last = endInUse((app && valueOf(app.application)?.passwordCredentials) || [], secretHint);
      if (proof !== "secret" || last === undefined) return;
      const left = daysLeft(last, now);
      if (left >= 0 && left < soon)
        yield {
          where: application(connection),
          evidence: `the password in use ends on ${last}, in ${left} days`,
          ...(stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` }),
        };
    }),
  },
  {
    code: "connection-secret-wrong",
    what: "The connection's client secret is none of its application's: the last step of every sign-in fails",
    fix: "az ad app credential reset --id <application id> --append, then write the connection with the new password",
    mendedByUp: true,
    follows: [...unreachable, "connection-secret-expired", "connection-secret-missing"],
    look: each(function* (connection, setUp) {
      const words = refusedAs(connection, "client-secret-wrong");
      const where = `${connection.id} clientSecret`;
      if (words) yield { where, evidence: words };
      const elsewhere = byEntra(connection) ? undefined : refusedElsewhere(connection, "token");
      if (elsewhere) yield { where, evidence: elsewhere, ...atProvider(connection, setUp, "clientSecret") };
    }),
  },
  {
    code: "redirect-residency",
    what: "The connection's application has the Token Service's redirect address of another residency: AADSTS50011",
    fix: "az ad app update --id <application id> --web-redirect-uris <the address that is expected>",
    mendedByUp: true,
    follows: ["residency-mismatch"],
    look: each(function* (connection, setUp) {
      const { redirect, addresses } = redirects(connection, setUp);
      if (!addresses || addresses.web.includes(redirect) || addresses.others.includes(redirect)) return;
      const elsewhere = addresses.web.find((address) => tokenServices.includes(address));
      if (elsewhere)
        yield {
          where: application(connection),
          evidence: `it has ${elsewhere}, expected ${redirect}`,
          fix: addRedirect(connection, redirect),
        };
    }),
  },
  {
    code: "redirect-platform",
    what: "The redirect address stands under another platform than Web: the Token Service's secret is then refused",
    fix: "Move it to the platform Web: az ad app update --id <application id> --web-redirect-uris <address>",
    mendedByUp: true,
    look: each(function* (connection, setUp) {
      const { redirect, addresses } = redirects(connection, setUp);
      if (addresses && !addresses.web.includes(redirect) && addresses.others.includes(redirect))
        yield {
          where: application(connection),
          evidence: `${redirect} is one of a single-page or mobile application, expected of Web`,
          fix: addRedirect(connection, redirect),
        };
    }),
  },
  {
    code: "redirect-missing",
    what: "The connection's application does not have the Token Service's redirect address: every sign-in ends with AADSTS50011",
    fix: "az ad app update --id <application id> --web-redirect-uris <address>",
    mendedByUp: true,
    follows: ["redirect-residency", "redirect-platform", "residency-mismatch", ...unreachable],
    look: each(function* (connection, setUp) {
      const { redirect, addresses } = redirects(connection, setUp);
      const fix = addRedirect(connection, redirect);
      const words = refusedAs(connection, "redirect-address", "redirect-addresses-gone");
      if (addresses && !addresses.web.includes(redirect))
        yield {
          where: application(connection),
          evidence: `it has ${addresses.web.join(", ") || "none"}, expected ${redirect}`,
          fix,
        };
      else if (!addresses && words) yield { where: application(connection), evidence: words, fix };
      const elsewhere = byEntra(connection) ? undefined : refusedElsewhere(connection, "authorize", wrongRedirect);
      if (elsewhere)
        yield {
          where: application(connection),
          evidence: elsewhere,
          fix: `Register ${redirect} as redirect address of ${connection.clientId} at ${connection.provider?.displayName ?? "its provider"}`,
          ofOthers: true,
        };
    }),
  },
  {
    code: "public-client",
    what: "The connection's application is a public client: the Token Service's secret is refused (AADSTS700025)",
    fix: "az ad app update --id <application id> --is-fallback-public-client false",
    mendedByUp: true,
    look: each(function* (connection) {
      const words = connection.token.kind === "refused" ? refusedAs(connection, "public-client") : undefined;
      if (words) yield { where: application(connection), evidence: words };
    }),
  },
  {
    code: "scopes-of-two-resources",
    what: "The connection asks for scopes of more than one API: Entra gives a token for one alone (AADSTS70011)",
    fix: "Make a connection for each API",
    mendedByUp: true,
    look: each(function* (connection) {
      const resources = [
        ...new Set(scopesOf(connection).flatMap(({ resource }) => (resource === undefined ? [] : [resource]))),
      ];
      if (resources.length > 1)
        yield { where: `${connection.id} scopes`, evidence: `"${connection.scopes}": ${resources.join(" and ")}` };
    }),
  },
  {
    code: "connection-scopes",
    what: "The connection asks for other scopes than the settings say",
    fix: updateConnection,
    mendedByUp: true,
    follows: ["scopes-of-two-resources", "scope-unknown", "connection-provider"],
    look: each(function* ({ id, name, scopes }, { wanted }) {
      const expected = wanted?.connections.find((one) => one.name === name);
      if (!expected) return;
      const live = scopes.split(/[\s,]+/).filter(Boolean);
      const last = (scope: string): string => scope.slice(scope.lastIndexOf("/") + 1);
      const form = (all: readonly string[]): string => all.map(last).sort().join(" ");
      if (form(live) !== form(expected.scopes))
        yield { where: `${id} scopes`, evidence: `"${scopes}", expected "${expected.scopes.join(" ")}"` };
    }),
  },
  {
    code: "scope-unknown",
    what: "The connection asks for a scope that its API does not have; scopes are case-sensitive (AADSTS650053)",
    fix: "Correct the scopes of the connection: az bot authsetting create with --service-provider-scopes",
    mendedByUp: true,
    follows: ["scopes-of-two-resources"],
    look: each(function* (connection) {
      for (const { text, resource, value } of scopesOf(connection)) {
        if (resource === undefined || value === ".default") continue;
        const read = connection.apis.get(resource);
        const api = read && valueOf(read);
        if (read && isMissing(read))
          yield { where: `${connection.id} scopes`, evidence: `${text}: the tenant has no API ${resource}` };
        else if (api && !api.oauth2PermissionScopes.some((one) => one.value === value && one.isEnabled)) {
          const meant = api.oauth2PermissionScopes.find(
            (one) => one.value.toLowerCase() === value.toLowerCase(),
          )?.value;
          yield {
            where: `${connection.id} scopes`,
            evidence: `${text}: ${api.displayName} has no such delegated permission${meant && meant !== value ? `; it is called ${meant}` : ""}`,
          };
        }
      }
    }),
  },
  {
    code: "scope-not-declared",
    what: "The connection asks for a permission that its application does not list: an administrator's consent for everyone leaves it out",
    fix: "az ad app permission add --id <application id> --api <api> --api-permissions <permission id>=Scope",
    mendedByUp: true,
    follows: ["scope-unknown", "scopes-of-two-resources", "connection-scopes", ...noApplication.ofConnection],
    look: each(function* (connection) {
      const own = connection.app && valueOf(connection.app.application);
      if (!own) return;
      const unlisted = permissionsOf(connection).filter(
        ({ api, permission }) =>
          !own.requiredResourceAccess
            .find(({ resourceAppId }) => resourceAppId === api.appId)
            ?.resourceAccess.some(({ id }) => id === permission.id),
      );
      const [first] = unlisted;
      if (!first) return;
      const names = unlisted.map(({ permission }) => permission.value).join(", ");
      const wanted = unlisted.map(({ permission }) => `${permission.id}=Scope`).join(" ");
      yield {
        where: application(connection),
        evidence: `requiredResourceAccess lacks ${names} of ${first.api.displayName}`,
        fix: `az ad app permission add --id ${connection.clientId} --api ${first.api.appId} --api-permissions ${wanted}`,
      };
    }),
  },
  {
    code: "consent-missing",
    what: 'No administrator has consented for everyone: people meet "Need admin approval" and cannot go on',
    fix: "An administrator consents at the address that the application's page in Entra has (API permissions, Grant admin consent)",
    mendedByUp: false,
    follows: [
      "scope-unknown",
      "scopes-of-two-resources",
      "scope-not-declared",
      "connection-scopes",
      ...noApplication.ofConnection,
    ],
    look: each(function* (connection, { tenantId, stack }) {
      if (!("value" in connection.grants)) return;
      const given = connection.grants.value;
      const missing = permissionsOf(connection)
        .filter(({ api, permission }) => consentTo(api.appId, permission.value, permission.type) === "administrator")
        .filter(
          ({ api, permission }) =>
            !given.some(
              ({ consentType, resourceId, scope }) =>
                consentType === "AllPrincipals" && resourceId === api.id && scope.split(" ").includes(permission.value),
            ),
        )
        .map(({ api, permission }) => `${permission.value} of ${api.displayName}`);
      if (missing.length === 0) return;
      const address = adminConsentAddress(tenantId, connection.clientId);
      yield {
        where: application(connection),
        evidence: `only an administrator can consent to ${missing.join(", ")}, and none has for everyone`,
        fix: stack === undefined ? `An administrator consents at ${address}` : `npm run consent -- ${stack} --open`,
      };
    }),
  },
  ...federatedChecks(),
  {
    code: "connection-refused",
    what: "A sign-in by this connection is refused before the person's turn",
    fix: nothingKnown(),
    mendedByUp: false,
    follows: [
      ...unreachable,
      "redirect-missing",
      "redirect-platform",
      "redirect-residency",
      "scope-unknown",
      "scopes-of-two-resources",
      "public-client",
      "connection-secret-missing",
      "connection-secret-wrong",
      "residency-mismatch",
    ],
    look: each(function* ({ id, token, authorize, proof }) {
      for (const walk of [token, authorize]) {
        if (walk.kind !== "refused") continue;
        const known = knownError(entraErrors, { code: walk.code, message: walk.words });
        if (known && told.includes(known.id)) continue;
        if (proof === "other" && [...unknownClient, ...wrongRedirect].includes(walk.code)) continue;
        yield { where: id, evidence: walk.words, ...(known && { fix: fixFor(known) }) };
      }
    }),
  },
]);

const tokenServices = residencies.map((one) => addressesOf(one).redirectAddress);

/** The redirect address that a connection's application needs, and those that it has; undefined where they could not be read. */
function redirects(
  { app }: Connection,
  { bot }: SetUp,
): { redirect: string; addresses?: { web: readonly string[]; others: readonly string[] } } {
  const redirect = addressesOf(bot.residency ?? "global").redirectAddress;
  const own = app && valueOf(app.application);
  if (!own) return { redirect };
  return {
    redirect,
    addresses: {
      web: own.web.redirectUris,
      others: [...(own.spa?.redirectUris ?? []), ...(own.publicClient?.redirectUris ?? [])],
    },
  };
}

function addRedirect({ app, clientId }: Connection, redirect: string): string {
  const own = (app && valueOf(app.application)?.web.redirectUris) || [];
  const all = [...own.filter((address) => !tokenServices.includes(address)), redirect].join(" ");
  return `az ad app update --id ${clientId} --web-redirect-uris ${all}`;
}

interface Asked {
  readonly text: string;
  readonly resource: string | undefined;
  readonly value: string;
}

function scopesOf(connection: Connection): Asked[] {
  if (!byEntra(connection)) return [];
  return connection.scopes
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((text) => {
      const scope = scopeOf(text);
      return [{ text, resource: scope ? scope.resource : microsoftGraph, value: scope?.value ?? text }];
    });
}

/** The permissions of APIs that a connection's scopes are; those of OpenID Connect need no consent by themselves. */
function permissionsOf(connection: Connection) {
  return scopesOf(connection).flatMap(({ resource, value }) => {
    const read = resource === undefined ? undefined : connection.apis.get(resource);
    const api = read && valueOf(read);
    const permission = api?.oauth2PermissionScopes.find((one) => one.value === value && !openIdScopes.includes(value));
    return api && permission ? [{ api, permission }] : [];
  });
}

/** The proof of the Token Service in place of a client secret, against the application's federated credentials. */
function federatedChecks(): Omit<Check, "group">[] {
  const wanted = (
    { parameters, proof }: Connection,
    { tenantId }: SetUp,
  ): { issuer: string; subject: string } | undefined => {
    const tail = parameters.get("uniqueidentifier");
    if (proof !== "federated credential" || !tail || tail.includes("/")) return undefined;
    return tokenStoreProof(parameters.get("tenantid") ?? tenantId, tail);
  };
  const create = ({ clientId }: Connection, { issuer, subject }: { issuer: string; subject: string }): string =>
    `az ad app federated-credential create --id ${clientId} --parameters '${JSON.stringify({ name: "token-service", issuer, subject, audiences: [tokenExchangeAudience] })}'`;
  const federated = (
    code: string,
    what: string,
    judge: (connection: Connection, proof: { issuer: string; subject: string }, setUp: SetUp) => string | undefined,
  ): Omit<Check, "group"> => ({
    code,
    what,
    fix: "az ad app federated-credential create --id <application id> --parameters credential.json",
    mendedByUp: true,
    follows: noApplication.ofConnection,
    look: each(function* (connection, setUp) {
      const proof = wanted(connection, setUp);
      const evidence =
        proof && connection.app && valueOf(connection.app.application) && judge(connection, proof, setUp);
      if (evidence) yield { where: application(connection), evidence, fix: create(connection, proof!) };
    }),
  });
  const of = ({ app }: Connection) => (app && valueOf(app.federated)) || [];
  const couldNot = ({ app }: Connection): boolean => !app || "unread" in app.federated;
  return [
    federated(
      "federated-credential-missing",
      "The connection's application has no federated credential of the Token Service: the last step of every sign-in fails",
      (connection, { issuer, subject }) => {
        const near = of(connection).some(
          (one) => one.issuer === issuer || one.subject === subject || isTokenStores(one.subject),
        );
        if (couldNot(connection) || near) return undefined;
        return `it has ${
          of(connection)
            .map(({ name }) => name)
            .join(", ") || "none"
        }, expected one with the issuer ${issuer} and the subject ${subject}`;
      },
    ),
    federated(
      "federated-issuer",
      "The federated credential of the Token Service names another issuer than the application's tenant (AADSTS700211)",
      (connection, { issuer, subject }) => {
        if (of(connection).some((one) => one.issuer === issuer)) return undefined;
        const other = of(connection).find((one) => one.subject === subject || isTokenStores(one.subject));
        return other && `${other.name}: the issuer ${other.issuer}, expected ${issuer}`;
      },
    ),
    federated(
      "federated-subject",
      "The federated credential of the Token Service has another subject than the connection's (AADSTS7002137)",
      (connection, { issuer, subject }) => {
        if (of(connection).some((one) => one.subject === subject)) return undefined;
        const other = of(connection).find((one) => one.issuer === issuer || isTokenStores(one.subject));
        return other && `${other.name}: the subject ${other.subject}, expected ${subject}`;
      },
    ),
    federated(
      "federated-audience",
      "The federated credential of the Token Service has another audience (AADSTS700212)",
      (connection, { issuer, subject }) => {
        const ours = of(connection).find((one) => one.issuer === issuer && one.subject === subject);
        if (!ours || ours.audiences.includes(tokenExchangeAudience)) return undefined;
        return `${ours.name}: the audience ${ours.audiences.join(", ")}, expected ${tokenExchangeAudience}`;
      },
    ),
  ];
}

function isTokenStores(subject: string): boolean {
  return subject.toLowerCase().startsWith("/eid1/c/pub/t/");
}
