import { liveDisagreements, type DeployedBot, type TeamsRule } from "../../../infra/deployment/teams-agreement";
import { identifierUri } from "../../../infra/connections/parameters";
import { addressesOf } from "../../../infra/facts/residency";
import type { SetUp } from "../set-up";
import { valueOf } from "../set-up/read-value";
import { noApplication } from "./causes";
import { type Check, inGroup } from "./check";

/** The connections with single sign-on: those that say what Teams' token is exchanged for. */
function exchanging({ connections }: SetUp) {
  return connections.flatMap((connection) => {
    const url = connection.parameters.get("tokenexchangeurl");
    const application = connection.app && valueOf(connection.app.application);
    return url ? [{ connection, url, application }] : [];
  });
}

/** The bot as the rules of its app in Teams compare it; undefined where what they compare could not be read. */
function botOfTeams(setUp: SetUp): DeployedBot | undefined {
  const { bot, channels } = setUp;
  const all = exchanging(setUp);
  const [first] = all;
  if (first && !first.application) return undefined;
  const { application } = first ?? {};
  const scope = application?.api.oauth2PermissionScopes.find(
    ({ value, isEnabled }) => value === accessAsUser && isEnabled,
  );
  return {
    name: bot.name,
    appId: bot.appId,
    host: URL.canParse(bot.endpoint) ? new URL(bot.endpoint).host : bot.endpoint,
    tokenHost: new URL(addressesOf(bot.residency ?? "global").redirectAddress).host,
    teamsChannel: channels.teams !== undefined || !channels.read,
    singleSignOn: first &&
      application && {
        appId: first.connection.clientId,
        resource: application.identifierUris.find((uri) => uri.startsWith("api://")) ?? first.url,
        tokenExchangeUrls: Object.fromEntries(all.map(({ connection, url }) => [connection.name, url])),
        identifierUris: application.identifierUris,
        preAuthorized: application.api.preAuthorizedApplications
          .filter(({ delegatedPermissionIds }) => scope !== undefined && delegatedPermissionIds.includes(scope.id))
          .map(({ appId }) => appId),
        tokenVersion: application.api.requestedAccessTokenVersion,
      },
  };
}

const accessAsUser = "access_as_user";

/** A rule of the app in Teams, as a check. */
function agreement(code: TeamsRule, what: string, fix: string, follows: readonly string[] = []): Omit<Check, "group"> {
  return {
    code,
    what,
    fix,
    mendedByUp: true,
    follows: [...noApplication.ofConnection, ...follows],
    *look(setUp) {
      const bot = botOfTeams(setUp);
      // Who has no Teams need not have it: of a bot that was made elsewhere only the rest has to agree.
      const silent = code === "teams-channel-missing" && !setUp.wanted?.teams;
      for (const one of bot && !silent ? liveDisagreements(bot, setUp.stack ?? "") : []) {
        if (one.code === code)
          yield { where: whereOf(code, setUp), evidence: `${one.found}, expected ${one.expected}: ${one.consequence}` };
      }
    },
  };
}

function whereOf(code: TeamsRule, setUp: SetUp): string {
  const [first] = exchanging(setUp);
  if (code === "teams-channel-missing") return `${setUp.bot.id}/channels/MsTeamsChannel`;
  if (code === "token-exchange-url") return `${first?.connection.id ?? setUp.bot.id} tokenExchangeUrl`;
  return `application ${first?.connection.clientId ?? ""}`;
}

/** Silent sign-in in Teams, and Teams itself. */
export const teamsChecks = inGroup("Teams", [
  agreement(
    "teams-channel-missing",
    "The bot is not in Teams",
    "az bot msteams create --resource-group <group> --name <bot>",
  ),
  {
    code: "teams-channel-disabled",
    what: "The bot's channel Microsoft Teams is switched off",
    fix: "az bot msteams create --resource-group <group> --name <bot>",
    mendedByUp: true,
    *look({ bot, channels }) {
      if (channels.teams?.isEnabled === false)
        yield { where: `${bot.id}/channels/MsTeamsChannel isEnabled`, evidence: "false, expected true" };
    },
  },
  {
    code: "single-sign-on-off",
    what: "No connection says what Teams' token is exchanged for, and the settings want single sign-on: Teams shows a card",
    fix: "Write the connection with the parameter tokenExchangeUrl",
    mendedByUp: true,
    follows: ["connection-missing", "connection-provider"],
    *look(setUp) {
      const { wanted, bot, connections } = setUp;
      const some = connections.some(({ proof }) => proof !== "other");
      if (wanted?.singleSignOn && !wanted.existingSignInApp && some && exchanging(setUp).length === 0)
        yield {
          where: `${bot.id}/connections tokenExchangeUrl`,
          evidence: `nothing, expected ${identifierUri(bot.appId)}`,
        };
    },
  },
  agreement(
    "token-exchange-url",
    "The connection's token exchange URL is not the address of the bot: Teams falls silent",
    "az bot authsetting delete, then az bot authsetting create with the right tokenExchangeUrl",
  ),
  agreement(
    "identifier-uri-missing",
    "The sign-in application does not have the address for which Teams asks a token",
    "az ad app update --id <application id> --identifier-uris api://botid-<bot's application id>",
    ["token-exchange-url"],
  ),
  {
    code: "exposed-scope-missing",
    what: "The sign-in application does not offer the scope access_as_user: Teams gets no token for it",
    fix: "Add the scope access_as_user (App registrations, Expose an API)",
    mendedByUp: true,
    *look(setUp) {
      const [first] = exchanging(setUp);
      if (
        first?.application &&
        !first.application.api.oauth2PermissionScopes.some(({ value }) => value === accessAsUser)
      )
        yield {
          where: `application ${first.connection.clientId}`,
          evidence: `it offers ${first.application.api.oauth2PermissionScopes.map(({ value }) => value).join(", ") || "none"}`,
        };
    },
  },
  {
    code: "exposed-scope-disabled",
    what: "The scope access_as_user of the sign-in application is switched off: Teams gets no token for it",
    fix: "Enable it (App registrations, Expose an API)",
    mendedByUp: true,
    *look(setUp) {
      const [first] = exchanging(setUp);
      const scope = first?.application?.api.oauth2PermissionScopes.find(({ value }) => value === accessAsUser);
      if (scope && !scope.isEnabled)
        yield { where: `application ${first!.connection.clientId}`, evidence: "isEnabled is false, expected true" };
    },
  },
  agreement(
    "teams-client-not-authorized",
    "The sign-in application does not let Teams in without asking: everybody is asked for consent in Teams",
    "Add Teams' clients (App registrations, Expose an API, Add a client application)",
    ["exposed-scope-missing", "exposed-scope-disabled"],
  ),
  agreement(
    "access-token-version",
    "The sign-in application takes tokens of version 1: the Token Service refuses what Teams hands over",
    "az rest --method patch --url https://graph.microsoft.com/v1.0/applications(appId='<application id>') --body '{\"api\":{\"requestedAccessTokenVersion\":2}}'",
  ),
]);
