import { directLineSite, type Inputs } from "../../../infra/provider/direct-line-site";
import { ChannelStandIn } from "./channel-stand-in";
import { armError, StandInAccess } from "./stand-in-access";

const inputs: Inputs = {
  subscriptionId: "sub",
  resourceGroupName: "group",
  botName: "my-bot",
  siteName: "chat",
  trustedOrigins: ["https://a.example", "https://b.example"],
};
const channelPath =
  "/subscriptions/sub/resourceGroups/group/providers/Microsoft.BotService/botServices/my-bot/channels/DirectLineChannel";

function over(channel: ChannelStandIn) {
  const access = new StandInAccess(({ method, body }) => channel.answer(method, body));
  return { access, provider: directLineSite(() => access) };
}

test("a new site is written twice, because the first write leaves enhanced authentication off without a word", async () => {
  const channel = new ChannelStandIn("DirectLineChannel");
  const { access, provider } = over(channel);
  const { id, outs } = await provider.create(inputs);
  expect(access.lines).toEqual(["GET", "PUT", "GET", "PUT", "GET"].map((method) => `${method} ${channelPath}`));
  expect(access.requests[0]!.url.search).toBe("?api-version=2023-09-15-preview");
  expect(access.waits).toEqual([]);
  expect(id).toBe(`${channelPath}/sites/chat`);
  expect(outs).toEqual({
    ...inputs,
    siteId: "site-8",
    enhancedAuthentication: true,
    defaultSiteDisabled: true,
    uploads: "blocked",
  });
  expect(channel.writes[0]!.at(-1)).toEqual({
    siteName: "chat",
    isEnabled: true,
    isV1Enabled: false,
    isV3Enabled: true,
    isBlockUserUploadEnabled: true,
    isSecureSiteEnabled: false,
  });
  expect(channel.writes[1]!.at(-1)).toMatchObject({
    siteId: "site-8",
    isSecureSiteEnabled: true,
    trustedOrigins: inputs.trustedOrigins,
  });
});

test("somebody else's site in the channel keeps its settings and its place in every write", async () => {
  const foreign = {
    siteName: "kiosk",
    siteId: "kiosk-id",
    isSecureSiteEnabled: true,
    trustedOrigins: ["https://kiosk.example"],
  };
  const channel = new ChannelStandIn("DirectLineChannel", [{}, foreign]);
  await over(channel).provider.create(inputs);
  for (const write of channel.writes) {
    expect(write.map(({ siteName }) => siteName)).toEqual(["Default Site", "kiosk", "chat"]);
    expect(write[1]).toEqual({
      ...foreign,
      isEnabled: true,
      isV1Enabled: true,
      isV3Enabled: true,
      isBlockUserUploadEnabled: false,
    });
  }
});

test("the default site, open to every web page, is disabled", async () => {
  const channel = new ChannelStandIn("DirectLineChannel");
  await over(channel).provider.create(inputs);
  expect(channel.sites.find(({ siteName }) => siteName === "Default Site")!.isEnabled).toBe(false);
});

test("a site that stays without enhanced authentication fails the deployment after three tries and says what was read", async () => {
  const channel = new ChannelStandIn("DirectLineChannel", [{}], 99);
  const { access, provider } = over(channel);
  await expect(provider.create(inputs)).rejects.toMatchObject({
    code: "enhanced-authentication-off",
    resource: "group/providers/Microsoft.BotService/botServices/my-bot/channels/DirectLineChannel/sites/chat",
    cause:
      'after 3 writes isSecureSiteEnabled is false and trustedOrigins is null, wanted true and ["https://a.example","https://b.example"]',
  });
  expect(channel.writes).toHaveLength(4);
  expect(access.waits).toEqual([100, 400]);
});

test("a write that is ignored once is repeated, so a slow service does not fail the deployment", async () => {
  const channel = new ChannelStandIn("DirectLineChannel", [{}], 1);
  const { provider } = over(channel);
  expect((await provider.create(inputs)).outs!.enhancedAuthentication).toBe(true);
  expect(channel.writes).toHaveLength(3);
});

