import { Writable } from "node:stream";
import { BotError } from "../../bot/error";
import { createLog, logText } from "../../bot/log";
import { startAzure } from "./support/azure";
import { createChannel } from "./support/channel";
import { openFrontDoor } from "./support/front-door";

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  let text = "";
  write(createLog(new Writable({ write: (chunk, _, done) => ((text += String(chunk)), done()) })));
  return JSON.parse(text) as Record<string, unknown>;
}

test("credentials are cut out of a record, however it was written", () => {
  const record = logged((log) =>
    log.info({ token: "s1", request: { authorization: "s2", deep: { password: "s3" } }, user: "ada" }, "said"),
  );
  expect(record).toMatchObject({
    level: "info",
    token: "[cut]",
    request: { authorization: "[cut]", deep: { password: "[cut]" } },
    user: "ada",
    msg: "said",
  });
});

test("an error keeps its code, fix and cause, and nothing of the request that it carries", () => {
  const cause = Object.assign(new Error("403"), { status: 403, config: { headers: { authorization: "Bearer s1" } } });
  const error = new BotError("state-conflict", "Lost a race.", { fix: "Try again.", cause });
  const { err } = logged((log) => log.error({ err: error }, "failed"));
  expect(err).toMatchObject({
    code: "state-conflict",
    message: "Lost a race.",
    fix: "Try again.",
    cause: { message: "403", status: 403 },
  });
  expect(JSON.stringify(err)).not.toContain("s1");
});

test.each([
  ["plain", "plain"],
  ["two\r\nlines\u2028and\u0085more", "two lines and more"],
  ["\u001b[31mred\u0007", " [31mred "],
  ["a\u202eb\u200bc\ufeffd\u{e0041}e\ud800f", "a b c d e f"],
  ["Zoë 👍 مرحبا", "Zoë 👍 مرحبا"],
  [undefined, undefined],
  [null, "[null]"],
  [{ toString: 1 }, "[object]"],
  ["x".repeat(101), `${"x".repeat(100)}…`],
  ["\n".repeat(1_000_000), " …"],
])("%j is %j in the log", (text, logged) => {
  expect(logText(text)).toBe(logged);
});

test("texts in every depth of a record are in one line and cut, an error's words and causes, too", () => {
  const hostile = `a\n{"level":"info"}${"x".repeat(2000)}`;
  const cause = Object.assign(new Error(hostile), { code: hostile, fix: hostile });
  const error = new Error(hostile, { cause });
  const line = JSON.stringify(
    logged((log) => log.error({ err: error, one: hostile, two: { three: [hostile, { four: hostile }] } }, "failed")),
  );
  expect(line).not.toMatch(/a\\n/);
  expect(line).not.toContain("x".repeat(501));
});

test("nothing that a client chooses makes a long line or a second one", async () => {
  const azure = startAzure();
  const bot = await openFrontDoor(await createChannel());
  try {
    const hostile = `\n\r\u001b[2J\u2028\u202e{"level":"fatal"}${"x".repeat(3000)}`;
    const everywhere = { name: hostile, label: hostile, topicName: hostile, locale: hostile, code: hostile };
    await bot.deliver({ ...everywhere, text: hostile });
    await bot.deliver({ ...everywhere, text: "mail", type: hostile });
    await bot.deliver({ ...everywhere, type: "event" });
    await bot.deliver({ type: "event", name: "tokens/response", value: { connectionName: hostile } });
    for (const name of [hostile, "signin/failure", "signin/verifyState", "signin/tokenExchange"]) {
      const value = { code: hostile, message: hostile, state: hostile, id: hostile, connectionName: hostile };
      await bot.deliver({ type: "invoke", name, value });
    }
    await bot.deliver({ text: "mail", channelId: hostile });
    await bot.deliver({ text: "mail", from: { id: hostile } });
    await bot.deliver({ text: "mail", serviceUrl: hostile });
    // An error in mid-turn, whose words are a service's.
    azure.userToken = "user-token-1";
    azure.graph = () => Promise.reject(new Error(hostile));
    await bot.deliver({ text: "mail" });
    azure.graph = () => Response.json({ error: { code: hostile, message: hostile } }, { status: 400 });
    await bot.deliver({ text: "mail" });
    expect(bot.log.length).toBeGreaterThan(12);
    for (const line of bot.log) {
      const { err, ...record } = JSON.parse(line) as Record<string, unknown>;
      expect(Object.values(record).every((text) => String(text).length <= 501)).toBe(true);
      expect(line.trimEnd()).not.toMatch(/[\p{Cc}\u2028\u202e]|\\u001b|\\r/u);
      expect(JSON.stringify(record)).not.toContain("\\n");
      expect(line.length).toBeLessThan(err ? 6_000 : 1_000);
    }
  } finally {
    azure.restore();
    await bot.close();
  }
});
