import { z } from "zod";
import type { Context, ResourceType } from "../../arm/resource-type";
import type { Azure, Resource } from "../../service";
import { locationNotAvailable } from "../../arm/errors";
import { botLocations, residencyOfLocation } from "../residency";
import { each } from "../../members";
import { same } from "../../names";
import { listAuthProviders } from "./auth-providers";
import { createDefaultChannels } from "./channel";
import { appIdTaken, handleTaken, invalidBot, multiTenantClosed, skuInvalid } from "./errors";
import { apiVersions, botType, channelType } from "./names";

const text = z.string().nullish();
const flag = z.boolean().nullish();
const properties = z.strictObject({
  ...each(
    text,
    "displayName description iconUrl endpoint msaAppId msaAppTenantId msaAppMSIResourceId",
    "developerAppInsightKey developerAppInsightsApiKey developerAppInsightsApplicationId luisKey",
    "cmekKeyVaultUrl schemaTransformationVersion tenantId manifestUrl openWithHint appPasswordHint",
    "storageResourceId publishingCredentials",
  ),
  msaAppType: z.enum(["SingleTenant", "UserAssignedMSI", "MultiTenant"]).nullish(),
  luisAppIds: z.array(z.string()).nullish(),
  ...each(flag, "isCmekEnabled isStreamingSupported disableLocalAuth"),
  publicNetworkAccess: z.enum(["Enabled", "Disabled", "SecuredByPerimeter"]).nullish(),
  allSettings: z.record(z.string(), z.string()).nullish(),
  parameters: z.record(z.string(), z.string()).nullish(),
});

/** `Microsoft.BotService/botServices`: the bot registration. recorded: azure-cli test_directline_channel */
export function botResourceType(azure: Azure): ResourceType {
  return {
    type: botType,
    apiVersions,
    name: { pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{1,63}$/ },
    body: z.strictObject({
      location: z.string(),
      kind: z.enum(["sdk", "designer", "bot", "function", "azurebot"]).nullish(),
      sku: z.strictObject({ name: z.string(), tier: text }).nullish(),
      tags: z.record(z.string(), z.string()).nullish(),
      zones: z.array(z.string()).nullish(),
      properties,
    }),
    immutable: ["properties.msaAppId", "properties.msaAppType", "properties.msaAppTenantId"],
    immutableError: (path) => invalidBot(`The property '${path.replace("properties.", "")}' cannot be changed`),
    write: (_context, bot, before) => writeBot(azure, bot, before),
    written: (context, bot, before) => (before ? undefined : createDefaultChannels(context.azure, bot)),
    show: (bot, _answer, context) => showBot(bot, context),
    namespaceActions: {
      "POST listAuthServiceProviders": listAuthProviders,
      "POST checkNameAvailability": (context) => checkName(context),
    },
  };
}

function writeBot(azure: Azure, bot: Resource, before: Resource | undefined): void {
  if (!residencyOfLocation(bot.location)) {
    throw locationNotAvailable(String(bot.location), botType, botLocations);
  }
  if (bot.sku && !["F0", "S1"].includes(String(bot.sku.name))) throw skuInvalid();
  const given = bot.properties;
  const type = given.msaAppType ?? before?.properties.msaAppType ?? "MultiTenant";
  if (type === "MultiTenant") throw multiTenantClosed();
  checkBot(given, type as string);
  const others = azure.resources.list(botType).filter((other) => !same(other.id, bot.id));
  if (others.some((other) => same(String(other.properties.msaAppId), String(given.msaAppId)))) throw appIdTaken();
  if (others.some((other) => same(other.name, bot.name))) throw handleTaken();
  bot.kind ??= "azurebot";
  bot.sku ??= { name: "F0" };
  bot.tags ??= {};
  bot.properties = { ...defaults(azure, type as string), ...present(before?.properties), ...present(given) };
  delete bot.properties.developerAppInsightsApiKey;
  bot.properties.isDeveloperAppInsightsApiKeySet =
    Boolean(given.developerAppInsightsApiKey) || before?.properties.isDeveloperAppInsightsApiKeySet === true;
}

function checkBot(given: Record<string, unknown>, type: string): void {
  const { displayName, endpoint, msaAppId, msaAppTenantId, msaAppMSIResourceId } = given;
  const name = String(displayName ?? "");
  // https://github.com/Azure/azure-cli/issues/28587
  if (!name) throw invalidBot("Display name is required");
  if (name.length > 42) throw invalidBot("The display name must have 1 to 42 characters");
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(msaAppId ?? ""))) {
    throw invalidBot("The Microsoft App ID is not a valid GUID");
  }
  if (!msaAppTenantId) throw invalidBot(`The property 'msaAppTenantId' is required for the app type ${type}`);
  if (type === "UserAssignedMSI" && !msaAppMSIResourceId) {
    throw invalidBot("The property 'msaAppMSIResourceId' is required for the app type UserAssignedMSI");
  }
  if (endpoint && !(URL.canParse(String(endpoint)) && new URL(String(endpoint)).protocol === "https:")) {
    throw invalidBot("The messaging endpoint must be a valid HTTPS address");
  }
}

/** What a new bot answers for everything that its creator left out. recorded: azure-cli test_directline_channel */
function defaults(azure: Azure, msaAppType: string): Record<string, unknown> {
  return {
    ...each(
      null,
      "description msaAppTenantId msaAppMSIResourceId developerAppInsightKey",
      "developerAppInsightsApplicationId publishingCredentials parameters allSettings manifestUrl",
      "storageResourceId migrationToken cmekKeyVaultUrl openWithHint appPasswordHint",
    ),
    iconUrl: "https://docs.botframework.com/static/devportal/client/images/bot-framework-default.png",
    endpoint: "",
    msaAppType,
    luisAppIds: [],
    ...each(false, "isStreamingSupported isCmekEnabled disableLocalAuth"),
    schemaTransformationVersion: "1.3",
    tenantId: azure.tenant.tenantId,
    publicNetworkAccess: "Enabled",
  };
}

const channelIds: Readonly<Record<string, string>> = {
  webchatchannel: "webchat",
  directlinechannel: "directline",
  msteamschannel: "msteams",
};

function showBot(bot: Resource, { azure }: Context): Record<string, unknown> {
  const channels = azure.resources
    .list(channelType, bot.id)
    .map((channel) => channel.name.split("/").at(-1) as string)
    .map((name) => channelIds[name.toLowerCase()] ?? name.replace(/Channel$/, "").toLowerCase());
  const { luisKey: _hidden, ...properties } = bot.properties;
  return {
    id: bot.id,
    name: bot.name,
    type: botType,
    etag: `"${bot.changedAt.getTime().toString(16)}"`,
    location: bot.location,
    sku: bot.sku,
    kind: bot.kind,
    tags: bot.tags ?? {},
    properties: {
      ...properties,
      endpointVersion: "3.0",
      // Until about 2024 Direct Line did not count. recorded: azure-cli test_botservice_registration_bot_create_singletenant_type
      configuredChannels: channels,
      enabledChannels: channels,
      cmekEncryptionStatus: "Off",
      provisioningState: "Succeeded",
    },
    zones: [],
  };
}

/** A name is taken by one's own bot too. recorded: azure-cli test_botservice_registration_bot_create */
function checkName({ azure, body }: Context): unknown {
  const taken = azure.resources.list(botType).some((bot) => same(bot.name, String(body.name)));
  return { valid: !taken, message: taken ? "The requested bot name is not available" : "", absCode: null };
}

/** Members that are neither null nor undefined: the service keeps what it has for the others. */
function present(values: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}
