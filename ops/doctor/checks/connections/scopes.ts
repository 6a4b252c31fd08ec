import { adminConsentAddress, consentTo } from "../../../../infra/facts/permissions";
import { microsoftGraph, openIdScopes, scopeOf } from "../../../../infra/facts/scopes";
import type { Connection } from "../../set-up";
import { isMissing, valueOf } from "../../set-up/read-value";
import { noApplication } from "../causes";
import type { Ungrouped } from "../check";
import { application, byEntra, each, updateConnection } from "./connection";

/** Whether what the connection asks for is there to be had, and was consented to. */
export const scopeChecks: readonly Ungrouped[] = [
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
    look: each(function* ({ id, scopes }, _setUp, wanted) {
      if (!wanted) return;
      const live = scopes.split(/[\s,]+/).filter(Boolean);
      const last = (scope: string): string => scope.slice(scope.lastIndexOf("/") + 1);
      const form = (all: readonly string[]): string => all.map(last).sort().join(" ");
      if (form(live) !== form(wanted.scopes))
        yield { where: `${id} scopes`, evidence: `"${scopes}", expected "${wanted.scopes.join(" ")}"` };
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
];

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
