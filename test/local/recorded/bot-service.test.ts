import { replay, type RecordedCall } from "./replay";

// Recorded at 2021-05-01-preview and, for Web Chat and the change of a site, at 2018-07-12; replayed at 2023-09-15-preview.
const version = "api-version=2023-09-15-preview";
const bot = "{group}/providers/Microsoft.BotService/botServices/{groupName}";
const namespace = "/providers/Microsoft.BotService";

const botKeys = {
  "": "id name type etag location sku kind tags properties zones",
  properties:
    "displayName description iconUrl endpoint msaAppId msaAppTenantId msaAppType msaAppMSIResourceId " +
    "developerAppInsightKey developerAppInsightsApplicationId luisAppIds endpointVersion configuredChannels " +
    "enabledChannels isDeveloperAppInsightsApiKeySet isStreamingSupported schemaTransformationVersion " +
    "publishingCredentials parameters allSettings manifestUrl storageResourceId tenantId migrationToken isCmekEnabled " +
    "cmekKeyVaultUrl openWithHint appPasswordHint publicNetworkAccess disableLocalAuth cmekEncryptionStatus " +
    "provisioningState",
};
const defaultIcon = "https://docs.botframework.com/static/devportal/client/images/bot-framework-default.png";

/**
 * A bot as most recordings make it first. They register it as MultiTenant, which Azure has refused since 31 July 2025:
 * replayed as SingleTenant.
 */
function newBot(from: string, appId: string, change: { endpoint?: string; location?: string } = {}): RecordedCall {
  const { endpoint = "https://www.example.com/api/messages", location = "global" } = change;
  return {
    from,
    so: "a new bot spells out every default, so that a template shows no difference later",
    call: `PUT ${bot}?${version}`,
    body: {
      location,
      sku: { name: "F0" },
      kind: "azurebot",
      properties: {
        displayName: "{groupName}",
        endpoint,
        msaAppType: "SingleTenant",
        msaAppTenantId: "{tenant}",
        msaAppId: appId,
        isCmekEnabled: false,
        publicNetworkAccess: "Enabled",
        isStreamingSupported: false,
      },
    },
    status: 201,
    keys: botKeys,
    values: {
      name: "{groupName}",
      type: "Microsoft.BotService/botServices",
      location,
      kind: "azurebot",
      sku: { name: "F0" },
      tags: {},
      zones: [],
      etag: /^"[^"]+"$/,
      "properties.description": null,
      "properties.iconUrl": defaultIcon,
      "properties.endpoint": endpoint,
      "properties.luisAppIds": [],
      "properties.endpointVersion": "3.0",
      "properties.configuredChannels": ["webchat", "directline"],
      "properties.enabledChannels": ["webchat", "directline"],
      "properties.schemaTransformationVersion": "1.3",
      "properties.tenantId": "{tenant}",
      "properties.msaAppMSIResourceId": null,
      "properties.parameters": null,
      "properties.cmekEncryptionStatus": "Off",
      "properties.disableLocalAuth": false,
      "properties.provisioningState": "Succeeded",
    },
  };
}

const nameCheck = (from: string, free: boolean): RecordedCall => ({
  from,
  so: free ? "a free name is said to be free" : "one's own bot makes its name taken, so ask only after a 404",
  call: `POST ${namespace}/checkNameAvailability?${version}`,
  body: { name: "{groupName}", type: "azurebot" },
  status: 200,
  keys: { "": "valid message absCode" },
  values: { valid: free, message: free ? "" : "The requested bot name is not available", absCode: null },
});

const channelKeys = {
  "": "id name type etag location properties zones",
  properties: "properties etag channelName location provisioningState",
};
const directLineKeys = {
  ...channelKeys,
  "properties.properties": "DirectLineEmbedCode sites extensionKey1 extensionKey2",
  "properties.properties.sites.0":
    "siteId siteName key key2 isEnabled isV1Enabled isV3Enabled isDetailedLoggingEnabled isNoStorageEnabled " +
    "isEndpointParametersEnabled isSecureSiteEnabled isBlockUserUploadEnabled trustedOrigins appId tenantId isTokenEnabled",
};
const directLine = `${bot}/channels/DirectLineChannel`;
const teams = `${bot}/channels/MsTeamsChannel`;
const teamsKeys = {
  ...channelKeys,
  "properties.properties":
    "enableCalling incomingCallRoute callingWebhook isEnabled deploymentEnvironment acceptedTerms",
};
const withKeys = {
  "": "resource setting id location properties provisioningState entityTag changedTime zones",
  resource: "properties etag channelName location",
  properties: "properties etag channelName location",
};
const keyPattern = /^[\w-]{11}\.[\w-]{43}$/;

