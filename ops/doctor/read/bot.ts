import { createHash } from "node:crypto";
import { providerWithId } from "../../../infra/decisions/connection-providers";
import { botServiceVersion } from "../../../infra/azure/bot-service";
import { addressesOf, residencies } from "../../../infra/decisions/residency";
import type { Bot, Channels, Connection, Read, Site } from "../set-up";
import type { Reader } from "./reader";

interface BotAnswer {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly properties: {
    readonly endpoint?: string | null;
    readonly msaAppId: string;
    readonly msaAppType?: string | null;
    readonly msaAppTenantId?: string | null;
    readonly msaAppMSIResourceId?: string | null;
    readonly disableLocalAuth?: boolean | null;
    readonly publicNetworkAccess?: string | null;
  };
}

/** The bot of an ARM id; undefined where there is none. Throws an AzureCallError where it may not be read. */
export async function readBot({ arm }: Reader, id: string): Promise<Bot | undefined> {
  const bot = await arm.find<BotAnswer>(id, botServiceVersion);
  if (!bot) return undefined;
  const { properties, location } = bot;
  const here = location.toLowerCase().replaceAll(" ", "");
  return {
    id: bot.id,
    name: id.split("/").at(-1) ?? bot.name,
    location: here,
    residency: residencies.find((one) => addressesOf(one).botLocation === here),
    endpoint: properties.endpoint ?? "",
    appId: properties.msaAppId,
    // Bots of before 2021 say none, and are all MultiTenant.
    appType: properties.msaAppType || "MultiTenant",
    appTenantId: properties.msaAppTenantId || undefined,
    identityId: properties.msaAppMSIResourceId || undefined,
    localAuthOff: properties.disableLocalAuth === true,
    publicNetwork: (properties.publicNetworkAccess ?? "Enabled").toLowerCase() !== "disabled",
  };
}

interface ConnectionAnswer {
  readonly id: string;
  readonly properties: {
    readonly clientId?: string | null;
    readonly clientSecret?: string | null;
    readonly scopes?: string | null;
    readonly serviceProviderId?: string | null;
    readonly parameters?: readonly { readonly key: string; readonly value?: string | null }[] | null;
  };
}

/** A connection as Bot Service keeps it, its secret included; that is undefined where the caller may not read it. */
export interface KeptConnection extends Pick<
  Connection,
  | "id"
  | "name"
  | "provider"
  | "providerId"
  | "proof"
  | "clientId"
  | "scopes"
  | "hasSecret"
  | "secretHint"
  | "parameters"
> {
  readonly secret: string | undefined;
}

const proofs: Readonly<Record<string, Connection["proof"]>> = {
  Aadv2: "secret",
  Aadv2WithFic: "federated credential",
  Aadv2WithCerts: "certificate",
};

/** The connections of a bot. Throws an AzureCallError where they may not be read. */
export async function readConnections(reader: Reader, bot: string): Promise<KeptConnection[]> {
  const { value } = await reader.arm.get<{ value: readonly { name: string }[] }>(
    `${bot}/connections`,
    botServiceVersion,
  );
  return Promise.all(
    value.map(async ({ name: full }) => {
      const name = full.split("/").at(-1)!;
      const id = `${bot}/connections/${name}`;
      // A list leaves the parameters out.
      const shown = await reader.arm.get<ConnectionAnswer>(id, botServiceVersion);
      const opened = await reader.read(
        `the client secret of the connection ${name}`,
        id,
        () => reader.arm.ask<ConnectionAnswer>(`${id}/listWithSecrets`, botServiceVersion, {}),
        "It takes the action Microsoft.BotService/botServices/connections/listwithsecrets/write, which Contributor has.",
      );
      return kept(id, name, shown, opened);
    }),
  );
}

function kept(
  id: string,
  name: string,
  { properties }: ConnectionAnswer,
  opened: Read<ConnectionAnswer>,
): KeptConnection {
  const provider = providerWithId(properties.serviceProviderId ?? "");
  const secret = "value" in opened ? (opened.value.properties.clientSecret ?? "") : undefined;
  return {
    id,
    name,
    provider,
    providerId: properties.serviceProviderId ?? "",
    proof: proofs[provider?.name ?? ""] ?? "other",
    clientId: properties.clientId ?? "",
    scopes: properties.scopes ?? "",
    secretHint: secret ? secret.slice(0, hintLength) : undefined,
    hasSecret: secret === undefined ? undefined : secret !== "",
    parameters: new Map(
      (properties.parameters ?? []).flatMap(({ key, value }) => (value ? [[key.toLowerCase(), value] as const] : [])),
    ),
    secret,
  };
}

interface ChannelAnswer {
  readonly name: string;
  readonly properties: {
    readonly channelName: string;
    readonly properties?: {
      readonly sites?: readonly Partial<Site & { key: string; key2: string }>[] | null;
      readonly isEnabled?: boolean | null;
      readonly acceptedTerms?: boolean | null;
    } | null;
  };
}

/** The channels of a bot. Throws an AzureCallError where they may not be read. */
export async function readChannels(reader: Reader, bot: string): Promise<Channels> {
  const { value } = await reader.arm.get<{ value: readonly ChannelAnswer[] }>(`${bot}/channels`, botServiceVersion);
  const names = value.map(({ properties }) => properties.channelName);
  const one = (name: string): Promise<ChannelAnswer | undefined> =>
    names.includes(name)
      ? reader.arm.find<ChannelAnswer>(`${bot}/channels/${name}`, botServiceVersion)
      : Promise.resolve(undefined);
  const directLineId = `${bot}/channels/DirectLineChannel`;
  const [directLine, webChat, teams, keys] = await Promise.all([
    one("DirectLineChannel"),
    one("WebChatChannel"),
    one("MsTeamsChannel"),
    names.includes("DirectLineChannel")
      ? reader.read(
          "the keys of Direct Line",
          directLineId,
          () => reader.arm.ask<KeysAnswer>(`${directLineId}/listChannelWithKeys`, botServiceVersion, {}),
          "It takes the action Microsoft.BotService/botServices/channels/listchannelwithkeys/action, which Contributor has.",
        )
      : { value: undefined },
  ]);
  const teamsSettings = teams?.properties.properties;
  return {
    read: true,
    names,
    directLine: sitesOf(directLine),
    webChat: sitesOf(webChat),
    teams: teams && {
      isEnabled: teamsSettings?.isEnabled !== false,
      acceptedTerms: teamsSettings?.acceptedTerms ?? null,
    },
    keys:
      "value" in keys
        ? {
            value: (keys.value?.setting?.sites ?? [])
              .flatMap(({ key, key2 }) => [key, key2])
              .flatMap((key) => (key ? [digest(key)] : [])),
          }
        : keys,
  };
}

interface KeysAnswer {
  readonly setting?: { readonly sites?: readonly { readonly key?: string; readonly key2?: string }[] };
}

function sitesOf(channel: ChannelAnswer | undefined): Site[] {
  return (channel?.properties.properties?.sites ?? []).map((site) => ({
    siteName: site.siteName ?? "",
    isEnabled: site.isEnabled === true,
    isSecureSiteEnabled: site.isSecureSiteEnabled === true,
    trustedOrigins: site.trustedOrigins ?? [],
  }));
}

/** Letters of a password that Entra shows: https://learn.microsoft.com/graph/api/resources/passwordcredential */
export const hintLength = 3;

/** What two secrets are compared by. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