test("users can send no files: what is sent lies at Direct Line for a day, and the bot reads none of it", async () => {
  const channel = new ChannelStandIn("DirectLineChannel");
  await over(channel).provider.create(inputs);
  expect(channel.sites.map(({ siteName, isBlockUserUploadEnabled }) => [siteName, isBlockUserUploadEnabled])).toEqual([
    ["Default Site", true],
    ["chat", true],
  ]);
});

test("a service that takes no block of uploads fails no deployment, and is not asked again at each", async () => {
  const channel = new ChannelStandIn("DirectLineChannel", [{}], 0, true);
  const { provider } = over(channel);
  const { id, outs } = await provider.create(inputs);
  expect(outs).toMatchObject({ enhancedAuthentication: true, uploads: "open" });
  expect(channel.writes).toHaveLength(4);
  const read = await provider.read(id, outs);
  expect(read!.props).toMatchObject({ uploads: "open" });
  expect(await provider.diff(id, read!.props, inputs)).toEqual({ changes: false, replaces: [] });
});

test("an imported site that takes uploads is blocked by the next deployment", async () => {
  const channel = new ChannelStandIn("DirectLineChannel");
  const { provider } = over(channel);
  const { id } = await provider.create(inputs);
  channel.sites = channel.sites.map((site) => ({ ...site, isBlockUserUploadEnabled: false }));
  const read = await provider.read(id, undefined);
  expect(await provider.diff(id, read!.props, inputs)).toEqual({ changes: true, replaces: [] });
  expect((await provider.update(id, read!.props, inputs)).outs).toMatchObject({ uploads: "blocked" });
});

test("changed origins are an update of one write, so keys and site stay", async () => {
  const channel = new ChannelStandIn("DirectLineChannel");
  const { provider } = over(channel);
  const { id, outs } = await provider.create(inputs);
  channel.writes.length = 0;
  const news = { ...inputs, trustedOrigins: ["https://c.example"] };
  expect(await provider.diff(id, outs!, news)).toEqual({ changes: true, replaces: [] });
  const updated = await provider.update(id, outs!, news);
  expect(updated.outs).toMatchObject({ siteId: "site-8", trustedOrigins: ["https://c.example"] });
  expect(channel.writes).toHaveLength(1);
});

test("nothing changed means no change, whatever order the service gives the origins in", async () => {
  const channel = new ChannelStandIn("DirectLineChannel");
  const { provider } = over(channel);
  const { id, outs } = await provider.create(inputs);
  channel.sites = channel.sites.map((site) =>
    site.siteName === "chat" ? { ...site, trustedOrigins: [...site.trustedOrigins!].reverse() } : site,
  );
  const read = await provider.read(id, outs);
  expect(await provider.diff(id, read!.props, inputs)).toEqual({ changes: false, replaces: [] });
});

test.each([
  ["enhanced authentication", "chat", { isSecureSiteEnabled: false }],
  ["the default site", "Default Site", { isEnabled: true }],
  ["users' uploads", "chat", { isBlockUserUploadEnabled: false }],
])(
  "%s switched back by hand is seen by a refresh and repaired by the next deployment",
  async (_what, siteName, change) => {
    const channel = new ChannelStandIn("DirectLineChannel");
    const { provider } = over(channel);
    const { id, outs } = await provider.create(inputs);
    channel.sites = channel.sites.map((site) => (site.siteName === siteName ? { ...site, ...change } : site));
    const read = await provider.read(id, outs);
    expect(await provider.diff(id, read!.props, inputs)).toEqual({ changes: true, replaces: [] });
    expect((await provider.update(id, read!.props, inputs)).outs).toMatchObject({
      enhancedAuthentication: true,
      defaultSiteDisabled: true,
      uploads: "blocked",
    });
  },
);

const secured = { enhancedAuthentication: true, defaultSiteDisabled: true, uploads: "blocked" } as const;