const directLineWrite = {
  location: "global",
  properties: {
    channelName: "DirectLineChannel",
    location: "global",
    properties: {
      sites: [
        {
          siteName: "Default Site",
          isEnabled: true,
          isV1Enabled: true,
          isV3Enabled: true,
          isSecureSiteEnabled: false,
          trustedOrigins: [],
        },
      ],
    },
  },
};
const writeDirectLine = (from: string): RecordedCall => ({
  from,
  so: "Direct Line is there before the first PUT, which answers 200 and shows the keys",
  call: `PUT ${directLine}?${version}`,
  body: directLineWrite,
  status: 200,
  keys: directLineKeys,
  values: {
    name: "{groupName}/DirectLineChannel",
    type: "Microsoft.BotService/botServices/channels",
    etag: /^W\/".+"$/,
    "properties.properties.DirectLineEmbedCode": null,
    "properties.properties.sites.0.siteName": "Default Site",
    "properties.properties.sites.0.siteId": /^[\w-]{11}$/,
    "properties.properties.sites.0.key": keyPattern,
    "properties.properties.sites.0.key2": keyPattern,
    "properties.properties.sites.0.trustedOrigins": null,
    "properties.properties.sites.0.isDetailedLoggingEnabled": null,
    "properties.properties.sites.0.isTokenEnabled": false,
    "properties.properties.extensionKey1": keyPattern,
    "properties.provisioningState": "Succeeded",
  },
  keep: { siteId: "properties.properties.sites.0.siteId", siteKey: "properties.properties.sites.0.key" },
});

const readBot = (from: string, location: string, description: string): RecordedCall => ({
  from,
  so: "a read shows the bot exactly as its creation did, tags included",
  call: `GET ${bot}?${version}`,
  status: 200,
  keys: botKeys,
  values: { location, tags: { key1: "value1" }, "properties.description": description },
});

/** A single-tenant bot's life in one location. */
function singleTenantLife(location: string, appId: string): RecordedCall[] {
  const from = "test_botservice_registration_bot_create_singletenant_type";
  const made = newBot(from, appId, { location });
  const body = made.body as { properties: object };
  return [
    nameCheck(from, true),
    {
      ...made,
      body: {
        ...body,
        tags: { key1: "value1" },
        properties: { ...body.properties, description: "description1" },
      },
      values: {
        ...made.values,
        tags: { key1: "value1" },
        "properties.description": "description1",
        "properties.msaAppType": "SingleTenant",
        "properties.msaAppTenantId": "{tenant}",
      },
    },
    readBot(from, location, "description1"),
    {
      from,
      so: "a change without a location and without tags is taken, and the tags stay",
      call: `PATCH ${bot}?${version}`,
      body: {
        sku: { name: "F0" },
        properties: { ...body.properties, description: "description2", iconUrl: defaultIcon, luisAppIds: [] },
      },
      status: 200,
      keys: botKeys,
      values: { tags: { key1: "value1" }, "properties.description": "description2", location },
    },
    readBot(from, location, "description2"),
    {
      from,
      so: "a bot is deleted at once, without an answer to wait for",
      call: `DELETE ${bot}?${version}`,
      status: 200,
    },
    nameCheck(from, true),
  ];
}

/** A bot in a region, its channels with it, though each says inside that it is everywhere. */
function channelsIn(location: string, appId: string): RecordedCall[] {
  const from = "test_botservice_create_channel_specific_location";
  const values = { location, "properties.location": "global" };
  return [
    nameCheck(from, true),
    newBot(from, appId, { location }),
    {
      from,
      so: "Teams is where its bot is, and inside it is global",
      call: `PUT ${teams}?${version}`,
      body: { location, properties: { channelName: "MsTeamsChannel", properties: { isEnabled: true } } },
      status: 201,
      keys: teamsKeys,
      values: {
        ...values,
        "properties.properties.enableCalling": false,
        "properties.properties.incomingCallRoute": null,
        "properties.properties.callingWebhook": null,
        "properties.properties.acceptedTerms": null,
      },
    },
    {
      from,
      so: "Direct Line likewise",
      call: `PUT ${directLine}?${version}`,
      body: { ...directLineWrite, location },
      status: 200,
      keys: directLineKeys,
      values,
    },
    { from, so: "a bot goes with its channels", call: `DELETE ${bot}?${version}`, status: 200 },
  ];
}

