import { appId, botBody, botPath, createFixture, entraProviderId, type BotServiceFixture } from "./fixture";

let fixture: BotServiceFixture;
let path: string;
beforeEach(async () => {
  fixture = await createFixture();
  path = botPath(fixture.azure);
});

const refusal = (status: number, code: string, message: string): object => ({ status, error: { code, message } });
const seen = ({ status, body }: { status: number; body: { error?: unknown } }): object => ({
  status,
  error: body.error,
});
const requirements = "See https://aka.ms/bot-requirements for detailed requirements.";

describe("a bot", () => {
  test("answers what a new bot has, nulls included, so that a second deployment finds nothing to change", async () => {
    const put = await fixture.arm("PUT", path, botBody());
    expect(put.status).toBe(201);
    expect(put.body).toEqual({
      id: path,
      name: "bot1",
      type: "Microsoft.BotService/botServices",
      etag: expect.stringMatching(/^"[0-9a-f]+"$/),
      location: "global",
      sku: { name: "F0" },
      kind: "azurebot",
      tags: {},
      properties: {
        displayName: "Bot One",
        description: null,
        iconUrl: "https://docs.botframework.com/static/devportal/client/images/bot-framework-default.png",
        endpoint: "https://bot1.azurewebsites.net/api/messages",
        msaAppId: appId,
        msaAppTenantId: "99999999-2222-4333-8444-555555555555",
        msaAppType: "SingleTenant",
        msaAppMSIResourceId: null,
        developerAppInsightKey: null,
        developerAppInsightsApplicationId: null,
        luisAppIds: [],
        endpointVersion: "3.0",
        configuredChannels: ["webchat", "directline"],
        enabledChannels: ["webchat", "directline"],
        isDeveloperAppInsightsApiKeySet: false,
        isStreamingSupported: false,
        schemaTransformationVersion: "1.3",
        publishingCredentials: null,
        parameters: null,
        allSettings: null,
        manifestUrl: null,
        storageResourceId: null,
        tenantId: fixture.azure.tenant.tenantId,
        migrationToken: null,
        isCmekEnabled: false,
        cmekKeyVaultUrl: null,
        openWithHint: null,
        appPasswordHint: null,
        publicNetworkAccess: "Enabled",
        disableLocalAuth: false,
        cmekEncryptionStatus: "Off",
        provisioningState: "Succeeded",
      },
      zones: [],
    });
    const get = await fixture.arm("GET", path);
    expect([get.status, get.body]).toEqual([200, put.body]);
  });

  test("keeps what a second write leaves out, and answers 200", async () => {
    await fixture.arm("PUT", path, botBody({ description: "Reads mail" }));
    const again = await fixture.arm("PUT", path, botBody());
    expect(again.status).toBe(200);
    expect(again.body.properties).toMatchObject({ description: "Reads mail" });
  });

  test.each([
    [
      { msaAppType: "MultiTenant" },
      "InvalidBotCreationData",
      "Multitenant bot creation is deprecated. Please use SingleTenant or UserAssignedMSI",
    ],
    [
      { msaAppType: undefined },
      "InvalidBotCreationData",
      "Multitenant bot creation is deprecated. Please use SingleTenant or UserAssignedMSI",
    ],
    [
      { msaAppId: "bot" },
      "InvalidBotData",
      `Bot is not valid. Errors: The Microsoft App ID is not a valid GUID. ${requirements}`,
    ],
    [
      { msaAppTenantId: undefined },
      "InvalidBotData",
      `Bot is not valid. Errors: The property 'msaAppTenantId' is required for the app type SingleTenant. ${requirements}`,
    ],
    [
      { endpoint: "http://bot1.azurewebsites.net/api/messages" },
      "InvalidBotData",
      `Bot is not valid. Errors: The messaging endpoint must be a valid HTTPS address. ${requirements}`,
    ],
    [{ displayName: "" }, "InvalidBotData", `Bot is not valid. Errors: Display name is required. ${requirements}`],
    [
      { displayName: "x".repeat(43) },
      "InvalidBotData",
      `Bot is not valid. Errors: The display name must have 1 to 42 characters. ${requirements}`,
    ],
  ])("is refused with %j, as Azure would after minutes", async (properties, code, message) => {
    expect(seen(await fixture.arm("PUT", path, botBody(properties)))).toEqual(refusal(400, code, message));
    expect((await fixture.arm("GET", path)).status).toBe(404);
  });

  test("is refused with a size that Bot Service does not have", async () => {
    const answer = await fixture.arm("PUT", path, { ...botBody(), sku: { name: "S2" } });
    expect(seen(answer)).toEqual(
      refusal(400, "InvalidResourceEntity", "Invalid sku name for ABS. Allowed values: F0, S1."),
    );
  });

  test("cannot share its application id with another bot, whatever its name", async () => {
    await fixture.arm("PUT", path, botBody());
    expect(seen(await fixture.arm("PUT", botPath(fixture.azure, "bot2"), botBody()))).toEqual(
      refusal(
        400,
        "InvalidBotData",
        `Bot is not valid. Errors: The Microsoft App ID is already registered to another bot application.. ${requirements}`,
      ),
    );
  });

  test.each(["msaAppId", "msaAppType", "msaAppTenantId"])("cannot change its %s in place", async (property) => {
    await fixture.arm("PUT", path, botBody());
    const other = property === "msaAppType" ? "UserAssignedMSI" : "22222222-2222-4333-8444-555555555555";
    expect(seen(await fixture.arm("PUT", path, botBody({ [property]: other })))).toEqual(
      refusal(
        400,
        "InvalidBotData",
        `Bot is not valid. Errors: The property '${property}' cannot be changed. ${requirements}`,
      ),
    );
  });

  test("lives only where Bot Service has a residency", async () => {
    expect(seen(await fixture.arm("PUT", path, botBody({}, "northeurope")))).toEqual(
      refusal(
        400,
        "LocationNotAvailableForResourceType",
        "The provided location 'northeurope' is not available for resource type 'Microsoft.BotService/botServices'. " +
          "List of available regions for the resource type is 'global,westus,westeurope,centralindia'.",
      ),
    );
  });

  test("refuses a misspelt property instead of dropping it", async () => {
    const { status, body } = await fixture.arm("PUT", path, botBody({ endPoint: "https://x" }));
    expect([status, body.error]).toEqual([400, expect.objectContaining({ code: "InvalidRequestContent" })]);
  });

  test("takes its connections and channels with it", async () => {
    await fixture.arm("PUT", path, botBody());
    expect((await fixture.arm("DELETE", path)).status).toBe(200);
    expect((await fixture.arm("GET", `${path}/channels/DirectLineChannel`)).status).toBe(404);
    expect((await fixture.arm("PUT", path, botBody())).status).toBe(201);
  });

  test("makes its name unavailable, to its owner too", async () => {
    const check = (): Promise<{ body: object }> =>
      fixture.arm("POST", "/providers/Microsoft.BotService/checkNameAvailability", { name: "bot1", type: "azurebot" });
    expect((await check()).body).toEqual({ valid: true, message: "", absCode: null });
    await fixture.arm("PUT", path, botBody());
    expect((await check()).body).toEqual({
      valid: false,
      message: "The requested bot name is not available",
      absCode: null,
    });
  });
});

