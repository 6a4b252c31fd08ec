import { type Sent, silent } from "../../fixtures/teams-traces/traces";
import { turnOn } from "../../../local/azure/switches";
import {
  appId,
  bearerOf,
  botBody,
  botPath,
  createFixture,
  entraProviderId,
  type Answer,
  type BotServiceFixture,
} from "./fixture";
import type { TeamsChat } from "../../../local/azure/bot-service/teams";

// What a bot sent in real traffic of Teams is answered here as it was there.

const bearer = bearerOf(appId);
let fixture: BotServiceFixture;
let chat: TeamsChat;

beforeEach(async () => {
  fixture = await createFixture();
  const path = botPath(fixture.azure);
  await fixture.arm("PUT", path, botBody());
  for (const [name, more] of [
    ["sso", [{ key: "tokenExchangeUrl", value: `api://botid-${appId}` }]],
    ["teamsgraph", []],
  ] as const) {
    await fixture.arm("PUT", `${path}/connections/${name}`, {
      location: "global",
      properties: {
        serviceProviderId: entraProviderId,
        clientId: "sign-in-app",
        clientSecret: "sign-in-secret",
        scopes: "openid offline_access Mail.Read",
        parameters: [{ key: "tenantId", value: "tenant-1" }, ...more],
      },
    });
  }
  await fixture.arm("PUT", `${path}/channels/MsTeamsChannel`, {
    location: "global",
    properties: { channelName: "MsTeamsChannel", properties: { isEnabled: true } },
  });
  const [person] = fixture.azure.tenant.people;
  chat = await fixture.teams.chat(appId, person!);
});

/** A request of the recorded bot, as this bot would send it for this user. */
function ask(name: string, over: { body?: unknown; query?: Record<string, string> } = {}): Promise<Answer> {
  const { method, host, path, query, body } = silent.exchanges
    .flatMap(({ sends }) => sends)
    .find((one) => one.name === name) as Sent;
  const sent = new URLSearchParams({ ...query, userid: chat.userId, ...over.query });
  return fixture.ask(method, `https://${host}${path}?${sent}`, { bearer, body: over.body ?? body });
}

const stateOf = (connection: string, more: object = { MsAppId: appId }): Record<string, string> => {
  const Conversation = { ChannelId: "msteams", Conversation: { Id: "a:1" }, User: { Id: chat.userId } };
  const state = { ConnectionName: connection, Conversation, ...more };
  return { state: Buffer.from(JSON.stringify(state)).toString("base64") };
};

test("the steps of single sign-on are answered with the recorded statuses", async () => {
  expect([(await ask("no token yet")).status, (await ask("no token yet")).text]).toEqual([404, ""]);
  expect((await ask("sign-in address", { query: stateOf("sso") })).status).toBe(200);
  expect((await ask("exchange")).status).toBe(200);
  expect((await ask("the token")).status).toBe(200);
  expect((await ask("sign-out")).status).toBe(200);
  expect((await ask("the token")).status).toBe(404);
});

test("the answer that a card is made of has the recorded members, ids in the recorded form and a minute's address", async () => {
  const { body } = await ask("sign-in address", { query: stateOf("sso") });
  const { signInLink, tokenExchangeResource, tokenPostResource } = body as unknown as {
    signInLink: string;
    tokenExchangeResource: Record<string, string>;
    tokenPostResource: { SasUrl: string };
  };
  expect(signInLink).toMatch(/^https:\/\/token\.botframework\.com\/api\/oauth\/signin\?signin=[0-9a-f]{32}$/);
  expect(tokenExchangeResource).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    providerId: entraProviderId,
    uri: `api://botid-${appId}`,
  });
  const { pathname, searchParams } = new URL(tokenPostResource.SasUrl);
  expect([pathname, ...searchParams.keys()]).toEqual(["/api/sas/postToken", "expiry", "id", "state", "hmac"]);
  expect(searchParams.get("state")).toBe(new URL(signInLink).searchParams.get("signin"));
  const left = Number(searchParams.get("expiry")) - fixture.azure.clock.now().getTime() / 1000;
  expect(Math.abs(left - 60)).toBeLessThan(5);
});

test("a connection without single sign-on lacks the exchange resource, and has the other", async () => {
  const { body } = await ask("sign-in address", { query: stateOf("teamsgraph") });
  expect(Object.keys(body)).toEqual(["signInLink", "tokenPostResource"]);
});

