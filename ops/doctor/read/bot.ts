import { createHash } from "node:crypto";
import { type BotConnection, botConnections } from "../../../infra/azure/bot-connections";
import { botServiceVersion, type RegistrationAnswer, registrationOf } from "../../../infra/azure/bot-service";
import { addressesOf, residencies } from "../../../infra/facts/residency";
import type { Bot, Channels, Connection, Site } from "../set-up";
import type { Reader } from "./reader";

interface BotAnswer extends RegistrationAnswer {
  readonly name: string;
  readonly properties: RegistrationAnswer["properties"] & {
    readonly disableLocalAuth?: boolean | null;
    readonly publicNetworkAccess?: string | null;
  };
}

/** The bot of an ARM id; undefined where there is none. Throws an AzureCallError where it may not be read. */
export async function readBot({ arm }: Reader, id: string): Promise<Bot | undefined> {
  const bot = await arm.find<BotAnswer>(id, botServiceVersion);
  if (!bot) return undefined;
  const { disableLocalAuth, publicNetworkAccess } = bot.properties;
  const registration = registrationOf(bot);
  return {
    ...registration,
    name: id.split("/").at(-1) ?? bot.name,
    residency: residencies.find((one) => addressesOf(one).botLocation === registration.location),
    localAuthOff: disableLocalAuth === true,
    publicNetwork: (publicNetworkAccess ?? "Enabled").toLowerCase() !== "disabled",
  };
}

interface SecretAnswer {
  readonly properties: { readonly clientSecret?: string | null };
}

/** A connection as Bot Service keeps it, its secret included; that is undefined where the caller may not read it. */
export interface KeptConnection extends BotConnection, Pick<Connection, "proof" | "hasSecret" | "secretHint"> {
  readonly secret: string | undefined;
}

const proofs: Readonly<Record<string, Connection["proof"]>> = {
  Aadv2: "secret",
  Aadv2WithFic: "federated credential",
  Aadv2WithCerts: "certificate",
};

/** The connections of a bot. Throws an AzureCallError where they may not be read. */
export async function readConnections(reader: Reader, bot: string): Promise<KeptConnection[]> {
  const connections = await botConnections(reader.arm, bot);
  return Promise.all(
    connections.map(async (connection) => {
      const { id, name, provider } = connection;
      const opened = await reader.read(
        `the client secret of the connection ${name}`,
        id,
        () => reader.arm.ask<SecretAnswer>(`${id}/listWithSecrets`, botServiceVersion, {}, ["properties"]),
        "It takes the action Microsoft.BotService/botServices/connections/listwithsecrets/write, which Contributor has.",
      );
      const secret = "value" in opened ? (opened.value.properties.clientSecret ?? "") : undefined;
      return {
        ...connection,
        proof: proofs[provider?.name ?? ""] ?? "other",
        secretHint: secret ? secret.slice(0, hintLength) : undefined,
        hasSecret: secret === undefined ? undefined : secret !== "",
        secret,
      };
    }),
  );
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
  const channels = await reader.arm.list<ChannelAnswer>(`${bot}/channels`, botServiceVersion);
  const names = channels.map(({ properties }) => properties.channelName);
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
          () => reader.arm.ask<KeysAnswer>(`${directLineId}/listChannelWithKeys`, botServiceVersion, {}, ["setting"]),
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
