import { createHmac, generateKeyPairSync } from "node:crypto";
import { Readable } from "node:stream";
import { exportJWK, SignJWT } from "jose";
import { BotError } from "../../../bot/error";
import { type Arrival, pass } from "../../../bot/host/arrival";
import { bodyLimit } from "../../../bot/host/checks/body";
import { checksFor } from "../../../bot/host/messages";
import { activityOf, appId, type Channel, createChannel, serviceUrl } from "../support/channel";

let channel: Channel;
let endorsed: Channel;

beforeAll(async () => {
  channel = await createChannel();
  endorsed = await createChannel(["msteams"]);
});

interface Sent {
  token?: string;
  headers?: Record<string, string | undefined>;
  body?: string;
  by?: Channel;
}

/** What the host makes of a request: the name of the check that refuses it with its status, or "passed". */
async function judge({ token, headers, body, by = channel }: Sent): Promise<string> {
  const arrival: Arrival = {
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token ?? (await by.token())}`,
      ...headers,
    },
    stream: Readable.from([Buffer.from(body ?? JSON.stringify(activityOf()))]),
  };
  try {
    await pass(arrival, checksFor(appId, by.keys));
    return "passed";
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    return `${error.status} ${error.subject}`;
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

test("an activity of a channel passes", async () => {
  expect(await judge({})).toBe("passed");
});

describe("a request is refused before its body is read", () => {
  const cases: [string, () => Promise<Sent> | Sent, string][] = [
    ["without a token", () => ({ headers: { authorization: undefined } }), "401 bearer present"],
    ["with another scheme", () => ({ headers: { authorization: "Basic YTpi" } }), "401 bearer present"],
    ["with a form as its body", () => ({ headers: { "content-type": "text/plain" } }), "415 content type"],
    ["without a content type", () => ({ headers: { "content-type": undefined } }), "415 content type"],
    [
      "with a token of the bot's own tenant",
      async () => ({
        token: await channel.token({ iss: "https://sts.windows.net/99999999-8888-7777-6666-555555555555/" }),
      }),
      "401 channel token",
    ],
    [
      "with a forged issuer",
      async () => ({ token: await channel.token({ iss: "https://evil.example/" }) }),
      "401 channel token",
    ],
    ["without an issuer", async () => ({ token: await channel.token({ iss: undefined }) }), "401 channel token"],
    [
      "with another bot's token",
      async () => ({ token: await channel.token({ aud: "another-bot" }) }),
      "401 channel token",
    ],
    [
      "with an expired token",
      async () => ({ token: await channel.token({}, { lifetime: -301 }) }),
      "401 channel token",
    ],
    [
      "with a token that never expires",
      async () => ({ token: await channel.token({ exp: undefined }) }),
      "401 channel token",
    ],
    [
      "with a token of the future",
      async () => ({ token: await channel.token({ nbf: Math.floor(Date.now() / 1000) + 400 }) }),
      "401 channel token",
    ],
    [
      "without a serviceurl claim",
      async () => ({ token: await channel.token({ serviceurl: undefined }) }),
      "401 channel token",
    ],
    [
      "with a key that is not published",
      async () => ({ token: await channel.token({}, { kid: "unknown" }) }),
      "401 channel token",
    ],
    [
      "with another key's signature",
      async () => ({ token: await (await createChannel()).token() }),
      "401 channel token",
    ],
  ];
  test.each(cases)("%s", async (_, sent, verdict) => {
    const request = await sent();
    let read = false;
    const stream = new Readable({
      read() {
        read = true;
        this.push(null);
      },
    });
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${request.token ?? "a.b.c"}`,
      ...request.headers,
    };
    const refusal: unknown = await pass({ headers, stream }, checksFor(appId, channel.keys)).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(BotError);
    const { status, subject } = refusal as BotError;
    expect([`${status} ${subject}`, read]).toEqual([verdict, false]);
  });
});

test("a token that expired within the five minutes of clock skew still passes", async () => {
  expect(await judge({ token: await channel.token({}, { lifetime: -200 }) })).toBe("passed");
});

