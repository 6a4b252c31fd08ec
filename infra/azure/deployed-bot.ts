import type { Access } from "./access";
import { armClient } from "./arm";
import { type BotConnection, entraConnections } from "./bot-connections";
import { type BotAddress, botId, botServiceVersion } from "./bot-service";
import { withClientId } from "./graph";
import { addressesOf, residencies } from "../facts/residency";
import type { DeployedBot, SingleSignOnFacts } from "../deployment/teams-agreement";

interface Application {
  readonly identifierUris: readonly string[];
  readonly api: {
    readonly requestedAccessTokenVersion: number | null;
    readonly oauth2PermissionScopes?: readonly {
      readonly id: string;
      readonly value: string;
      readonly isEnabled: boolean;
    }[];
    readonly preAuthorizedApplications?: readonly {
      readonly appId: string;
      readonly delegatedPermissionIds: readonly string[];
    }[];
  };
}

/**
 * Looks at a bot in Azure and at its sign-in application in Entra; changes nothing. Undefined where there is no such bot.
 * Throws an AzureCallError where either may not be read.
 */
export async function lookAtBot(access: Access, address: BotAddress): Promise<DeployedBot | undefined> {
  const arm = armClient(access);
  const id = botId(address);
  const bot = await arm.find<{ location: string; properties: { msaAppId: string; endpoint: string } }>(
    id,
    botServiceVersion,
  );
  if (!bot) return undefined;
  const [teams, connections] = await Promise.all([
    arm.find<object>(`${id}/channels/MsTeamsChannel`, botServiceVersion),
    entraConnections(arm, id),
  ]);
  const residency = residencies.map(addressesOf).find(({ botLocation }) => botLocation === bot.location.toLowerCase());
  return {
    name: address.botName,
    appId: bot.properties.msaAppId,
    host: new URL(bot.properties.endpoint).host,
    tokenHost: new URL((residency ?? addressesOf("global")).redirectAddress).host,
    teamsChannel: teams !== undefined,
    singleSignOn: await singleSignOnOf(access, connections),
  };
}

async function singleSignOnOf(
  access: Access,
  connections: readonly BotConnection[],
): Promise<SingleSignOnFacts | undefined> {
  const exchanging = connections.flatMap(({ name, clientId, parameters }) => {
    const url = parameters.get("tokenexchangeurl");
    return url && clientId ? [{ name, clientId, url }] : [];
  });
  const [first] = exchanging;
  if (!first) return undefined;
  const [application] = await withClientId<Application>(access, "applications", first.clientId);
  const scope = application?.api.oauth2PermissionScopes?.find(
    ({ value, isEnabled }) => value === "access_as_user" && isEnabled,
  );
  const identifierUris = application?.identifierUris ?? [];
  return {
    appId: first.clientId,
    resource: identifierUris.find((uri) => uri.startsWith("api://")) ?? first.url,
    tokenExchangeUrls: Object.fromEntries(exchanging.map(({ name, url }) => [name, url])),
    identifierUris,
    preAuthorized: (application?.api.preAuthorizedApplications ?? [])
      .filter(({ delegatedPermissionIds }) => scope !== undefined && delegatedPermissionIds.includes(scope.id))
      .map(({ appId }) => appId),
    tokenVersion: application?.api.requestedAccessTokenVersion ?? null,
  };
}