test("a site or bot that was deleted by hand leaves the state at a refresh", async () => {
  const channel = new ChannelStandIn("DirectLineChannel");
  const { provider } = over(channel);
  expect(await provider.read("id", { ...inputs, siteId: "x", ...secured })).toBeUndefined();
  const absent = directLineSite(() => new StandInAccess(() => armError(404, "ResourceNotFound")));
  expect(await absent.read("id", { ...inputs, siteId: "x", ...secured })).toBeUndefined();
});

test("a destroy removes our site alone, and does nothing where it is gone already", async () => {
  const channel = new ChannelStandIn("DirectLineChannel", [{}, { siteName: "kiosk" }]);
  const { provider } = over(channel);
  const { id, outs } = await provider.create(inputs);
  await provider.delete(id, outs!);
  expect(channel.sites.map(({ siteName }) => siteName)).toEqual(["Default Site", "kiosk"]);
  channel.writes.length = 0;
  await provider.delete(id, outs!);
  expect(channel.writes).toEqual([]);
  const absent = directLineSite(() => new StandInAccess(() => armError(404, "ResourceNotFound")));
  await absent.delete(id, outs!);
});

test("another bot or another site name is another site", async () => {
  const { provider } = over(new ChannelStandIn("DirectLineChannel"));
  const olds = { ...inputs, siteId: "x", ...secured };
  expect(await provider.diff("id", olds, { ...inputs, botName: "b", siteName: "s" })).toEqual({
    changes: true,
    replaces: ["botName", "siteName"],
  });
});

test.each([
  [[], "Enhanced authentication needs at least one trusted origin, for example https://contoso.com."],
  [
    ["https://a.example/chat"],
    '"https://a.example/chat" is not an origin: give scheme and host alone, for example https://contoso.com.',
  ],
  [["a.example"], '"a.example" is not an origin: give scheme and host alone, for example https://contoso.com.'],
])(
  "origins %j are refused before anything is written, because the service would take them and never match",
  async (trustedOrigins, reason) => {
    const { access, provider } = over(new ChannelStandIn("DirectLineChannel"));
    const failures = await provider.check({}, { ...inputs, trustedOrigins });
    expect(failures).toEqual([{ property: "trustedOrigins", reason }]);
    expect(access.requests).toEqual([]);
  },
);

test("a preview before the web app exists does not refuse origins that are not known yet", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const { provider } = over(new ChannelStandIn("DirectLineChannel"));
  for (const trustedOrigins of [unknown as unknown as string[], [unknown]]) {
    expect(await provider.check({}, { ...inputs, trustedOrigins })).toEqual([]);
  }
});

test("the default site's own name is refused, because that site gets disabled", async () => {
  const { provider } = over(new ChannelStandIn("DirectLineChannel"));
  const failures = await provider.check({}, { ...inputs, siteName: "Default Site" });
  expect(failures.map(({ property }) => property)).toEqual(["siteName"]);
});

test("an import takes a site over by its id, and the next deployment sets what is not as wanted", async () => {
  const channel = new ChannelStandIn("DirectLineChannel");
  const { provider } = over(channel);
  const { id, outs } = await provider.create(inputs);
  const read = await provider.read(id, undefined);
  expect(read).toEqual({ id, props: outs });
  expect(await provider.diff(id, read!.props, inputs)).toEqual({ changes: false, replaces: [] });
  await expect(provider.read("chat", undefined)).rejects.toMatchObject({ code: "import-id-wrong", resource: "chat" });
});

test("the site of a bot in Europe is made and removed where the channel is", async () => {
  const channel = Object.assign(new ChannelStandIn("DirectLineChannel"), { location: "westeurope" });
  const { provider } = over(channel);
  const { id, outs } = await provider.create(inputs);
  expect(outs).toMatchObject({ enhancedAuthentication: true });
  await provider.delete(id, outs!);
  expect(channel.sites.map(({ siteName }) => siteName)).toEqual(["Default Site"]);
});
