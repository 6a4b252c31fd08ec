import { EventEmitter } from "node:events";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import type { WebSocket } from "ws";
import type { Activity } from "../../../local/azure/bot-service/activity";
import {
  appId,
  botBody,
  botPath,
  createChatBot,
  createFixture,
  directLine,
  origin,
  secureSite,
  settled,
  startChat,
  type BotServiceFixture,
} from "./fixture";

let fixture: BotServiceFixture;
let secret: string;
beforeEach(async () => {
  fixture = await createFixture();
  secret = await createChatBot(fixture);
});

interface Started {
  readonly conversationId: string;
  readonly token: string;
  readonly streamUrl: string;
  readonly expires_in: number;
}
const as = <T>(body: unknown): T => body as T;
const texts = (body: unknown): (string | undefined)[] =>
  as<{ activities: { text?: string }[] }>(body).activities.map(({ text }) => text);

describe("a token", () => {
  const generate = (body: object, bearer = secret): ReturnType<BotServiceFixture["ask"]> =>
    fixture.ask("POST", `${directLine}/tokens/generate`, { bearer, body });

  test("is made for a user whose id begins with dl_, and lives half an hour", async () => {
    const { status, body } = await generate({ user: { id: "dl_1" } });
    expect(status).toBe(200);
    expect(body).toEqual({
      conversationId: expect.stringMatching(/^[A-Za-z0-9]{22}-us$/),
      token: expect.any(String),
      expires_in: 1800,
    });
  });

  test("is not made for another user id, which a page could choose to be somebody else", async () => {
    const { status, body } = await generate({ User: { Id: "sam" } });
    expect([status, body]).toEqual([
      400,
      { error: { code: "BadArgument", message: "The user's id must begin with 'dl_'" } },
    ]);
  });

  test.each([
    [undefined, 401, "BadArgument", "Missing token or secret"],
    [`${"x".repeat(11)}.${"y".repeat(43)}`, 403, "BadArgument", "Invalid token or secret"],
    ["nonsense", 403, "BadArgument", "Invalid token or secret"],
  ])("is not made for the secret %p", async (bearer, status, code, message) => {
    const refused = await fixture.ask("POST", `${directLine}/tokens/generate`, { bearer, body: {} });
    expect([refused.status, refused.body]).toEqual([status, { error: { code, message } }]);
  });

  test("is not made for a site that is disabled", async () => {
    await fixture.arm("PUT", `${botPath(fixture.azure)}/channels/DirectLineChannel`, {
      location: "global",
      properties: { channelName: "DirectLineChannel", properties: { sites: [{ siteName: "chat", isEnabled: false }] } },
    });
    const refused = await generate({});
    expect([refused.status, refused.body]).toEqual([
      403,
      { error: { code: "Forbidden", message: "The site is disabled" } },
    ]);
  });

  test("dies with its site, so that a deleted site lets nobody in", async () => {
    const chat = await startChat(fixture, secret);
    await fixture.arm("PUT", `${botPath(fixture.azure)}/channels/DirectLineChannel`, {
      location: "global",
      properties: { channelName: "DirectLineChannel", properties: { sites: [{ siteName: "other" }] } },
    });
    const refused = await fixture.ask("GET", `${directLine}/conversations/${chat.id}`, { bearer: chat.token });
    expect(refused.status).toBe(403);
  });

  test("ends, says so, and is renewed for the same conversation before it does", async () => {
    const first = as<Started>((await generate({ user: { id: "dl_1" } })).body);
    fixture.azure.clock.advance(20 * 60 * 1000);
    const renewed = await fixture.ask("POST", `${directLine}/tokens/refresh`, { bearer: first.token });
    expect(renewed.body).toMatchObject({ conversationId: first.conversationId, expires_in: 1800 });
    fixture.azure.clock.advance(20 * 60 * 1000);
    const late = await fixture.ask("POST", `${directLine}/tokens/refresh`, { bearer: first.token });
    expect([late.status, late.body]).toEqual([403, { error: { code: "TokenExpired", message: "Token has expired" } }]);
    const next = await fixture.ask("POST", `${directLine}/tokens/refresh`, {
      bearer: as<Started>(renewed.body).token,
    });
    expect(next.status).toBe(200);
  });

  test("opens no other conversation than its own", async () => {
    const one = await startChat(fixture, secret);
    const other = await startChat(fixture, secret);
    const refused = await fixture.ask("GET", `${directLine}/conversations/${other.id}/activities`, {
      bearer: one.token,
    });
    expect(refused.status).toBe(403);
  });
});

