import { Writable } from "node:stream";
import { BotError } from "../../bot/error";
import { createLog } from "../../bot/log";

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

test("an error keeps its code, cure and cause, and nothing of the request that it carries", () => {
  const cause = Object.assign(new Error("403"), { status: 403, config: { headers: { authorization: "Bearer s1" } } });
  const error = new BotError("state_conflict", "Lost a race.", { cure: "Try again.", cause });
  const { err } = logged((log) => log.error({ err: error }, "failed"));
  expect(err).toMatchObject({
    code: "state_conflict",
    message: "Lost a race.",
    cure: "Try again.",
    cause: { message: "403", status: 403 },
  });
  expect(JSON.stringify(err)).not.toContain("s1");
});