describe("a signature that proves nothing is refused", () => {
  const claims = {
    iss: "https://api.botframework.com",
    aud: appId,
    exp: Math.floor(Date.now() / 1000) + 3600,
    serviceurl: serviceUrl,
  };

  test("alg none", async () => {
    const token = `${part({ alg: "none" })}.${part(claims)}.x`;
    expect(await judge({ token })).toBe("401 channel token");
  });

  test("HS256 with the public key as the secret", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const secret = publicKey.export({ type: "spki", format: "pem" });
    const unsigned = `${part({ alg: "HS256", kid: "channel-key" })}.${part(claims)}`;
    const token = `${unsigned}.${createHmac("sha256", secret).update(unsigned).digest("base64url")}`;
    expect(await judge({ token })).toBe("401 channel token");
  });

  test("a key that the token brings along", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: "mine", jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    expect(await judge({ token })).toBe("401 channel token");
  });
});

test("keys that cannot be fetched are the bot's fault: the channel may try again", async () => {
  const keys = { key: () => Promise.reject(new TypeError("fetch failed")), endorsements: () => undefined };
  expect(await judge({ token: await channel.token(), by: { ...channel, keys } })).toBe("503 channel token");
});

describe("a body that is no activity is refused", () => {
  const cases: [string, string, string][] = [
    ["longer than the limit", " ".repeat(bodyLimit + 1), "413 body limit"],
    ["not JSON", "{", "400 activity shape"],
    ["empty", "", "400 activity shape"],
    ["a list", "[]", "400 activity shape"],
    ["null", "null", "400 activity shape"],
    ["an empty object", "{}", "400 activity shape"],
    ...["type", "channelId", "serviceUrl", "conversation", "from", "recipient"].map(
      (field): [string, string, string] => [
        `without ${field}`,
        JSON.stringify(activityOf({ [field]: undefined })),
        "400 activity shape",
      ],
    ),
    ["with a conversation that has no id", JSON.stringify(activityOf({ conversation: {} })), "400 activity shape"],
    ["with a type that is no text", JSON.stringify(activityOf({ type: { $ne: null } })), "400 activity shape"],
  ];
  test.each(cases)("%s", async (_, body, verdict) => {
    expect(await judge({ body })).toBe(verdict);
  });
});

test("a body that says it is too long is refused before it is sent", async () => {
  expect(await judge({ headers: { "content-length": String(bodyLimit + 1) } })).toBe("413 body limit");
});

describe("answers go only where the token says, and only to the Bot Framework", () => {
  const cases: [string, string, string, string][] = [
    ["another address than the token's", serviceUrl, "https://attacker.example/", "403 serviceurl claim"],
    [
      "another path than the token's",
      "https://smba.trafficmanager.net/amer/",
      "https://smba.trafficmanager.net/emea/",
      "403 serviceurl claim",
    ],
    [
      "an unknown host that the token vouches for",
      "https://attacker.example/",
      "https://attacker.example/",
      "403 outbound host",
    ],
    [
      "a host that looks like a known one",
      "https://evilbotframework.com/",
      "https://evilbotframework.com/",
      "403 outbound host",
    ],
    [
      "a known host without https",
      "http://directline.botframework.com/",
      "http://directline.botframework.com/",
      "403 outbound host",
    ],
    ["no address at all", "here", "here", "403 outbound host"],
    ["the same address but for its last slash", "https://directline.botframework.com", serviceUrl, "passed"],
    ["Teams", "https://smba.trafficmanager.net/amer/", "https://smba.trafficmanager.net/amer/", "passed"],
    [
      "Europe's Direct Line",
      "https://europe.directline.botframework.com/",
      "https://europe.directline.botframework.com/",
      "passed",
    ],
  ];
  test.each(cases)("%s", async (_, claim, address, verdict) => {
    const token = await channel.token({ serviceurl: claim });
    expect(await judge({ token, body: JSON.stringify(activityOf({ serviceUrl: address })) })).toBe(verdict);
  });
});

test("a key endorsed for Teams cannot speak for Direct Line", async () => {
  const token = await endorsed.token();
  expect(await judge({ by: endorsed, token })).toBe("403 channel endorsement");
  const of = (channelId: string): string => JSON.stringify(activityOf({ channelId }));
  expect(await judge({ by: endorsed, token, body: of("msteams") })).toBe("passed");
  expect(await judge({ by: endorsed, token, body: of("msteams:COPILOT") })).toBe("passed");
  expect(await judge({ by: endorsed, token, body: of("directline:msteams") })).toBe("403 channel endorsement");
});