describe("a conversation", () => {
  test("is announced to the bot with the bot and the user, signed for this bot and this service address", async () => {
    const chat = await startChat(fixture, secret);
    const [first] = fixture.received;
    expect(first?.activity).toEqual({
      type: "conversationUpdate",
      id: `${chat.id}|0000000`,
      timestamp: expect.any(String),
      channelId: "directline",
      serviceUrl: "https://directline.botframework.com/",
      from: { id: chat.userId },
      conversation: { id: chat.id },
      recipient: { id: expect.stringMatching(/^bot1@[\w-]{11}$/), name: "Bot One" },
      membersAdded: [{ id: expect.stringMatching(/^bot1@/), name: "Bot One" }, { id: chat.userId }],
    });
    const keys = await fixture.ask("GET", "https://login.botframework.com/v1/.well-known/keys");
    const verified = await jwtVerify(first?.bearer ?? "", createLocalJWKSet(as<JSONWebKeySet>(keys.body)), {
      issuer: "https://api.botframework.com",
      audience: appId,
      algorithms: ["RS256"],
    });
    expect(verified.payload.serviceurl).toBe("https://directline.botframework.com/");
    const configuration = await fixture.ask("GET", "https://login.botframework.com/v1/.well-known/openidconfiguration");
    expect(configuration.body).toMatchObject({
      issuer: "https://api.botframework.com",
      jwks_uri: "https://login.botframework.com/v1/.well-known/keys",
    });
  });

  test("begins once: a second start with its token finds it again", async () => {
    const chat = await startChat(fixture, secret);
    const again = await fixture.ask("POST", `${directLine}/conversations`, { bearer: chat.token });
    expect([again.status, again.body]).toEqual([
      200,
      {
        conversationId: chat.id,
        token: expect.any(String),
        expires_in: 1800,
        streamUrl: expect.stringMatching(
          `^wss://directline\\.botframework\\.com/v3/directline/conversations/${chat.id}/stream\\?watermark=-&t=`,
        ),
        referenceGrammarId: "",
      },
    ]);
    expect(fixture.received).toHaveLength(1);
  });

  test("brings the user's message to the bot under the token's user id, whatever the page says", async () => {
    const chat = await startChat(fixture, secret);
    const posted = await fixture.ask("POST", `${directLine}/conversations/${chat.id}/activities`, {
      bearer: chat.token,
      body: {
        type: "message",
        text: "mail",
        from: { id: "dl_somebody_else", name: "Sam" },
        serviceUrl: "https://evil",
      },
    });
    expect([posted.status, posted.body]).toEqual([200, { id: `${chat.id}|0000001` }]);
    expect(fixture.received[1]?.activity).toMatchObject({
      type: "message",
      text: "mail",
      from: { id: chat.userId, name: "Sam" },
      serviceUrl: "https://directline.botframework.com/",
      conversation: { id: chat.id },
    });
  });

  test("gives each reader what came after the watermark", async () => {
    const chat = await startChat(fixture, secret);
    const url = `${directLine}/conversations/${chat.id}/activities`;
    for (const text of ["one", "two", "three"]) {
      await fixture.ask("POST", url, { bearer: chat.token, body: { type: "message", text } });
    }
    await fixture.ask("POST", url, { bearer: chat.token, body: { type: "typing" } });
    const all = await fixture.ask("GET", url, { bearer: chat.token });
    expect(texts(all.body)).toEqual(["one", "two", "three"]);
    expect(all.body.watermark).toBe("3");
    const rest = await fixture.ask("GET", `${url}?watermark=2`, { bearer: chat.token });
    expect([texts(rest.body), rest.body.watermark]).toEqual([["three"], "3"]);
  });

  test("tells the user's page when the bot fails", async () => {
    const chat = await startChat(fixture, secret);
    fixture.answer = () => new Response("no", { status: 401 });
    const posted = await fixture.ask("POST", `${directLine}/conversations/${chat.id}/activities`, {
      bearer: chat.token,
      body: { type: "message", text: "mail" },
    });
    expect([posted.status, posted.body]).toEqual([
      502,
      {
        error: { code: "BotError", message: "Failed to send activity: bot returned an error" },
        httpStatusCode: 401,
      },
    ]);
  });

  test("gives an invoke the bot's own answer and keeps it out of what is read", async () => {
    const chat = await startChat(fixture, secret);
    fixture.answer = ({ name }) => Response.json({ took: name }, { status: 412 });
    const url = `${directLine}/conversations/${chat.id}/activities`;
    const body = { type: "invoke", name: "signin/verifyState" };
    const posted = await fixture.ask("POST", url, { bearer: chat.token, body });
    expect([posted.status, posted.body]).toEqual([412, { took: "signin/verifyState" }]);
    expect(texts((await fixture.ask("GET", url, { bearer: chat.token })).body)).toEqual([]);
  });

  test.each([
    ["no type", { text: "mail" }, 400, "MissingProperty", "Invalid or missing activities in HTTP body"],
    ["no JSON", "{", 400, "BadSyntax", "The request's body is not valid JSON"],
    [
      "300 KB",
      { type: "message", text: "x".repeat(300_000) },
      413,
      "MessageSizeTooBig",
      "The request's body is larger than 256 KB",
    ],
  ])("refuses an activity with %s", async (_what, body, status, code, message) => {
    const chat = await startChat(fixture, secret);
    const url = `${directLine}/conversations/${chat.id}/activities`;
    const refused = await fixture.ask("POST", url, { bearer: chat.token, body });
    expect([refused.status, refused.body]).toEqual([status, { error: { code, message } }]);
  });

  test("refuses a file clearly instead of losing it", async () => {
    const chat = await startChat(fixture, secret);
    const url = `${directLine}/conversations/${chat.id}/upload`;
    const refused = await fixture.ask("POST", url, { bearer: chat.token, body: "x" });
    expect([refused.status, refused.body.error]).toEqual([
      400,
      expect.objectContaining({ code: "NotServedByLocalAzure" }),
    ]);
  });

  test("of a European bot lives on the European host alone", async () => {
    fixture = await createFixture();
    secret = await createChatBot(fixture, "westeurope");
    const refused = await fixture.ask("POST", `${directLine}/tokens/generate`, { bearer: secret, body: {} });
    expect(refused.body.error).toEqual({
      code: "Forbidden",
      message:
        "Data boundary violation: the bot lives in 'westeurope', " +
        "its Direct Line is https://europe.directline.botframework.com",
    });
    const chat = await startChat(fixture, secret, "https://europe.directline.botframework.com/v3/directline");
    expect(chat.id).toMatch(/-eu$/);
    expect(fixture.received[0]?.activity.serviceUrl).toBe("https://europe.directline.botframework.com/");
  });
});

