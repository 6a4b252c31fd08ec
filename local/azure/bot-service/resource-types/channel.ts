import { z } from "zod";
import { resourceNotFound } from "../../arm/errors";
import type { Context, ResourceType } from "../../arm/resource-type";
import type { Azure, Resource } from "../../service";
import { each } from "../../members";
import { childName } from "./answer";
import { channelWithKeys, nameOf, settingsOf, showChannel } from "./channel-answer";
import { invalidChannel } from "./errors";
import { apiVersions, channelType, partOfBot } from "./names";
import { defaultSite, newKey, newSiteId, type Site, siteBody, writeSites } from "./site";

/** https://learn.microsoft.com/rest/api/botservice/channels/create */
const channelNames = [
  ..."AcsChatChannel AlexaChannel DirectLineChannel DirectLineSpeechChannel EmailChannel FacebookChannel".split(" "),
  ..."KikChannel LineChannel M365Extensions MsTeamsChannel Omnichannel OutlookChannel SearchAssistant".split(" "),
  ..."SkypeChannel SlackChannel SmsChannel TelegramChannel TelephonyChannel WebChatChannel".split(" "),
];
const text = z.string().nullish();

/** `Microsoft.BotService/botServices/channels`. recorded: azure-cli test_directline_channel, test_msteams_channel */
export function channelResourceType(azure: Azure): ResourceType {
  return {
    type: channelType,
    level: "parent",
    apiVersions,
    name: {
      pattern: new RegExp(`^(${channelNames.join("|")})$`, "i"),
      error: (name) => invalidChannel(`The channel '${name}' is not supported.`),
    },
    body: partOfBot.extend({
      properties: z.strictObject({
        channelName: z.string(),
        ...each(text, "location etag provisioningState"),
        properties: z.record(z.string(), z.unknown()).nullish(),
      }),
    }),
    write: (_context, channel, before) => writeChannel(channel, before),
    show: (channel, answer) => showChannel(channel, answer),
    actions: {
      listchannelwithkeys: (_context, channel) => channelWithKeys(azure, channel),
      regeneratekeys: (context, channel) => regenerateKeys(context, channel),
    },
  };
}

/** A new bot is reachable by Web Chat and Direct Line at once, each with a Default Site (known mistake 10). */
export function createDefaultChannels(azure: Azure, bot: Resource): void {
  for (const name of ["WebChatChannel", "DirectLineChannel"]) {
    azure.resources.set({
      id: `${bot.id}/channels/${name}`,
      name,
      type: channelType,
      location: bot.location,
      properties: {
        channelName: name,
        properties: {
          sites: [{ ...defaultSite(), isWebchatPreviewEnabled: name === "WebChatChannel" }],
          ...(name === "DirectLineChannel" && extensionKeys()),
        },
      },
    });
  }
}

function extensionKeys(): Record<string, string> {
  const siteId = newSiteId();
  return { extensionKey1: newKey(siteId), extensionKey2: newKey(siteId) };
}

function writeChannel(channel: Resource, before: Resource | undefined): void {
  const given = channel.properties;
  const name = nameOf(channel);
  if (String(given.channelName ?? "").toLowerCase() !== name) {
    throw invalidChannel(`The channel name '${given.channelName}' is not the name '${name}' of the resource.`);
  }
  const channelName = channelNames.find((known) => known.toLowerCase() === name) as string;
  channel.properties = { channelName, properties: writeSettings(name, settingsOf(channel), settingsOf(before)) };
}

function writeSettings(
  name: string,
  given: Record<string, unknown>,
  before: Record<string, unknown>,
): Record<string, unknown> {
  switch (name) {
    case "directlinechannel": {
      const keys = before.extensionKey1 ? before : extensionKeys();
      const { extensionKey1, extensionKey2 } = keys;
      return { sites: sitesAfter(given, before, directLineSettings), extensionKey1, extensionKey2 };
    }
    case "webchatchannel":
      return { sites: sitesAfter(given, before, webChatSettings) };
    case "msteamschannel":
      return writeTeams(given);
    default:
      return given;
  }
}

const sites = z.array(siteBody).nullish();
const directLineSettings = z.strictObject({
  sites,
  ...each(text, "DirectLineEmbedCode directLineEmbedCode extensionKey1 extensionKey2"),
});
const webChatSettings = z.strictObject({ sites, webChatEmbedCode: text });

function sitesAfter(
  given: Record<string, unknown>,
  before: Record<string, unknown>,
  schema: typeof directLineSettings | typeof webChatSettings,
): Site[] {
  const read = schema.safeParse(given);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw invalidChannel(`The channel's properties are not valid: ${issue?.path.join(".")} ${issue?.message}`.trim());
  }
  const known = (before.sites as Site[] | undefined) ?? [];
  if (!read.data.sites) return known.length ? known : [defaultSite()];
  return writeSites(known, read.data.sites);
}

const teamsSettings = z.strictObject({
  ...each(z.boolean().nullish(), "enableCalling isEnabled acceptedTerms"),
  ...each(text, "incomingCallRoute callingWebhook callingWebHook deploymentEnvironment"),
});

function writeTeams(given: Record<string, unknown>): Record<string, unknown> {
  const read = teamsSettings.safeParse(given);
  if (!read.success) throw invalidChannel(`The channel's properties are not valid: ${read.error.issues[0]?.message}`);
  const settings = read.data;
  return {
    enableCalling: settings.enableCalling ?? false,
    incomingCallRoute: settings.incomingCallRoute ?? null,
    callingWebhook: settings.callingWebhook ?? settings.callingWebHook ?? null,
    isEnabled: settings.isEnabled ?? true,
    deploymentEnvironment: settings.deploymentEnvironment ?? "CommercialDeployment",
    acceptedTerms: settings.acceptedTerms ?? null,
  };
}

/** https://learn.microsoft.com/rest/api/botservice/direct-line/regenerate-keys */
function regenerateKeys({ azure, body, names }: Context, channel: Resource): unknown {
  const { siteName, key } = body;
  const site = (settingsOf(channel).sites as Site[] | undefined)?.find((known) => known.siteName === siteName);
  if (!site) throw resourceNotFound(`${childName(channel)}/sites/${String(siteName)}`, names.resourcegroups);
  if (key !== "key1" && key !== "key2") throw invalidChannel("The member 'key' must be 'key1' or 'key2'.");
  site[key === "key1" ? "key" : "key2"] = newKey(site.siteId);
  const stored = azure.resources.set({ ...channel });
  return channelWithKeys(azure, stored);
}
