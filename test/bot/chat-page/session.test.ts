import { chatSession } from "../../../bot/chat-page/session";

const key = "0123456789abcdef0123456789abcdef";
const cookieOf = (setCookie: string | undefined): string => (setCookie ?? "").split(";")[0] ?? "";

test("a browser that comes back is the same user", () => {
  const first = chatSession(undefined, key);
  expect(first.userId).toMatch(/^dl_[\w-]{22}$/);
  expect(chatSession(`other=1; ${cookieOf(first.setCookie)}; more=2`, key)).toEqual({ userId: first.userId });
});

test("two browsers are two users", () => {
  expect(chatSession(undefined, key).userId).not.toBe(chatSession(undefined, key).userId);
});

test("neither a page's script nor another site gets to see the cookie", () => {
  expect(chatSession(undefined, key).setCookie?.split("; ").slice(1)).toEqual([
    "Path=/",
    "Max-Age=15552000",
    "HttpOnly",
    "Secure",
    "SameSite=Lax",
  ]);
});

describe("nobody can choose to be another browser's user: a new one is made for", () => {
  const { userId, setCookie } = chatSession(undefined, key);
  const signature = cookieOf(setCookie).split(".")[1] ?? "";
  const cookies: [string, string][] = [
    ["an id without a signature", `chat_session=${userId}`],
    ["a wrong signature", `chat_session=${userId}.${"A".repeat(signature.length)}`],
    ["an empty signature", `chat_session=${userId}.`],
    ["another id under the same signature", `chat_session=dl_${"A".repeat(22)}.${signature}`],
    ["another key's signature", cookieOf(chatSession(undefined, `${key}x`).setCookie)],
    ["nothing", "chat_session="],
  ];
  test.each(cookies)("%s", (_, cookie) => {
    const session = chatSession(cookie, key);
    expect(session.userId).not.toBe(userId);
    expect(session.setCookie).toBeDefined();
  });
});
