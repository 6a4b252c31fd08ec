import {
  dropCookie,
  framedElsewhere,
  keepCookie,
  newSession,
  readSession,
  sessionCookie,
  sessionLifetime,
  type SessionKeys,
} from "../../../bot/chat-page/session";

const key: SessionKeys = ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"];
const now = new Date("2026-11-28T12:00:00Z");
const none = { found: "none" };
const show = (value: string): string => `${sessionCookie}=${value}`;

test("a browser that comes back is the same user", () => {
  const { userId, value } = newSession(key, now);
  expect(userId).toMatch(/^dl_[\w-]{22}$/);
  expect(readSession(`other=1; ${show(value)}; more=2`, key, now)).toEqual({ found: "session", userId });
});

test("two browsers are two users", () => {
  expect(newSession(key, now).userId).not.toBe(newSession(key, now).userId);
});

test("the cookie is of a name that no other host of the domain can set, and goes to no script", () => {
  expect(sessionCookie).toBe("__Host-chat_session");
  expect(keepCookie("value", false)).toBe(
    "__Host-chat_session=value; Path=/; Max-Age=7776000; HttpOnly; Secure; SameSite=Strict",
  );
});

test("it is sent in other sites' frames only where other sites may frame the chat, and kept apart for each of them", () => {
  expect(keepCookie("value", true)).toBe(
    "__Host-chat_session=value; Path=/; Max-Age=7776000; HttpOnly; Secure; SameSite=None; Partitioned",
  );
  expect(framedElsewhere("'none'")).toBe(false);
  expect(framedElsewhere("'self'")).toBe(false);
  expect(framedElsewhere("'self' https://intranet.contoso.com")).toBe(true);
});

test("a browser can be told to forget it in either way", () => {
  expect([dropCookie(false), dropCookie(true)]).toEqual([
    "__Host-chat_session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict",
    "__Host-chat_session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=None; Partitioned",
  ]);
});

test("a session ends after 90 days, and its browser cannot make it younger", () => {
  const { userId, value } = newSession(key, now);
  const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
  expect(readSession(show(value), key, later(sessionLifetime - 1))).toEqual({ found: "session", userId });
  expect(readSession(show(value), key, later(sessionLifetime))).toEqual(none);
  const [id, issued = "", signature] = value.split(".");
  const younger = `${id}.${Number(issued) + 1000}.${signature}`;
  expect(readSession(show(younger), key, now)).toEqual(none);
});

test("a rotation of the key ends no session: it is signed anew, as old as it is, and two rotations later still good", () => {
  const { userId, value } = newSession(key, now);
  const [oldest] = key;
  const rotated: SessionKeys = ["second-key-second-key-second-key-", oldest];
  const shown = readSession(show(value), rotated, now);
  expect(shown).toEqual({ found: "session", userId, signedAnew: expect.stringContaining(userId) as string });
  const { signedAnew = "" } = shown as { signedAnew?: string };
  expect(signedAnew.split(".").slice(0, 2)).toEqual(value.split(".").slice(0, 2));
  const again: SessionKeys = ["third-key-third-key-third-key-th", rotated[0]];
  expect(readSession(show(value), again, now)).toEqual(none);
  expect(readSession(show(signedAnew), again, now)).toMatchObject({ found: "session", userId });
});

test("of two cookies of the name none is believed: one of them is somebody else's", () => {
  const [mine, planted] = [newSession(key, now), newSession(key, now)];
  expect(readSession(`${show(planted.value)}; ${show(mine.value)}`, key, now)).toEqual({ found: "several" });
  expect(readSession(`${show(mine.value)}; ${show(mine.value)}`, key, now)).toEqual({ found: "several" });
  expect(readSession(`${show(mine.value)}; ${show("")}`, key, now)).toEqual({ found: "several" });
});

describe("nobody can choose to be another browser's user: no session is", () => {
  const { userId, value } = newSession(key, now);
  const [, issued = "", signature = ""] = value.split(".");
  const cookies: [string, string][] = [
    ["the cookie of earlier versions", `chat_session=${value}`],
    ["its value under the new name", show(`${userId}.${signature}`)],
    ["an id without a signature", show(userId)],
    ["a date without a signature", show(`${userId}.${issued}`)],
    ["a wrong signature", show(`${userId}.${issued}.${"A".repeat(signature.length)}`)],
    ["an empty signature", show(`${userId}.${issued}.`)],
    ["another id under the same signature", show(`dl_${"A".repeat(22)}.${issued}.${signature}`)],
    ["another key's signature", show(newSession([`${key[0]}x`, key[1]], now).value)],
    ["more after the signature", show(`${value}.`)],
    ["nothing", show("")],
    ["the name in other letters", `__host-chat_session=${value}`],
  ];
  test.each(cookies)("%s", (_, cookie) => {
    expect(readSession(cookie, key, now)).toEqual(none);
  });
});
