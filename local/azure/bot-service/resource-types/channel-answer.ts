import type { Azure, Resource } from "../../service";
import { botIdOf, childName, weakEtag } from "./answer";
import { channelType } from "./names";
import type { Site } from "./site";

/** `directlinechannel` */
export const nameOf = (channel: Resource): string => channel.id.split("/").at(-1)?.toLowerCase() ?? "";

/** The inner properties: sites, or what else the channel's kind has. */
export const settingsOf = (channel: Resource | undefined): Record<string, unknown> =>
  (channel?.properties.properties as Record<string, unknown> | null | undefined) ?? {};

/** A channel as ARM answers it: keys to who writes it, none to who reads it. */
export function showChannel(
  channel: Resource,
  answer: "PUT" | "GET" | "LIST",
  provisioned = true,
): Record<string, unknown> {
  const etag = weakEtag(channel, answer);
  return {
    id: channel.id,
    name: childName(channel),
    type: channelType,
    etag,
    location: channel.location,
    ...(channel.tags && { tags: channel.tags }),
    properties: {
      properties: shownSettings(channel, answer),
      etag,
      channelName: channel.properties.channelName,
      // Whatever the bot's is. recorded: azure-cli test_botservice_create_channel_specific_location
      location: "global",
      ...(provisioned && { provisioningState: "Succeeded" }),
    },
    zones: [],
  };
}

function shownSettings(channel: Resource, answer: "PUT" | "GET" | "LIST"): Record<string, unknown> {
  const settings = settingsOf(channel);
  const shown = ((settings.sites as Site[] | undefined) ?? []).map((site) => shownSite(channel, site, answer));
  switch (nameOf(channel)) {
    case "directlinechannel": {
      const { extensionKey1, extensionKey2 } = settings;
      return { DirectLineEmbedCode: null, sites: shown, extensionKey1, extensionKey2 };
    }
    case "webchatchannel":
      return { webChatEmbedCode: null, sites: shown };
    case "msteamschannel": {
      // A write answers null for terms not accepted, a read false, and with a slash behind the webhook's host.
      if (answer === "PUT") return settings;
      const webhook = settings.callingWebhook as string | null;
      const callingWebhook = webhook && URL.canParse(webhook) ? new URL(webhook).href : webhook;
      return { ...settings, callingWebhook, acceptedTerms: settings.acceptedTerms ?? false };
    }
    default:
      return settings;
  }
}

function shownSite(channel: Resource, site: Site, answer: "PUT" | "GET" | "LIST"): Record<string, unknown> {
  const { isWebChatSpeechEnabled, isWebchatPreviewEnabled, ...rest } = site;
  const keys = answer === "PUT" ? {} : { key: null, key2: null };
  if (nameOf(channel) === "directlinechannel") return { ...rest, ...keys, isTokenEnabled: false };
  const { isV1Enabled: _v1, isV3Enabled: _v3, isSecureSiteEnabled: _secure, trustedOrigins: _origins, ...web } = rest;
  return { ...web, ...keys, isWebChatSpeechEnabled, isWebchatPreviewEnabled, isTokenEnabled: false };
}

const channelIds: Readonly<Record<string, readonly [id: string, displayName: string]>> = {
  directlinechannel: ["directline", "Direct Line"],
  webchatchannel: ["webchat", "Web Chat"],
  msteamschannel: ["msteams", "Microsoft Teams"],
};

/** recorded: azure-cli test_directline_channel and test_msteams_channel, `show --with-secrets` */
export function channelWithKeys(azure: Azure, channel: Resource): unknown {
  const bot = azure.resources.get(botIdOf(channel));
  const shown = showChannel(channel, "PUT", false);
  const name = nameOf(channel);
  const settings = name === "msteamschannel" ? shownSettings(channel, "GET") : settingsOf(channel);
  const written = shown.properties as Record<string, unknown>;
  const inner = name === "msteamschannel" ? { ...written, properties: settings } : written;
  const [channelId, channelDisplayName] = channelIds[name] ?? [name.replace(/channel$/, ""), channel.name];
  const allSites = settings.sites as Site[] | undefined;
  return {
    resource: withoutNulls(inner),
    setting: withoutNulls({
      ...settings,
      ...(allSites && { sites: allSites.map((site) => ({ ...site, isTokenEnabled: false, eTag: inner.etag })) }),
      channelId,
      channelDisplayName,
      botId: bot?.name,
      botIconUrl: bot?.properties.iconUrl,
      isEnabled: settings.isEnabled ?? true,
      ...(name === "msteamschannel"
        ? { requireTermsAgreement: settings.acceptedTerms !== true, hasConfiguration: true, isAgentNull: false }
        : { publicNetworkAccess: bot?.properties.publicNetworkAccess }),
      disableLocalAuth: bot?.properties.disableLocalAuth,
    }),
    id: shown.id,
    location: shown.location,
    properties: inner,
    provisioningState: "Accepted",
    entityTag: inner.etag,
    changedTime: "0001-01-01T00:00:00Z",
    zones: shown.zones,
  };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}