describe("without enhanced authentication", () => {
  beforeEach(async () => {
    fixture = await createFixture();
    const path = botPath(fixture.azure);
    await fixture.arm("PUT", path, botBody());
    const keys = await fixture.arm("POST", `${path}/channels/DirectLineChannel/listChannelWithKeys`);
    secret = as<{ setting: { sites: { key: string }[] } }>(keys.body).setting.sites[0]?.key as string;
  });

  test("the first activity says who the user is, and the bot is told before it gets it", async () => {
    const started = await fixture.ask("POST", `${directLine}/conversations`, { bearer: secret });
    const { conversationId, token } = as<Started>(started.body);
    const url = `${directLine}/conversations/${conversationId}/activities`;
    const refused = await fixture.ask("POST", url, { bearer: token, body: { type: "message", text: "hi" } });
    expect(refused.body.error).toMatchObject({ code: "MissingProperty" });
    await fixture.ask("POST", url, { bearer: token, body: { type: "message", text: "hi", from: { id: "sam" } } });
    expect(fixture.received.map(({ activity }) => [activity.type, activity.membersAdded])).toEqual([
      ["conversationUpdate", [{ id: expect.stringMatching(/^bot1@/), name: "Bot One" }]],
      ["conversationUpdate", [{ id: "sam" }]],
      ["message", undefined],
    ]);
  });
});

