import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { codeEndpoint, signOutEndpoint, tokenEndpoint, type PageParts } from "../../../bot/chat-page/endpoints";
import { ChatSessions } from "../../../bot/chat-page/sessions";
import { BotError } from "../../../bot/error";
import { turnTime } from "../../../contract/turn";
import type { Answer } from "../../../bot/host/answer";
import type { Handler } from "../../../bot/host/host";
import { settings } from "../support/azure";
import { MemoryStorage } from "../support/memory-storage";

const host = "bot.azurewebsites.net";
const address = "https://token.botframework.com/api/oauth/signin?signin=1";

/** The page's parts, with a Token Service in which nobody is signed in until `code` was handed in. */
function pageParts(chatSignedInTo: string | undefined, code = "123456") {
  const asked: [string, string | undefined][] = [];
  const tried: string[] = [];
  const signedIn = new Set<string>();
  const parts: PageParts = {
    settings: { ...settings, chatSignedInTo },
    directLine: {
      async token(userId, origin) {
        asked.push([userId, origin]);
        return { token: "t", conversationId: "c", expiresIn: 1800 };
      },
    },
    sessions: new ChatSessions(settings.chatSessionKeys, false, new MemoryStorage()),
    signIn: {
      addressOf: async (userId) => (signedIn.has(userId) ? undefined : address),
      async redeem(userId, _, given) {
        tried.push(given);
        if (given === code) signedIn.add(userId);
        return { right: given === code, triesLeft: 4, wait: 0 };
      },
      signOut: async (userId) => void signedIn.delete(userId),
    },
  };
  return { parts, asked, tried, signedIn };
}

async function ask(handle: Handler, cookie?: string, body = ""): Promise<Answer> {
  const headers = { host, ...(cookie && { cookie }) };
  const request = Object.assign(Readable.from([Buffer.from(body)]), { headers }) as unknown as IncomingMessage;
  return (await handle(request, undefined as unknown as ServerResponse, new URL(`https://${host}/`))) as Answer;
}

const cookieOf = ({ cookies }: Answer): string => cookies?.at(-1)?.split(";")[0] ?? "";
const withCode = (code: string): string => JSON.stringify({ code });

test("a service that never answers has the page told so in the time of a turn", async () => {
  jest.useFakeTimers();
  try {
    const { parts } = pageParts(undefined);
    const never = { ...parts, directLine: { token: () => new Promise<never>(() => undefined) } };
    const told = expect(ask(tokenEndpoint(never))).rejects.toMatchObject({ code: "chat-unavailable", status: 502 });
    await jest.advanceTimersByTimeAsync(turnTime);
    await told;
  } finally {
    jest.useRealTimers();
  }
});

describe("a chat for everyone", () => {
  test("gives a token for the browser's own user, and the address of the residency's Direct Line", async () => {
    const { parts, asked } = pageParts(undefined);
    const answer = await ask(tokenEndpoint(parts));
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        token: "t",
        conversationId: "c",
        expiresIn: 1800,
        domain: "https://europe.directline.botframework.com/v3/directline",
      },
    ]);
    const again = await ask(tokenEndpoint(parts), cookieOf(answer));
    expect(again.cookies).toBeUndefined();
    expect(asked[0]).toEqual([expect.stringMatching(/^dl_/), `https://${host}`]);
    expect(asked[1]).toEqual(asked[0]);
  });

  test("tries no codes: there is no sign-in before the chat", async () => {
    const { parts, tried } = pageParts(undefined);
    const cookie = cookieOf(await ask(tokenEndpoint(parts)));
    await expect(ask(codeEndpoint(parts), cookie, withCode("123456"))).rejects.toMatchObject({ status: 403 });
    expect(tried).toEqual([]);
  });

  test("is another one after a sign-out, with nothing left of the sign-in", async () => {
    const { parts, asked, signedIn } = pageParts(undefined);
    const cookie = cookieOf(await ask(tokenEndpoint(parts)));
    signedIn.add(asked[0]?.[0] ?? "");
    const left = await ask(signOutEndpoint(parts), cookie);
    expect(left.cookies?.map((line) => /Max-Age=0/.test(line))).toEqual([true, true]);
    expect(signedIn.size).toBe(0);
    await ask(tokenEndpoint(parts), cookie);
    expect(asked[1]?.[0]).not.toBe(asked[0]?.[0]);
  });
});

