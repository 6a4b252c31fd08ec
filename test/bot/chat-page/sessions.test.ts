import { ChatSessions } from "../../../bot/chat-page/sessions";
import { settings } from "../support/azure";
import { MemoryStorage } from "../support/memory-storage";

const storage = new MemoryStorage();
const sessions = new ChatSessions(settings.chatSessionKeys, false, storage);
/** What a browser sends after it got these lines: the last one of a name that is not to be dropped. */
const sent = (lines: readonly string[] | undefined): string =>
  (lines ?? [])
    .filter((line) => !line.includes("Max-Age=0"))
    .map((line) => line.split(";")[0])
    .join("; ");

test("a session is known as long as nobody ended it, and nothing is stored of it", async () => {
  const quiet = new MemoryStorage();
  const own = new ChatSessions(settings.chatSessionKeys, false, quiet);
  const first = await own.knownOrNew(undefined);
  expect(await own.knownOrNew(sent(first.cookies))).toEqual({ userId: first.userId });
  expect(await own.known(sent(first.cookies))).toBe(first.userId);
  expect(quiet.items.size).toBe(0);
});

test("after a sign-out a copy of the cookie is worth nothing, and the browser is a new user", async () => {
  const { userId, cookies } = await sessions.knownOrNew(undefined);
  await sessions.end(userId);
  expect(await sessions.known(sent(cookies))).toBeUndefined();
  const next = await sessions.knownOrNew(sent(cookies));
  expect(next.userId).not.toBe(userId);
  expect(await sessions.known(sent(next.cookies))).toBe(next.userId);
});

test("a browser with two cookies gets a session that is neither, and keeps that one alone", async () => {
  const [one, other] = [await sessions.knownOrNew(undefined), await sessions.knownOrNew(undefined)];
  const fresh = await sessions.knownOrNew(`${sent(one.cookies)}; ${sent(other.cookies)}`);
  expect([one.userId, other.userId]).not.toContain(fresh.userId);
  expect(fresh.cookies?.[0]).toMatch(/^__Host-chat_session=; .*Max-Age=0; .*Partitioned$/);
  expect(fresh.cookies?.[1]).toMatch(/^__Host-chat_session=dl_.* SameSite=Strict$/);
  expect(fresh.cookies).toHaveLength(2);
});

test("the storage gets no user id: it is worth a sign-in", async () => {
  const { userId } = await sessions.knownOrNew(undefined);
  await sessions.end(userId);
  expect(JSON.stringify([...storage.items])).not.toContain(userId);
});