replay({
  "channels of bots in regions": [
    ...channelsIn("global", "88888888-0000-4000-8000-00000000000a"),
    ...channelsIn("westus", "88888888-0000-4000-8000-00000000000b"),
    ...channelsIn("westeurope", "88888888-0000-4000-8000-00000000000c"),
  ],

  "a bot with Direct Line": [
    nameCheck("test_directline_channel", true),
    newBot("test_directline_channel", "1fd14b83-7ed2-4877-8084-0fcc0721285e"),
    writeDirectLine("test_directline_channel"),
    {
      from: "test_directline_channel",
      so: "a read hides the keys of a site, so a deployment must not take them from it",
      call: `GET ${directLine}?${version}`,
      status: 200,
      keys: directLineKeys,
      values: {
        "properties.properties.sites.0.siteId": "{siteId}",
        "properties.properties.sites.0.key": null,
        "properties.properties.sites.0.key2": null,
        "properties.properties.extensionKey1": keyPattern,
        "properties.properties.extensionKey2": keyPattern,
      },
    },
    {
      from: "test_directline_channel",
      so: "the keys are asked for by an action of their own",
      call: `POST ${directLine}/listChannelWithKeys?${version}`,
      status: 200,
      keys: {
        ...withKeys,
        "resource.properties": "sites extensionKey1 extensionKey2",
        "resource.properties.sites.0":
          "siteId siteName key key2 isEnabled isV1Enabled isV3Enabled isSecureSiteEnabled isBlockUserUploadEnabled " +
          "isTokenEnabled",
        setting:
          "extensionKey1 extensionKey2 sites channelId channelDisplayName botId botIconUrl isEnabled " +
          "publicNetworkAccess disableLocalAuth",
        "setting.sites.0":
          "siteId siteName key key2 isEnabled isV1Enabled isV3Enabled isWebchatPreviewEnabled isSecureSiteEnabled " +
          "isBlockUserUploadEnabled isTokenEnabled eTag",
        "properties.properties": directLineKeys["properties.properties"],
        "properties.properties.sites.0": directLineKeys["properties.properties.sites.0"],
      },
      values: {
        "setting.sites.0.key": "{siteKey}",
        "setting.sites.0.isWebchatPreviewEnabled": false,
        "setting.channelId": "directline",
        "setting.channelDisplayName": "Direct Line",
        "setting.botId": "{groupName}",
        "setting.isEnabled": true,
        provisioningState: "Accepted",
        changedTime: "0001-01-01T00:00:00Z",
        entityTag: /^W\/"/,
      },
    },
    nameCheck("test_botservice_registration_bot_create", false),
  ],

  "a change of a Direct Line site": [
    newBot("test_botservice_directline_site_update", "829d165c-8131-449b-b668-33151325ed32"),
    writeDirectLine("test_botservice_directline_site_update"),
    {
      from: "test_botservice_directline_site_update",
      so: "the second write of a site honours enhanced authentication, and a site may be switched off",
      call: `PATCH ${directLine}?${version}`,
      body: {
        properties: {
          channelName: "DirectLineChannel",
          properties: {
            sites: [
              {
                siteName: "Default Site",
                isEnabled: false,
                isV1Enabled: true,
                isV3Enabled: true,
                isSecureSiteEnabled: true,
                trustedOrigins: ["https://DefaultSite.azurewebsites.net"],
              },
            ],
          },
        },
      },
      status: 200,
      keys: directLineKeys,
      values: {
        "properties.properties.sites.0.siteId": "{siteId}",
        "properties.properties.sites.0.key": "{siteKey}",
        "properties.properties.sites.0.isEnabled": false,
        "properties.properties.sites.0.isSecureSiteEnabled": true,
        "properties.properties.sites.0.trustedOrigins": ["https://DefaultSite.azurewebsites.net"],
      },
    },
  ],

  "a bot with Teams": [
    newBot("test_msteams_channel", "76987aac-a373-442b-a9d4-82b24f4bbbfe"),
    {
      from: "test_msteams_channel",
      so: "Teams comes into being by its PUT, which answers null for terms not accepted yet",
      call: `PUT ${teams}?${version}`,
      body: {
        location: "global",
        properties: {
          channelName: "MsTeamsChannel",
          location: "global",
          properties: { enableCalling: true, callingWebHook: "https://www.example.com", isEnabled: true },
        },
      },
      status: 201,
      keys: teamsKeys,
      values: {
        "properties.properties.callingWebhook": "https://www.example.com",
        "properties.properties.deploymentEnvironment": "CommercialDeployment",
        "properties.properties.incomingCallRoute": null,
        "properties.properties.acceptedTerms": null,
      },
    },
    {
      from: "test_msteams_channel",
      so: "a read says false for terms not accepted, and ends the calling address with a slash",
      call: `GET ${teams}?${version}`,
      status: 200,
      keys: teamsKeys,
      values: {
        "properties.properties.callingWebhook": "https://www.example.com/",
        "properties.properties.acceptedTerms": false,
      },
    },
    {
      from: "test_msteams_channel",
      so: "what Teams itself knows of the bot is told: terms to be accepted, calls allowed",
      call: `POST ${teams}/listChannelWithKeys?${version}`,
      status: 200,
      keys: {
        ...withKeys,
        "resource.properties": "enableCalling callingWebhook isEnabled deploymentEnvironment acceptedTerms",
        setting:
          "enableCalling callingWebhook isAgentNull deploymentEnvironment channelId channelDisplayName botId botIconUrl " +
          "isEnabled requireTermsAgreement hasConfiguration disableLocalAuth acceptedTerms",
        "properties.properties": teamsKeys["properties.properties"],
      },
      values: {
        "setting.channelId": "msteams",
        "setting.channelDisplayName": "Microsoft Teams",
        "setting.requireTermsAgreement": true,
        "setting.isAgentNull": false,
        "properties.properties.callingWebhook": "https://www.example.com/",
        provisioningState: "Accepted",
      },
    },
    {
      from: "test_msteams_channel",
      so: "the Teams channel is deleted at once",
      call: `DELETE ${teams}?${version}`,
      status: 200,
    },
    {
      from: "test_msteams_channel",
      so: "the bot goes after its channel",
      call: `DELETE ${bot}?${version}`,
      status: 200,
    },
  ],

  "a bot's Web Chat": [
    newBot("test_webchat_channel", "42035408-bdd4-4e92-b5a5-b005f8bb5cd2"),
    {
      from: "test_webchat_channel",
      so: "Web Chat is there from the start, and shows no key to who reads it",
      call: `GET ${bot}/channels/WebChatChannel?${version}`,
      status: 200,
      keys: {
        ...channelKeys,
        "properties.properties": "webChatEmbedCode sites",
        "properties.properties.sites.0": "siteId siteName key key2 isEnabled isWebchatPreviewEnabled",
      },
      newer: {
        "": "",
        "properties.properties.sites.0":
          "isDetailedLoggingEnabled isNoStorageEnabled isEndpointParametersEnabled isWebChatSpeechEnabled " +
          "isBlockUserUploadEnabled appId tenantId isTokenEnabled",
      },
      values: {
        "properties.properties.webChatEmbedCode": null,
        "properties.properties.sites.0.siteName": "Default Site",
        // "" at 2018-07-12, null since 2021.
        "properties.properties.sites.0.key": null,
        "properties.properties.sites.0.isWebchatPreviewEnabled": true,
      },
    },
    {
      from: "test_webchat_channel",
      so: "Web Chat's key is asked for by an action, too",
      call: `POST ${bot}/channels/WebChatChannel/listChannelWithKeys?${version}`,
      status: 200,
      keys: withKeys,
      values: {
        "setting.channelId": "webchat",
        "setting.channelDisplayName": "Web Chat",
        "setting.sites.0.key": keyPattern,
        "setting.sites.0.isWebchatPreviewEnabled": true,
        "properties.properties.sites.0.key": keyPattern,
        provisioningState: "Accepted",
      },
    },
  ],

  "an OAuth connection": [
    newBot("test_auth_setting", "e7f8945d-cd05-4322-b2f2-8f5bfaed88a1"),
    {
      from: "test_auth_setting",
      so: "the providers a connection can have are told, with their parameters",
      call: `POST {subscription}${namespace}/listAuthServiceProviders?${version}`,
      status: 200,
      keys: {
        "value.0": "properties",
        "value.0.properties": "id displayName serviceProviderName devPortalUrl iconUrl parameters",
        "value.0.properties.parameters.0": "name type displayName description helpUrl default metadata",
      },
    },
    {
      from: "test_auth_setting",
      so: "the write of a connection shows the secret, also among its parameters, and no tags",
      call: `PUT ${bot}/connections/myconnname?${version}`,
      body: {
        location: "global",
        properties: {
          clientId: "clientid",
          clientSecret: "secret",
          scopes: "scope1 scope2",
          serviceProviderId: "01340562-8c8f-4892-abd4-90daf0e5face",
          parameters: [],
        },
      },
      status: 201,
      keys: {
        "": "id name type etag location properties zones",
        properties:
          "settingId clientId clientSecret scopes serviceProviderId serviceProviderDisplayName parameters " +
          "provisioningState",
      },
      values: {
        name: "{groupName}/myconnname",
        "properties.clientSecret": "secret",
        "properties.serviceProviderDisplayName": "Google",
        "properties.settingId": /^[0-9a-f-]{36}_[0-9a-f-]{23}$/,
        "properties.parameters": [
          { key: "clientId", value: "clientid" },
          { key: "clientSecret", value: "secret" },
          { key: "scopes", value: "scope1 scope2" },
        ],
      },
      keep: { setting: "properties.settingId" },
    },
    {
      from: "test_auth_setting",
      so: "a read of a connection hides the secret in both places",
      call: `GET ${bot}/connections/myconnname?${version}`,
      status: 200,
      keys: {
        "": "id name type etag location tags properties zones",
        properties:
          "settingId clientId clientSecret scopes serviceProviderId serviceProviderDisplayName parameters " +
          "provisioningState",
      },
      values: {
        tags: {},
        "properties.clientId": "clientid",
        "properties.clientSecret": null,
        "properties.parameters.1": { key: "clientSecret", value: null },
      },
    },
    {
      from: "test_auth_setting",
      so: "the list of connections tells names and providers only",
      call: `GET ${bot}/connections?${version}`,
      status: 200,
      keys: {
        "": "value",
        "value.0": "id name type etag location tags properties zones",
        "value.0.properties": "serviceProviderDisplayName id name serviceProviderId provisioningState",
      },
      values: { "value.0.properties.id": "{setting}", "value.0.properties.name": "myconnname" },
    },
  ],

  "a change of a bot": [
    {
      from: "test_prepare_publish_with_unregistered_bot_name_should_fail",
      so: "a bot that is not there is told in ARM's own words",
      call: `GET ${bot}?${version}`,
      status: 404,
      error: [
        "ResourceNotFound",
        "The Resource 'Microsoft.BotService/botServices/{groupName}' under resource group '{groupName}' was not found. " +
          "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
      ],
    },
    {
      from: "test_botservice_update_should_update_bot_properties",
      so: "the deletion of a bot that is not there is no error",
      call: `DELETE ${bot}?${version}`,
      status: 204,
    },
    newBot(
      "test_botservice_update_should_update_bot_properties",
      "2b8ae937-0261-4319-8bde-3f6adfdc0334",
      { endpoint: "" }, // A bot may wait for its address.
    ),
    {
      from: "test_botservice_update_should_update_bot_properties",
      so: "a bot's size, tags and Application Insights change; the API key is only ever said to be set",
      call: `PATCH ${bot}?${version}`,
      body: {
        tags: { Hello: "Microsoft!" },
        sku: { name: "S1" },
        properties: {
          displayName: "clitestbot",
          description: "HelloWorld!",
          iconUrl: "https://dev.botframework.com/client/images/channels/icons/directline.png",
          endpoint: "https://dev.botframework.com/api/messages",
          developerAppInsightKey: "24524494-20cf-44f2-9ce3-09b0bf7d10c6",
          developerAppInsightsApiKey: "an-api-key",
          developerAppInsightsApplicationId: "9d4105a4-764a-47de-9d28-f7670150111f",
          luisAppIds: [],
          isCmekEnabled: false,
          schemaTransformationVersion: "1.3",
        },
      },
      status: 200,
      keys: botKeys,
      values: {
        sku: { name: "S1" },
        tags: { Hello: "Microsoft!" },
        "properties.displayName": "clitestbot",
        "properties.endpoint": "https://dev.botframework.com/api/messages",
        "properties.isDeveloperAppInsightsApiKeySet": true,
        "properties.developerAppInsightKey": "24524494-20cf-44f2-9ce3-09b0bf7d10c6",
      },
    },
  ],

  "a single-tenant bot everywhere": singleTenantLife("global", "1f0dd0af-dee9-4765-9bdc-61aeee788929"),
  "a single-tenant bot in the United States": singleTenantLife("westus", "37d4e8ec-347c-40b7-ab6e-3c4b2cfa4ced"),
  "a single-tenant bot in Europe": singleTenantLife("westeurope", "5dd6cb6c-09f1-4769-a3f9-dbc77fcff571"),
});
