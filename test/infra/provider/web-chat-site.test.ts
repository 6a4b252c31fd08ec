import { webChatDefaultSite } from "../../../infra/provider/web-chat-site";
import { ChannelStandIn } from "./channel-stand-in";
import { armError, StandInAccess } from "./stand-in-access";

const inputs = { subscriptionId: "sub", resourceGroupName: "group", botName: "my-bot" };
const over = (channel: { answer(method: string, body?: string): Response }) => {
  const access = new StandInAccess(({ method, body }) => channel.answer(method, body));
  return { access, provider: webChatDefaultSite(() => access) };
};

test("Web Chat's default site is disabled, others are sent back as they are", async () => {
  const channel = new ChannelStandIn("WebChatChannel", [{}, { siteName: "kiosk" }]);
  const { access, provider } = over(channel);
  const { outs } = await provider.create(inputs);
  expect(outs).toEqual({ ...inputs, disabled: true, reason: "", reopened: false });
  expect(access.requests.map(({ method }) => method)).toEqual(["GET", "PUT", "GET"]);
  const seen = channel.sites.map((site) => [site.siteName, site.isEnabled, site.isBlockUserUploadEnabled]);
  expect(seen).toEqual([
    ["Default Site", false, true],
    ["kiosk", true, false],
  ]);
});

test("a closed site that takes users' files is written once more: it may be opened again", async () => {
  const channel = new ChannelStandIn("WebChatChannel", [{ isEnabled: false }]);
  expect((await over(channel).provider.create(inputs)).outs!.disabled).toBe(true);
  expect(channel.sites).toMatchObject([{ isEnabled: false, isBlockUserUploadEnabled: true }]);
});

test("a site that is closed already is not written", async () => {
  const closed = { isEnabled: false, isBlockUserUploadEnabled: true };
  const { access, provider } = over(new ChannelStandIn("WebChatChannel", [closed]));
  expect((await provider.create(inputs)).outs!.disabled).toBe(true);
  expect(access.requests.map(({ method }) => method)).toEqual(["GET"]);
});

test("a service that leaves the site open is reported and does not fail the deployment", async () => {
  const sites = [{ siteName: "Default Site", isEnabled: true }];
  const { provider } = over({ answer: () => Response.json({ properties: { properties: { sites } } }) });
  expect((await provider.create(inputs)).outs).toEqual({
    ...inputs,
    disabled: false,
    reason: "the service took the write and left the site enabled",
    reopened: false,
  });
});

test("a refused write is reported with Azure's words and does not fail the deployment", async () => {
  const channel = new ChannelStandIn("WebChatChannel");
  const { provider } = over({
    answer: (method, body) =>
      method === "PUT" ? armError(400, "InvalidChannelData", "Channel is not valid.") : channel.answer(method, body),
  } as ChannelStandIn);
  const { outs } = await provider.create(inputs);
  expect(outs).toMatchObject({ disabled: false, reason: expect.stringContaining("Channel is not valid.") });
});

test("a missing right fails the deployment, because the next one can close the site", async () => {
  const channel = new ChannelStandIn("WebChatChannel");
  const { provider } = over({
    answer: (method, body) => (method === "PUT" ? armError(403, "AuthorizationFailed") : channel.answer(method, body)),
  } as ChannelStandIn);
  await expect(provider.create(inputs)).rejects.toMatchObject({ code: "AuthorizationFailed", status: 403 });
});

test("a refresh sees a site that somebody opened again, whose closing is then tried anew, and a bot that is gone", async () => {
  const channel = new ChannelStandIn("WebChatChannel");
  const { provider } = over(channel);
  const olds = { ...inputs, disabled: true, reason: "", reopened: false };
  const { props } = (await provider.read("id", olds))!;
  expect(props).toMatchObject({ disabled: false, reopened: true });
  expect(await provider.diff("id", props, inputs)).toEqual({ changes: true, replaces: [] });
  expect(await over({ answer: () => armError(404, "ResourceNotFound") }).provider.read("id", olds)).toBeUndefined();
});

test("the same bot is no change, another bot is another site", async () => {
  const { provider } = over(new ChannelStandIn("WebChatChannel"));
  const olds = { ...inputs, disabled: false, reason: "x", reopened: false };
  expect(await provider.diff("id", olds, inputs)).toEqual({ changes: false, replaces: [] });
  expect(await provider.diff("id", olds, { ...inputs, botName: "b" })).toEqual({
    changes: true,
    replaces: ["botName"],
  });
});

test("a channel is written where it is: Azure refuses one of a bot in Europe in another location", async () => {
  const channel = Object.assign(new ChannelStandIn("WebChatChannel"), { location: "westeurope" });
  expect((await over(channel).provider.create(inputs)).outs!.disabled).toBe(true);
});
