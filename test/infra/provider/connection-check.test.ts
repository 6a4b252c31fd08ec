import {
  connectionCheck,
  differences,
  type Inputs,
  type LiveConnection,
} from "../../../infra/provider/connection-check";
import { armError, StandInAccess } from "./stand-in-access";

const inputs: Inputs = {
  subscriptionId: "sub",
  resourceGroupName: "group",
  botName: "my-bot",
  connectionName: "mail",
  clientId: "5C9E6E4A-0000-4000-8000-000000000001",
  serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
  scopes: "openid Mail.Read offline_access",
  parameters: { tenantId: "tenant-1", tokenExchangeUrl: "api://botid-1" },
  settingId: "setting-1",
  adopted: false,
};
const id = "/subscriptions/sub/resourceGroups/group/providers/Microsoft.BotService/botServices/my-bot/connections/mail";

/** As GET answers after azure-native's PUT: the secret null, the fields mirrored into parameters, other spelling of keys. */
const live: LiveConnection = {
  properties: {
    clientId: inputs.clientId.toLowerCase(),
    serviceProviderId: inputs.serviceProviderId,
    scopes: inputs.scopes,
    settingId: "setting-1",
    parameters: [
      { key: "clientId", value: inputs.clientId },
      { key: "clientSecret", value: null },
      { key: "scopes", value: inputs.scopes },
      { key: "TokenExchangeUrl", value: "api://botid-1" },
      { key: "TenantId", value: "tenant-1" },
    ],
  },
};
const having = (change: Partial<NonNullable<LiveConnection["properties"]>>): LiveConnection => ({
  properties: { ...live.properties, ...change },
});
const over = (...answers: (LiveConnection | undefined)[]) => {
  let at = 0;
  const access = new StandInAccess(() => {
    const answer = answers[Math.min(at++, answers.length - 1)];
    return answer ? Response.json(answer) : armError(404, "ResourceNotFound", "absent");
  });
  return { access, provider: connectionCheck(() => access) };
};

test("a connection as written passes with one read, whatever the order and case of the parameters' keys", async () => {
  const { access, provider } = over(live);
  expect(await provider.create(inputs)).toEqual({ id: `${id}/check`, outs: { ...inputs, differences: [] } });
  expect(access.lines).toEqual([`GET ${id}`]);
});

test.each([
  ["clientId", having({ clientId: "other" }), "other", inputs.clientId],
  ["serviceProviderId", having({ serviceProviderId: null }), "", inputs.serviceProviderId],
  ["scopes", having({ scopes: "openid mail.read offline_access" }), "openid mail.read offline_access", inputs.scopes],
  ["settingId", having({ settingId: "setting-2" }), "setting-2", "setting-1"],
  [
    "parameters.tenantId",
    having({ parameters: [{ key: "tokenExchangeUrl", value: "api://botid-1" }] }),
    "",
    "tenant-1",
  ],
])("a %s that differs is named with its live value before a user meets it", (field, connection, value, wanted) => {
  expect(differences(inputs, connection)[0]).toEqual({ field, live: value, wanted });
});

test("scopes in another order are the same scopes", () => {
  expect(differences(inputs, having({ scopes: "offline_access  openid Mail.Read" }))).toEqual([]);
});

test("a connection that differs fails the deployment, naming field, live and wanted value", async () => {
  const { provider } = over(having({ clientId: "other" }));
  await expect(provider.create(inputs)).rejects.toMatchObject({
    code: "connection-differs",
    resource: id.replace("/subscriptions/sub/resourceGroups/", ""),
    cause: `clientId is "other", wanted "${inputs.clientId}"`,
  });
});

test("a read that flaps after the connection was made is repeated, within a bound", async () => {
  const { access, provider } = over(undefined, having({ scopes: "" }), live);
  await provider.create(inputs);
  expect(access.waits).toEqual([100, 150]);

  const never = over(undefined);
  await expect(never.provider.create(inputs)).rejects.toMatchObject({ code: "connection-missing" });
  expect(never.access.now()).toBe(20_000);
});

test("a connection that was re-created is checked again, another one is another check", async () => {
  const { provider } = over(live);
  const olds = { ...inputs, differences: [] };
  expect(await provider.diff("id", olds, inputs)).toEqual({ changes: false, replaces: [] });
  expect(await provider.diff("id", olds, { ...inputs, settingId: "setting-2" })).toEqual({
    changes: true,
    replaces: [],
  });
  expect(await provider.diff("id", olds, { ...inputs, connectionName: "other" })).toEqual({
    changes: true,
    replaces: ["connectionName"],
  });
});

test("a change made by hand is seen by a refresh, and the next deployment fails over it", async () => {
  const { provider } = over(having({ scopes: "openid" }));
  const olds = { ...inputs, differences: [] };
  const read = await provider.read("id", olds);
  expect(read!.props).toEqual({ ...inputs, differences: ["scopes"] });
  expect(await provider.diff("id", read!.props!, inputs)).toEqual({ changes: true, replaces: [] });
  await expect(provider.update("id", read!.props!, inputs)).rejects.toMatchObject({ code: "connection-differs" });
  expect(await over(undefined).provider.read("id", olds)).toBeUndefined();
});

test("whoever replaces a connection is told that its users sign in again, and nobody else is", async () => {
  const warn = jest.fn();
  const provider = connectionCheck(() => over(live).access, warn);
  await provider.update("id", { ...inputs, differences: [] }, inputs);
  expect(warn).not.toHaveBeenCalled();
  await provider.update("id", { ...inputs, settingId: "setting-0", differences: [] }, inputs);
  expect(warn.mock.calls).toEqual([
    [
      "The connection mail was made anew, because Bot Service keeps an existing one's parameters: " +
        "everybody who uses it is asked to sign in again.",
    ],
  ]);
});

test("a preview refuses other scopes for a connection that was made by hand, and says what makes it anew", async () => {
  const { check } = connectionCheck(() => new StandInAccess(() => new Response("{}")));
  const byHand = { ...inputs, adopted: true };
  expect(await check(byHand, byHand)).toEqual([]);
  expect(await check(byHand, { ...byHand, scopes: "openid Mail.Send", settingId: "another" })).toEqual([]);
  expect(await check(inputs, { ...inputs, scopes: "openid Mail.Send" })).toEqual([]);
  const [failure] = await check(byHand, { ...byHand, scopes: "openid Mail.Send" });
  expect(failure!.property).toBe("scopes");
  expect(failure!.reason).toContain("Take adopted away from it");
});
