import {
  appId,
  bearerOf,
  createChatBot,
  createFixture,
  startChat,
  type BotServiceFixture,
  type Chat,
} from "../bot-service/fixture";

// The calls of SDKs that the bundled bot does not use, as they make them: the Bot Framework's for JavaScript 4.23.3
// (botframework-connector, tokenApi and connectorApi) and the Agents SDK for Python 1.9.0 (UserTokenClient, ConnectorClient).
// The answers' forms are those recorded in microsoft/botbuilder-dotnet,
// tests/Microsoft.Bot.Connector.Tests/SessionRecords, by the names below.

let fixture: BotServiceFixture;
let chat: Chat;
beforeEach(async () => {
  fixture = await createFixture();
  chat = await startChat(fixture, await createChatBot(fixture));
});

const bearer = bearerOf(appId);
const api = "https://api.botframework.com";
const connector = "https://directline.botframework.com";

/** The state that both SDKs send: base64 of JSON. The Agents SDK for Python writes blanks behind colons. */
const states = {
  "Bot Framework for JavaScript": () => JSON.stringify(stateOf()),
  "Agents for Python": () => JSON.stringify(stateOf(), null, 1).replace(/\n\s*/g, " "),
};
const stateOf = () => ({
  connectionName: "graph",
  conversation: {
    activityId: `${chat.id}|0000000`,
    user: { id: chat.userId },
    bot: { id: "bot1@x", name: "Bot One" },
    conversation: { id: chat.id },
    channelId: "directline",
    serviceUrl: `${connector}/`,
  },
  relatesTo: undefined,
  msAppId: appId,
});
const encoded = (sdk: keyof typeof states): string => encodeURIComponent(Buffer.from(states[sdk]()).toString("base64"));
const user = () => `userId=${chat.userId}&connectionName=graph&channelId=directline`;
const ask = (method: string, url: string, body?: unknown) =>
  fixture.ask(method, url, {
    bearer,
    body,
    headers: { "content-type": "application/json", accept: "application/json" },
  });

const link = /^https:\/\/token\.botframework\.com\/api\/oauth\/signin\?signin=[\w-]+$/;

describe("the Token Service", () => {
  test("gives the Bot Framework no body where there is no token, so that it takes none for one (GetUserToken_ShouldReturnNullOnInvalidConnectionString)", async () => {
    for (const connection of ["graph", "mygithubconnection1"]) {
      const url = `${api}/api/usertoken/GetToken?userId=${chat.userId}&connectionName=${connection}&channelId=directline`;
      const answer = await ask("GET", url);
      expect([answer.status, answer.text, answer.headers.get("content-length")]).toEqual([404, "", "0"]);
      expect(answer.headers.get("content-type")).toBeNull();
    }
  });

  test.each(Object.keys(states) as (keyof typeof states)[])(
    "gives %s a sign-in address with all its parts",
    async (sdk) => {
      const answer = await ask("GET", `${api}/api/botsignin/GetSignInResource?state=${encoded(sdk)}`);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        signInLink: expect.stringMatching(link),
        tokenPostResource: { SasUrl: expect.stringContaining("/api/sas/postToken?expiry=") },
      });
    },
  );

  test("gives Agents for Python token or address by the one call that it makes", async () => {
    const state = encoded("Agents for Python");
    const url = `${api}/api/usertoken/GetTokenOrSignInResource?${user()}&state=${state}&code=&finalRedirect=&fwdUrl=`;
    const answer = await ask("GET", url);
    expect(answer.body).toEqual({
      signInResource: {
        signInLink: expect.stringMatching(link),
        // Its model refuses null, and stands on the part being there.
        tokenPostResource: { SasUrl: expect.any(String) },
      },
    });
  });

  test("signs out by exactly 200, also who never was signed in", async () => {
    expect((await ask("DELETE", `${api}/api/usertoken/SignOut?${user()}`)).status).toBe(200);
  });

  test("lists the connections of a user by a list, with the provider's name", async () => {
    const answer = await ask("GET", `${api}/api/usertoken/GetTokenStatus?userId=${chat.userId}&channelId=directline`);
    expect(answer.body).toEqual([
      {
        channelId: "directline",
        connectionName: "graph",
        hasToken: false,
        serviceProviderDisplayName: "Azure Active Directory v2",
      },
    ]);
  });
});

describe("the connector", () => {
  const activities = () => `${connector}/v3/conversations/${encodeURIComponent(chat.id)}/activities`;
  const message = (text: string) => ({ type: "message", text, from: { id: "bot1@x" }, recipient: { id: chat.userId } });
  const idOf = (answer: { body: unknown }): string => (answer.body as { id: string }).id;

  test("gives what was said an id and nothing else (ReplyToActivity)", async () => {
    const said = await ask("POST", activities(), message("TEST Activity gets a reply"));
    expect([said.status, Object.keys(said.body)]).toEqual([200, ["id"]]);
    const reply = await ask(
      "POST",
      `${activities()}/${encodeURIComponent(idOf(said))}`,
      message("TEST Reply to Activity"),
    );
    expect([reply.status, Object.keys(reply.body)]).toEqual([200, ["id"]]);
    expect(idOf(reply)).not.toBe(idOf(said));
  });

  test("gives what was changed its own id (UpdateActivity)", async () => {
    const id = idOf(await ask("POST", activities(), message("TEST Activity to be updated")));
    const changed = await ask("PUT", `${activities()}/${encodeURIComponent(id)}`, {
      ...message("TEST Successfully activity updated"),
      id,
    });
    expect([changed.status, changed.body]).toEqual([200, { id }]);
  });

  test("gives an empty object for what was taken back (DeleteActivity)", async () => {
    const id = idOf(await ask("POST", activities(), message("TEST Activity to be deleted")));
    const gone = await ask("DELETE", `${activities()}/${encodeURIComponent(id)}`);
    expect([gone.status, gone.text, gone.headers.get("content-type")]).toEqual([200, "{}", "application/json"]);
  });

  test("lists members by id, for a conversation and for one activity (GetConversationMembers, GetActivityMembers)", async () => {
    const id = idOf(await ask("POST", activities(), message("TEST Get Activity Members")));
    const members = await ask("GET", `${connector}/v3/conversations/${chat.id}/members`);
    expect(members.body).toEqual([{ id: chat.userId }]);
    expect((await ask("GET", `${activities()}/${encodeURIComponent(id)}/members`)).body).toEqual(members.body);
  });
});
