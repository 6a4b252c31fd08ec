import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { type BotAddress, botId, botServiceVersion } from "../../infra/azure/bot-service";
import { graphGet } from "../../infra/azure/graph";
import { entraServiceName, federatedServiceName, providerWithId } from "../../infra/decisions/connection-providers";
import { addressesOf, residencies } from "../../infra/decisions/residency";

/** A bot as it stands in Azure and Entra, as far as its app in Teams has to agree with it. */
export interface DeployedBot {
  /** The bot's name at Bot Service. */
  readonly name: string;
  readonly appId: string;
  /** Host of the messaging endpoint. */
  readonly host: string;
  /** Host of the Token Service's sign-in pages. */
  readonly tokenHost: string;
  readonly teamsChannel: boolean;
  /** Undefined where no connection has a token exchange URL. */
  readonly singleSignOn: SingleSignOnFacts | undefined;
}

export interface SingleSignOnFacts {
  /** Client id of the sign-in app. */
  readonly appId: string;
  /** The address for which Teams asks a token: the sign-in app's own, where it has one. */
  readonly resource: string;
  /** By connection, what it says Teams' token is exchanged for. */
  readonly tokenExchangeUrls: Readonly<Record<string, string>>;
  readonly identifierUris: readonly string[];
  /** Clients that get the scope access_as_user without asking. */
  readonly preAuthorized: readonly string[];
  /** 2, where the application takes tokens of version 2. */
  readonly tokenVersion: number | null;
}

interface Connection {
  readonly name: string;
  readonly properties: {
    readonly clientId?: string;
    readonly serviceProviderId?: string;
    readonly parameters?: readonly { readonly key: string; readonly value: string | null }[] | null;
  };
}

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
  const [teams, list] = await Promise.all([
    arm.find<object>(`${id}/channels/MsTeamsChannel`, botServiceVersion),
    arm.get<{ value: readonly { name: string }[] }>(`${id}/connections`, botServiceVersion),
  ]);
  const names = list.value.map(({ name }) => name.split("/").at(-1)!);
  // A list leaves the parameters out.
  const connections = await Promise.all(
    names.map(async (name) => ({
      ...(await arm.get<Connection>(`${id}/connections/${name}`, botServiceVersion)),
      name,
    })),
  );
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
  connections: readonly Connection[],
): Promise<SingleSignOnFacts | undefined> {
  const ofEntra = connections.filter(({ properties }) =>
    [entraServiceName, federatedServiceName].includes(providerWithId(properties.serviceProviderId ?? "")?.name ?? ""),
  );
  const exchanging = ofEntra.flatMap(({ name, properties: { clientId, parameters } }) => {
    const url = parameters?.find(({ key }) => key.toLowerCase() === "tokenexchangeurl")?.value;
    return url && clientId ? [{ name, clientId, url }] : [];
  });
  const [first] = exchanging;
  if (!first) return undefined;
  const filter = new URLSearchParams({ $filter: `appId eq '${first.clientId}'` });
  const found = await graphGet<{ value: readonly Application[] }>(access, `/applications?${filter}`);
  const [application] = found?.value ?? [];
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