describe("the stream", () => {
  class Socket extends EventEmitter {
    readonly frames: { activities: Activity[]; watermark: string }[] = [];
    send(frame: string): void {
      this.frames.push(JSON.parse(frame) as { activities: Activity[]; watermark: string });
    }
    close(): void {
      this.emit("close");
    }
  }
  const upgrade = (url: string): Promise<((socket: WebSocket) => void) | Response> => {
    const service = fixture.services.find(({ name }) => name === "Direct Line");
    return service?.upgrade?.(new Request(url.replace(/^wss/, "https"))) as Promise<
      ((socket: WebSocket) => void) | Response
    >;
  };

  test("sends what was said before it opened, then each activity as it comes, typing included", async () => {
    const chat = await startChat(fixture, secret);
    const url = `${directLine}/conversations/${chat.id}/activities`;
    await fixture.ask("POST", url, { bearer: chat.token, body: { type: "message", text: "before" } });
    const again = await fixture.ask("GET", `${directLine}/conversations/${chat.id}`, { bearer: chat.token });
    const socket = new Socket();
    const take = await upgrade(as<Started>(again.body).streamUrl);
    if (take instanceof Response) throw new Error(await take.text());
    take(socket as unknown as WebSocket);
    socket.emit("message", "");
    for (const activity of [{ type: "typing" }, { type: "message", text: "after" }]) {
      await fixture.ask("POST", url, { bearer: chat.token, body: activity });
    }
    expect(
      socket.frames.map(({ activities, watermark }) => [activities[0]?.type, activities[0]?.text, watermark]),
    ).toEqual([
      ["message", "before", "1"],
      ["typing", undefined, "1"],
      ["message", "after", "2"],
    ]);
  });

  test("is refused without a token of its conversation", async () => {
    const chat = await startChat(fixture, secret);
    const other = await startChat(fixture, secret);
    const path = `${directLine}/conversations/${chat.id}/stream`;
    expect(((await upgrade(path)) as Response).status).toBe(401);
    expect(((await upgrade(`${path}?t=${other.token}`)) as Response).status).toBe(403);
  });
});

describe("a page of another origin", () => {
  test("may ask with credentials, and sees refusals too", async () => {
    const preflight = await fixture.ask("OPTIONS", `${directLine}/conversations`, {
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-ms-bot-agent",
      },
    });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "authorization,x-ms-bot-agent",
    });
    const refused = await fixture.ask("POST", `${directLine}/conversations`, { headers: { origin } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, origin]);
  });
});

describe("a session id", () => {
  const ask = (bearer: string, headers: Record<string, string>): ReturnType<BotServiceFixture["ask"]> =>
    fixture.ask("GET", `${directLine}/session/getsessionid`, { bearer, headers });

  test("is given to a trusted page, with a cookie that the Token Service gets as well", async () => {
    const chat = await startChat(fixture, secret);
    const { status, body, headers } = await ask(chat.token, { origin });
    expect([status, body]).toEqual([200, { sessionId: expect.stringMatching(/^[\w-]{32}$/) }]);
    expect(headers.get("set-cookie")).toMatch(
      /^webchat_session=[\w-]{32}; Domain=botframework\.com; Path=\/; Secure; HttpOnly; SameSite=None$/,
    );
  });

  test.each([
    [{}, 400, "BadArgument", "The Origin header is missing"],
    [
      { origin: "https://evil.example" },
      403,
      "ServiceError",
      "https://evil.example is not in the list of trusted origins",
    ],
  ])("is refused to %j", async (headers, status, code, message) => {
    const chat = await startChat(fixture, secret);
    const refused = await ask(chat.token, headers as Record<string, string>);
    expect([refused.status, refused.body]).toEqual([status, { error: { code, message } }]);
  });

  test("is refused on a site without enhanced authentication", async () => {
    const path = botPath(fixture.azure);
    const keys = await fixture.arm("POST", `${path}/channels/WebChatChannel/listChannelWithKeys`);
    expect(keys.status).toBe(200);
    await fixture.arm("PUT", `${path}/channels/DirectLineChannel`, {
      location: "global",
      properties: {
        channelName: "DirectLineChannel",
        properties: { sites: [{ siteName: "chat", isSecureSiteEnabled: false, trustedOrigins: [] }] },
      },
    });
    const chat = await startChat(fixture, secret);
    const refused = await ask(chat.token, { origin });
    expect([refused.status, refused.body]).toEqual([
      403,
      { error: { code: "ServiceError", message: "Trusted Origin list is empty." } },
    ]);
  });
});

test("two thousand idle conversations do not grow without end", async () => {
  await secureSite(fixture);
  const first = await startChat(fixture, secret);
  await settled(() => fixture.received.length === 1);
  for (let number = 0; number < 2_000; number++) {
    await fixture.ask("POST", "https://api.botframework.com/v3/conversations", {
      bearer: `bot:${appId}`,
      body: { members: [{ id: `dl_${number}` }] },
    });
  }
  const gone = await fixture.ask("GET", `${directLine}/conversations/${first.id}`, { bearer: first.token });
  expect([gone.status, gone.body]).toEqual([
    404,
    { error: { code: "ConversationNotFound", message: "Conversation not found" } },
  ]);
});