describe("a connection", () => {
  const body = (properties: Record<string, unknown> = {}, more: object = {}): object => ({
    location: "global",
    properties: {
      serviceProviderId: entraProviderId,
      clientId: "client",
      clientSecret: "secret",
      scopes: "openid Mail.Read",
      parameters: [{ key: "tenantId", value: "one" }],
      ...properties,
    },
    ...more,
  });
  const graph = (): string => `${path}/connections/graph`;
  beforeEach(() => fixture.arm("PUT", path, botBody()));

  test("shows its secret to who writes it and to nobody who reads it", async () => {
    const put = await fixture.arm("PUT", graph(), body());
    expect(put.status).toBe(201);
    expect(put.body).not.toHaveProperty("tags");
    expect(put.body).toMatchObject({ name: "bot1/graph", type: "Microsoft.BotService/botServices/connections" });
    const common = {
      settingId: expect.stringMatching(/^[0-9a-f-]{36}_[0-9a-f-]{23}$/),
      clientId: "client",
      scopes: "openid Mail.Read",
      serviceProviderId: entraProviderId,
      serviceProviderDisplayName: "Azure Active Directory v2",
      provisioningState: "Succeeded",
    };
    const parameters = (secret: string | null): object[] => [
      { key: "clientId", value: "client" },
      { key: "clientSecret", value: secret },
      { key: "scopes", value: "openid Mail.Read" },
      { key: "tenantId", value: "one" },
    ];
    expect(put.body.properties).toEqual({ ...common, clientSecret: "secret", parameters: parameters("secret") });
    const get = await fixture.arm("GET", graph());
    expect(get.body.properties).toEqual({ ...common, clientSecret: null, parameters: parameters(null) });
    expect(get.body.tags).toEqual({});
    const list = await fixture.arm("GET", `${path}/connections`);
    expect((list.body.value as unknown as { properties: object }[])[0]?.properties).toEqual({
      serviceProviderDisplayName: "Azure Active Directory v2",
      id: (put.body.properties as unknown as { settingId: string }).settingId,
      name: "graph",
      serviceProviderId: entraProviderId,
      provisioningState: "Succeeded",
    });
    const secrets = await fixture.arm("POST", `${graph()}/listWithSecrets`);
    expect(secrets.body.properties).toMatchObject({ clientSecret: "secret" });
  });

  test("never changes its parameters, whatever a second write says", async () => {
    await fixture.arm("PUT", graph(), body());
    const again = await fixture.arm(
      "PUT",
      graph(),
      body({ scopes: "openid", parameters: [{ key: "tenantId", value: "two" }] }),
    );
    expect(again.status).toBe(200);
    expect(again.body.properties).toMatchObject({
      scopes: "openid",
      parameters: expect.arrayContaining([{ key: "tenantId", value: "one" }]),
    });
  });

  test("with tags overwrites the tags of its bot", async () => {
    await fixture.arm("PUT", path, { ...botBody(), tags: { owner: "me" } });
    await fixture.arm("PUT", graph(), body());
    expect((await fixture.arm("GET", path)).body.tags).toEqual({ owner: "me" });
    await fixture.arm("PUT", graph(), body({}, { tags: { stack: "dev" } }));
    expect((await fixture.arm("GET", path)).body.tags).toEqual({ stack: "dev" });
  });

  test.each([
    [
      { properties: { serviceProviderId: "00000000-0000-0000-0000-000000000000" } },
      "The service provider with id '00000000-0000-0000-0000-000000000000' was not found.",
    ],
  ])("is refused with %j", async (more, message) => {
    const refused = await fixture.arm("PUT", graph(), { ...body(), ...more });
    expect(seen(refused)).toEqual(refusal(400, "InvalidBotData", message));
  });

  test("is taken under any name that Azure takes, with blanks and dots as well, and refused under others", async () => {
    const taken = await fixture.arm("PUT", `${path}/connections/my%20mail%202.0`, body());
    expect([taken.status, taken.body.name]).toEqual([201, expect.stringMatching(/\/my mail 2\.0$/)]);
    const refused = await fixture.arm("PUT", `${path}/connections/my%40mail`, body());
    expect(refused.body.error).toMatchObject({ code: "InvalidBotData" });
  });

  test("can name each provider that listAuthServiceProviders lists", async () => {
    const subscription = `/subscriptions/${fixture.azure.tenant.subscriptionId}`;
    const list = `${subscription}/providers/Microsoft.BotService/listAuthServiceProviders`;
    const { status, body: listed } = await fixture.arm("POST", list);
    const entra = (listed.value as unknown as { properties: { id: string; parameters: { name: string }[] } }[]).find(
      ({ properties }) => properties.id === entraProviderId,
    );
    expect(status).toBe(200);
    expect(entra?.properties).toMatchObject({ serviceProviderName: "Aadv2", displayName: "Azure Active Directory v2" });
    expect(entra?.properties.parameters.map(({ name }) => name)).toEqual([
      "ClientId",
      "ClientSecret",
      "TokenExchangeUrl",
      "TenantId",
    ]);
  });
});

