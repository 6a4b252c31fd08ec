import {
  appId,
  bearerOf,
  botBody,
  botPath,
  createChatBot,
  createFixture,
  directLine,
  startChat,
  type BotServiceFixture,
  type Chat,
} from "./fixture";

let fixture: BotServiceFixture;
let chat: Chat;
const bearer = bearerOf(appId);
const connector = "https://directline.botframework.com/v3/conversations";
beforeEach(async () => {
  fixture = await createFixture();
  chat = await startChat(fixture, await createChatBot(fixture));
});

interface Read {
  readonly activities: { [member: string]: unknown; attachments?: { content: unknown }[] }[];
}
const read = async (): Promise<Read["activities"]> => {
  const answer = await fixture.ask("GET", `${directLine}/conversations/${chat.id}/activities`, { bearer: chat.token });
  return (answer.body as unknown as Read).activities;
};
const say = (activity: object, path = "activities"): ReturnType<BotServiceFixture["ask"]> =>
  fixture.ask("POST", `${connector}/${chat.id}/${path}`, { bearer, body: activity });

test("a bot's answer reaches the user, from the bot and in reply to the message", async () => {
  const sent = await say({ type: "message", text: "hello", from: { id: "forged" } }, `activities/${chat.id}%7C0000000`);
  expect([sent.status, sent.body]).toEqual([200, { id: `${chat.id}|0000001` }]);
  expect(await read()).toEqual([
    {
      type: "message",
      text: "hello",
      id: `${chat.id}|0000001`,
      replyToId: `${chat.id}|0000000`,
      timestamp: expect.any(String),
      channelId: "directline",
      from: { id: expect.stringMatching(/^bot1@/), name: "Bot One" },
      conversation: { id: chat.id },
    },
  ]);
});

test("the connector answers on api.botframework.com as well", async () => {
  const url = `https://api.botframework.com/v3/conversations/${chat.id}/activities`;
  expect((await fixture.ask("POST", url, { bearer, body: { type: "message", text: "hi" } })).status).toBe(200);
  expect(await read()).toHaveLength(1);
});

test("another bot finds no conversation that is not its own", async () => {
  const other = "22222222-2222-4333-8444-555555555555";
  await fixture.arm("PUT", botPath(fixture.azure, "bot2"), botBody({ msaAppId: other }));
  const refused = await fixture.ask("POST", `${connector}/${chat.id}/activities`, {
    bearer: bearerOf(other),
    body: { type: "message", text: "hi" },
  });
  expect([refused.status, refused.body]).toEqual([
    404,
    { error: { code: "ConversationNotFound", message: "Conversation not found" } },
  ]);
  expect(await read()).toEqual([]);
});

test.each([
  [undefined, 401, { message: "Authorization has been denied for this request." }],
  ["garbage", 401, { message: "Authorization has been denied for this request." }],
  [
    bearerOf("no-bot"),
    403,
    { error: { code: "Forbidden", message: "No bot is registered with the application id no-bot" } },
  ],
])("nobody speaks as the bot with the token %p", async (token, status, body) => {
  const refused = await fixture.ask("POST", `${connector}/${chat.id}/activities`, {
    bearer: token,
    body: { type: "message", text: "hi" },
  });
  expect([refused.status, refused.body]).toEqual([status, body]);
});

test("an activity can be replaced and taken back", async () => {
  await say({ type: "message", text: "wrong" });
  const at = `${connector}/${chat.id}/activities/${chat.id}|0000001`;
  const put = await fixture.ask("PUT", at, { bearer, body: { type: "message", text: "right" } });
  expect([put.status, put.body]).toEqual([200, { id: `${chat.id}|0000001` }]);
  expect((await read()).map(({ text }) => text)).toEqual(["right"]);
  expect((await fixture.ask("DELETE", at, { bearer })).status).toBe(200);
  expect((await read()).map(({ type, text }) => [type, text])).toEqual([["messageDelete", undefined]]);
  expect((await fixture.ask("DELETE", `${at}9`, { bearer })).body.error).toMatchObject({ code: "ActivityNotFound" });
});

test("a trace is taken and shown to nobody", async () => {
  expect((await say({ type: "trace", name: "debug" })).status).toBe(200);
  expect(await read()).toEqual([]);
});

test("the members are the user of the conversation", async () => {
  const members = await fixture.ask("GET", `${connector}/${chat.id}/members`, { bearer });
  expect(members.body).toEqual([{ id: chat.userId }]);
  const one = await fixture.ask("GET", `${connector}/${chat.id}/members/${chat.userId}`, { bearer });
  expect(one.body).toEqual({ id: chat.userId });
  const none = await fixture.ask("GET", `${connector}/${chat.id}/members/dl_none`, { bearer });
  expect([none.status, none.body.error]).toEqual([
    404,
    expect.objectContaining({ code: "MemberNotFoundInConversation" }),
  ]);
});

describe("an OAuth card", () => {
  const card = (content: object): object => ({
    type: "message",
    recipient: { id: chat.userId },
    attachments: [{ contentType: "application/vnd.microsoft.card.oauth", content }],
  });

  test("without a sign-in address gets one made for this user, so that the button leads somewhere", async () => {
    await say(card({ connectionName: "graph", text: "Sign in", buttons: [{ type: "signin", title: "Sign in" }] }));
    const [activity] = await read();
    expect(activity?.attachments?.[0]?.content).toEqual({
      connectionName: "graph",
      text: "Sign in",
      buttons: [
        {
          type: "signin",
          title: "Sign in",
          value: expect.stringMatching(/^https:\/\/token\.botframework\.com\/api\/oauth\/signin\?signin=[\w-]{32}$/),
        },
      ],
      tokenPostResource: { SasUrl: expect.stringContaining("https://token.botframework.com/api/sas/postToken?") },
    });
  });

  test("with an address keeps it", async () => {
    const content = { connectionName: "graph", buttons: [{ type: "signin", title: "Go", value: "https://a.example" }] };
    await say(card(content));
    expect((await read())[0]?.attachments?.[0]?.content).toEqual(content);
  });

  test("of an unknown connection is refused with its name", async () => {
    const refused = await say(card({ connectionName: "grahp" }));
    expect([refused.status, refused.body]).toEqual([
      404,
      { error: { code: "ServiceError", message: "Could not find Connection Setting with name grahp" } },
    ]);
  });
});
