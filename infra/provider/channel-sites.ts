import type { Arm } from "../azure/arm";
import { AzureCallError } from "../azure/azure-call-error";
import { type BotAddress, botServiceVersion } from "../azure/bot-service";

/** A site of a bot's Direct Line or Web Chat channel, as ARM's GET shows it. */
export interface Site {
  readonly siteName: string;
  readonly siteId?: string | null;
  readonly isEnabled?: boolean | null;
  readonly isSecureSiteEnabled?: boolean | null;
  readonly trustedOrigins?: readonly string[] | null;
  readonly isBlockUserUploadEnabled?: boolean | null;
  readonly [property: string]: unknown;
}

/** The site that every new bot has in both channels, with live keys and open to every page of the web. */
export const defaultSite = "Default Site";

/** Properties of a site that a PUT takes; the others (keys, isTokenEnabled) belong to the service. */
const writable = [
  "siteId",
  "siteName",
  "isEnabled",
  "isV1Enabled",
  "isV3Enabled",
  "isSecureSiteEnabled",
  "trustedOrigins",
  "isBlockUserUploadEnabled",
  "isDetailedLoggingEnabled",
  "isEndpointParametersEnabled",
  "isNoStorageEnabled",
  "isWebChatSpeechEnabled",
  "isWebchatPreviewEnabled",
  "appId",
  "tenantId",
] as const;

/** A site as it has to be sent back to stay as it is. */
export function kept(site: Site): Site {
  const entries = writable.filter((name) => site[name] != null).map((name) => [name, site[name]] as const);
  return { siteName: site.siteName, ...Object.fromEntries(entries) };
}

/** A site as it has to be sent so that nobody chats over it, and nobody sends files over it where it stays open. */
export function closed(site: Site): Site {
  return { ...kept(site), isEnabled: false, isBlockUserUploadEnabled: true };
}

/** Whether users can send the bot no files over a site. */
export function blocksUploads(site: Site | undefined): boolean {
  return site?.isBlockUserUploadEnabled === true;
}

/** Finds a site by name; the order of the list says nothing. */
export function siteNamed(sites: readonly Site[], name: string): Site | undefined {
  return sites.find((site) => site.siteName === name);
}

/** A channel with sites. One that its bot was born with is where the bot is: of a bot in Europe not `global`. */
export interface SitesOfChannel {
  readonly location: string;
  readonly sites: readonly Site[];
}

/** What a channel that does not exist has. */
export const noChannel: SitesOfChannel = { location: "global", sites: [] };

/** A channel's location and sites, or undefined where the channel does not exist. */
export async function readChannel(arm: Arm, channelId: string): Promise<SitesOfChannel | undefined> {
  type Channel = { location?: string; properties?: { properties?: { sites?: Site[] | null } | null } };
  const channel = await arm.find<Channel>(channelId, botServiceVersion);
  return channel && { location: channel.location ?? "global", sites: channel.properties?.properties?.sites ?? [] };
}

/** The sites of a channel, or undefined where the channel does not exist. */
export async function readSites(arm: Arm, channelId: string): Promise<readonly Site[] | undefined> {
  return (await readChannel(arm, channelId))?.sites;
}

/**
 * Writes a channel. A site that the list lacks is deleted by the service: always send all of them.
 * @param location the channel's own; Azure refuses to write it in another (`InvalidResourceLocation`)
 */
export async function writeSites(
  arm: Arm,
  channelId: string,
  sites: readonly Site[],
  location = "global",
): Promise<void> {
  const channelName = channelId.slice(channelId.lastIndexOf("/") + 1);
  const body = { location, properties: { channelName, properties: { sites } } };
  await arm.put(channelId, botServiceVersion, body);
}

/**
 * The bot and the site that the id of a site names, for an import:
 * `/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.BotService/botServices/<bot>/channels/<channel>/sites/<site>`.
 * @throws AzureCallError where the id is none of this channel
 */
export function addressOf(id: string, channel: string): { bot: BotAddress; siteName: string } {
  const path = `/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft.BotService/botServices/([^/]+)/channels/${channel}/sites/([^/]+)`;
  const [, subscriptionId, resourceGroupName, botName, siteName] = new RegExp(`^${path}$`, "i").exec(id) ?? [];
  if (!subscriptionId || !resourceGroupName || !botName || !siteName) {
    throw new AzureCallError(
      "import-id-wrong",
      id,
      `this is no id of a site of the channel ${channel}`,
      `Give /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.BotService/botServices/<bot>/channels/${channel}/sites/<site>.`,
    );
  }
  return { bot: { subscriptionId, resourceGroupName, botName }, siteName };
}