test("whether a state without the bot's id gets an exchange resource is a switch: nothing proves how Azure is", async () => {
  const without = async (more: object): Promise<boolean> =>
    "tokenExchangeResource" in (await ask("sign-in address", { query: stateOf("sso", more) })).body;
  expect([await without({}), await without({ MsAppId: "" })]).toEqual([true, true]);
  turnOn(fixture.azure.switches, "exchange-needs-app-id");
  expect([await without({}), await without({ MsAppId: "" }), await without({ MsAppId: appId })]).toEqual([
    false,
    false,
    true,
  ]);
});

test("an exchange takes the token alone, and not wrapped", async () => {
  const { status, body } = await ask("exchange", { body: { exchangeRequest: { token: "token-of-the-client" } } });
  expect([status, (body as unknown as { error: { code: string } }).error.code]).toEqual([400, "BadArgument"]);
});

test("a token is kept for the very channel that it was got on", async () => {
  await ask("exchange", { query: { channelId: "msteams:COPILOT" } });
  expect((await ask("the token")).status).toBe(404);
});

describe("what the bot says", () => {
  const say = (activity: object, query = "", method = "POST", id = ""): Promise<Answer> =>
    fixture.ask(
      method,
      `${fixture.received.at(-1)!.activity.serviceUrl}v3/conversations/${encodeURIComponent(chat.conversation.id)}/activities${id}${query}`,
      { bearer, ...(method !== "DELETE" && { body: activity }) },
    );
  const targeted = "?isTargetedActivity=true";
  const codeOf = ({ status, body }: Answer): unknown[] => [status, (body as { error?: { code: string } }).error?.code];

  test("is taken with 201, and with 202 where one person alone is to see it", async () => {
    const message = { type: "message", text: "x" };
    expect((await say(message)).status).toBe(201);
    expect((await say({ ...message, recipient: { id: chat.userId, isTargeted: true } }, targeted)).status).toBe(202);
    expect(chat.heard.at(-1)?.recipient).toMatchObject({ id: chat.userId, isTargeted: true });
  });

  test("is seen by one person of a group alone where the address says so, once it was changed and removed, too", async () => {
    const [first, second] = fixture.azure.tenant.people;
    const others = await fixture.teams.chat(appId, second!, "groupChat");
    chat = await fixture.teams.chat(appId, first!, "groupChat");
    const message = { type: "message", text: "x", recipient: { id: chat.userId, isTargeted: true } };
    const { id } = (await say(message, targeted)).body as unknown as { id: string };
    const at = `/${encodeURIComponent(id)}`;
    expect([chat.heard.at(-1)?.text, others.heard]).toEqual(["x", []]);
    await say({ type: "message", text: "y" }, targeted, "PUT", at);
    expect([chat.heard.at(-1)?.text, others.heard]).toEqual(["y", []]);
    await say({}, targeted, "DELETE", at);
    expect([chat.heard.at(-1)?.type, others.heard]).toEqual(["messageDelete", []]);
    await say(message);
    expect(others.heard.at(-1)).toMatchObject({ text: "x", recipient: { id: chat.userId } });
  });

  test("is refused as Teams refuses it: for nobody, for a stranger, with another receiver afterwards", async () => {
    const message = { type: "message", text: "x" };
    expect(codeOf(await say(message, targeted))).toEqual([400, "BadArgument"]);
    const stranger = { ...message, recipient: { id: "29:1stranger" } };
    expect(codeOf(await say(stranger, targeted))).toEqual([403, "BotNotInConversationRoster"]);
    const own = { ...message, recipient: { id: chat.userId } };
    const { id } = (await say(own, targeted)).body as unknown as { id: string };
    expect(codeOf(await say(own, targeted, "PUT", `/${encodeURIComponent(id)}`))).toEqual([400, "BadArgument"]);
    turnOn(fixture.azure.switches, "no-targeted-messages");
    expect(codeOf(await say(own, targeted))).toEqual([400, "ServiceError"]);
  });

  test("opens a person's own chat where there is one, and is refused where the app is not installed for him", async () => {
    const begin = (id: string): Promise<Answer> =>
      fixture.ask("POST", `${fixture.received.at(-1)!.activity.serviceUrl}v3/conversations`, {
        bearer,
        body: { isGroup: false, bot: chat.bot, members: [{ id }] },
      });
    const own = await begin(chat.userId);
    expect([own.status, own.body.id]).toEqual([201, chat.conversation.id]);
    const others = await fixture.teams.chat(appId, fixture.azure.tenant.people[1]!, "groupChat");
    expect(codeOf(await begin(others.userId))).toEqual([403, "BotNotInConversationRoster"]);
  });
});