describe("a chat for people who have signed in", () => {
  test("gives a stranger the address of the sign-in page, and no token", async () => {
    const { parts, asked } = pageParts("GraphConnection");
    const answer = await ask(tokenEndpoint(parts));
    expect([answer.status, answer.json]).toEqual([401, { signIn: address }]);
    expect(cookieOf(answer)).toMatch(/^__Host-chat_session=dl_/);
    expect(asked).toEqual([]);
  });

  test("gives a token to the browser that brought the code, and to no other", async () => {
    const { parts, asked } = pageParts("GraphConnection");
    const cookie = cookieOf(await ask(tokenEndpoint(parts)));
    expect((await ask(codeEndpoint(parts), cookie, withCode("123456"))).json).toEqual({
      right: true,
      triesLeft: 4,
      wait: 0,
    });
    expect((await ask(tokenEndpoint(parts), cookie)).status).toBe(200);
    expect((await ask(tokenEndpoint(parts))).status).toBe(401);
    expect(asked).toHaveLength(1);
  });

  test("gives none any more after the sign-out", async () => {
    const { parts } = pageParts("GraphConnection");
    const cookie = cookieOf(await ask(tokenEndpoint(parts)));
    await ask(codeEndpoint(parts), cookie, withCode("123456"));
    await ask(signOutEndpoint(parts), cookie);
    expect((await ask(tokenEndpoint(parts), cookie)).status).toBe(401);
  });

  test("tries no code of somebody without a session", async () => {
    const { parts, tried } = pageParts("GraphConnection");
    await expect(ask(codeEndpoint(parts), undefined, withCode("123456"))).rejects.toMatchObject({ status: 403 });
    expect(tried).toEqual([]);
  });

  test.each([
    ["five digits", withCode("12345"), 400],
    ["letters", withCode("abcdef"), 400],
    ["a number", '{"code":123456}', 400],
    ["no JSON", "code=123456", 400],
    ["nothing", "", 400],
    ["a book", withCode("1".repeat(5000)), 413],
  ])("%s is no code, and is not tried", async (_, body, status) => {
    const { parts, tried } = pageParts("GraphConnection");
    const cookie = cookieOf(await ask(tokenEndpoint(parts)));
    await expect(ask(codeEndpoint(parts), cookie, body)).rejects.toMatchObject({ code: "request-refused", status });
    expect(tried).toEqual([]);
  });
});

describe("what another service says of its refusal is for the log, not for strangers", () => {
  const words = "The site chat of bot contoso-mail is disabled";
  const refusal = new BotError("direct-line-refused", words, { status: 502, fix: "Enable it." });

  test.each([
    ["Direct Line", tokenEndpoint, undefined, { directLine: { token: () => Promise.reject(refusal) } }],
    ["the Token Service", tokenEndpoint, "GraphConnection", { signIn: { addressOf: () => Promise.reject(refusal) } }],
    [
      "the Token Service, asked for a code",
      codeEndpoint,
      "GraphConnection",
      { signIn: { redeem: () => Promise.reject(refusal) } },
    ],
    ["a client", tokenEndpoint, undefined, { directLine: { token: () => Promise.reject(new Error(words)) } }],
  ])("%s", async (_, endpoint, connection, changes) => {
    const { parts } = pageParts(connection);
    const cookie = cookieOf(await ask(tokenEndpoint(parts)));
    const broken = { ...parts, ...changes, signIn: { ...parts.signIn, ...("signIn" in changes && changes.signIn) } };
    const error = await ask(endpoint(broken as PageParts), cookie, withCode("123456")).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "chat-unavailable",
      status: 502,
      message: "The chat is not available right now.",
      cause: { message: words },
    });
  });
});