describe("a channel", () => {
  interface Shown {
    readonly siteName: string;
    readonly siteId: string;
    readonly key: string | null;
    readonly key2: string | null;
    readonly isSecureSiteEnabled: boolean;
    readonly trustedOrigins: string[] | null;
  }
  const directLine = (): string => `${path}/channels/DirectLineChannel`;
  const put = (sites: object[]): ReturnType<BotServiceFixture["arm"]> =>
    fixture.arm("PUT", directLine(), {
      location: "global",
      properties: { channelName: "DirectLineChannel", properties: { sites } },
    });
  const sitesOf = (answer: { body: object }): Shown[] =>
    (answer.body as { properties: { properties: { sites: Shown[] } } }).properties.properties.sites;
  const site = (siteName: string, more: object = {}): object => ({
    siteName,
    isEnabled: true,
    isV1Enabled: false,
    isV3Enabled: true,
    ...more,
  });
  beforeEach(() => fixture.arm("PUT", path, botBody()));

  test("of Direct Line and Web Chat exists from the bot's creation, with a Default Site", async () => {
    const get = await fixture.arm("GET", directLine());
    expect(get.status).toBe(200);
    expect(get.body.name).toBe("bot1/DirectLineChannel");
    expect(get.body.properties).toEqual({
      properties: {
        DirectLineEmbedCode: null,
        sites: [
          {
            siteId: expect.stringMatching(/^[\w-]{11}$/),
            siteName: "Default Site",
            key: null,
            key2: null,
            isEnabled: true,
            isV1Enabled: true,
            isV3Enabled: true,
            isDetailedLoggingEnabled: null,
            isNoStorageEnabled: null,
            isEndpointParametersEnabled: null,
            isSecureSiteEnabled: false,
            isBlockUserUploadEnabled: false,
            trustedOrigins: null,
            appId: null,
            tenantId: null,
            isTokenEnabled: false,
          },
        ],
        extensionKey1: expect.stringMatching(/^[\w-]{11}\.[\w-]{43}$/),
        extensionKey2: expect.stringMatching(/^[\w-]{11}\.[\w-]{43}$/),
      },
      etag: expect.stringMatching(/^W\/"/),
      channelName: "DirectLineChannel",
      location: "global",
      provisioningState: "Succeeded",
    });
    const webChat = await fixture.arm("GET", `${path}/channels/WebChatChannel`);
    expect(sitesOf(webChat)[0]).toEqual({
      siteId: expect.stringMatching(/^[\w-]{11}$/),
      siteName: "Default Site",
      key: null,
      key2: null,
      isEnabled: true,
      isWebchatPreviewEnabled: true,
      isDetailedLoggingEnabled: null,
      isNoStorageEnabled: null,
      isEndpointParametersEnabled: null,
      isWebChatSpeechEnabled: null,
      isBlockUserUploadEnabled: false,
      appId: null,
      tenantId: null,
      isTokenEnabled: false,
    });
  });

  test("leaves a new site open to every page until enhanced authentication is written a second time", async () => {
    const secure = site("chat", { isSecureSiteEnabled: true, trustedOrigins: ["https://a.example"] });
    const first = await put([secure]);
    expect(first.status).toBe(200);
    expect(sitesOf(first)[0]).toMatchObject({ isSecureSiteEnabled: false, trustedOrigins: null });
    const second = await put([secure]);
    expect(sitesOf(second)[0]).toMatchObject({ isSecureSiteEnabled: true, trustedOrigins: ["https://a.example"] });
    expect(sitesOf(await fixture.arm("GET", directLine()))[0]).toMatchObject({ isSecureSiteEnabled: true });
  });

  test("refuses enhanced authentication without an origin", async () => {
    await put([site("chat")]);
    expect(seen(await put([site("chat", { isSecureSiteEnabled: true, trustedOrigins: [] })]))).toEqual(
      refusal(
        400,
        "InvalidChannelData",
        "The site 'chat' needs at least one trusted origin for enhanced authentication.",
      ),
    );
  });

  test("knows a site by its name, keeps its keys, and deletes the sites that a write leaves out", async () => {
    const first = sitesOf(await put([site("chat"), site("Default Site")]));
    const second = sitesOf(await put([site("Default Site", { isEnabled: false }), site("chat")]));
    expect(second.map(({ siteName }) => siteName)).toEqual(["Default Site", "chat"]);
    expect(second[1]).toEqual(first[0]);
    const third = sitesOf(await put([site("chat")]));
    expect(third).toEqual([first[0]]);
  });

  test("shows its keys to who writes it or asks for them, and renews the one that is asked for", async () => {
    const [written] = sitesOf(await put([site("chat")]));
    expect(written?.key).toBe(`${written?.siteId}.${written?.key?.split(".")[1]}`);
    const keys = (await fixture.arm("POST", `${directLine()}/listChannelWithKeys`)).body as unknown as {
      setting: { sites: Shown[]; channelId: string };
      provisioningState: string;
    };
    expect(keys.setting.channelId).toBe("directline");
    expect(keys.provisioningState).toBe("Accepted");
    expect(keys.setting.sites[0]).toMatchObject({ siteName: "chat", key: written?.key, key2: written?.key2 });
    await fixture.arm("POST", `${directLine()}/regeneratekeys`, { siteName: "chat", key: "key1" });
    const [renewed] = sitesOf(await put([site("chat")]));
    expect(renewed?.key).not.toBe(written?.key);
    expect(renewed?.key2).toBe(written?.key2);
  });

  test("of Teams answers null for terms not accepted to a write, and false to a read", async () => {
    const teams = `${path}/channels/MsTeamsChannel`;
    const body = {
      channelName: "MsTeamsChannel",
      properties: { isEnabled: true, callingWebhook: "https://a.example" },
    };
    const written = await fixture.arm("PUT", teams, { location: "global", properties: body });
    expect(written.status).toBe(201);
    expect(written.body.properties).toMatchObject({
      properties: {
        enableCalling: false,
        incomingCallRoute: null,
        callingWebhook: "https://a.example",
        isEnabled: true,
        deploymentEnvironment: "CommercialDeployment",
        acceptedTerms: null,
      },
    });
    expect((await fixture.arm("GET", teams)).body.properties).toMatchObject({
      properties: { callingWebhook: "https://a.example/", acceptedTerms: false },
    });
    expect((await fixture.arm("GET", path)).body.properties).toMatchObject({
      configuredChannels: ["webchat", "directline", "msteams"],
      enabledChannels: ["webchat", "directline", "msteams"],
    });
    expect((await fixture.arm("DELETE", teams)).status).toBe(200);
  });

  test("is refused under a name that is no channel's", async () => {
    const refused = await fixture.arm("PUT", `${path}/channels/Smoke`, { location: "global", properties: {} });
    expect(seen(refused)).toEqual(refusal(400, "InvalidChannelData", "The channel 'Smoke' is not supported."));
  });
});
