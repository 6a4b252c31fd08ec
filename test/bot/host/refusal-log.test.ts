import { Writable } from "node:stream";
import { RefusalLog } from "../../../bot/host/refusal-log";
import { createLog } from "../../../bot/log";
import { startAzure } from "../support/azure";
import { createChannel } from "../support/channel";
import { openFrontDoor } from "../support/front-door";

test("a flood writes a few lines of each kind, one with their number a minute later, and then lines again", () => {
  jest.useFakeTimers();
  try {
    const lines: unknown[][] = [];
    const write = (chunk: Buffer, _: string, done: () => void): void => {
      const { level, msg, check, unwritten } = JSON.parse(String(chunk)) as Record<string, unknown>;
      lines.push([level, msg, check, unwritten]);
      done();
    };
    const refusals = new RefusalLog(createLog(new Writable({ write })));
    for (let count = 0; count < 5000; count++) refusals.write({ status: 401, check: "bearer present" });
    refusals.write({ status: 403, check: "outbound host" });
    refusals.write({ status: 503, check: "channel token" });
    const one = ["warn", "request refused", "bearer present", undefined];
    const others = [
      ["warn", "request refused", "outbound host", undefined],
      ["error", "request refused", "channel token", undefined],
    ];
    expect(lines.splice(0)).toEqual([...Array.from({ length: 10 }, () => one), ...others]);
    jest.advanceTimersByTime(60_000);
    expect(lines.splice(0)).toEqual([["warn", "more requests refused", "bearer present", 4990]]);
    refusals.write({ status: 401, check: "bearer present" });
    expect(lines.splice(0)).toEqual([one]);
    jest.advanceTimersByTime(60_000);
    expect(lines).toEqual([]);
  } finally {
    jest.useRealTimers();
  }
});

test("strangers who send hundreds of requests write a few short lines", async () => {
  const azure = startAzure();
  const bot = await openFrontDoor(await createChannel());
  try {
    const long = "x".repeat(5000);
    const requests: [string, RequestInit][] = [
      ["/api/messages", { method: "POST", headers: { "content-type": "application/json" } }],
      [
        "/api/messages",
        { method: "POST", headers: { "content-type": "application/json", authorization: "Bearer a.b.c" } },
      ],
      ["/api/messages", { method: "POST", headers: { "content-type": long } }],
      [`/${long}%0a%1b[31m`, { method: "POST" }],
      [`/api/token?${long}`, { method: "POST", headers: { origin: `https://${long}.example` } }],
    ];
    for (let round = 0; round < 5; round++) {
      const answers = Array.from({ length: 50 }, (_, at) => {
        const [path, init] = requests[at % requests.length] as [string, RequestInit];
        return fetch(`${bot.address}${path}`, init).then(async (answer) => {
          await answer.text();
          return answer.status;
        });
      });
      expect(new Set(await Promise.all(answers))).toEqual(new Set([401, 403, 404, 415]));
    }
    expect(bot.log.length).toBeLessThanOrEqual(50);
    expect(Math.max(...bot.log.map((line) => line.length))).toBeLessThan(600);
    const fields = Object.keys(JSON.parse(bot.log[0] ?? "") as object);
    expect(fields).toEqual(["level", "time", "status", "check", "method", "path", "reason", "msg"]);
  } finally {
    azure.restore();
    await bot.close();
  }
});

test("a refusal says in its line what to do where somebody set the bot up wrongly", async () => {
  const azure = startAzure();
  const channel = await createChannel();
  const bot = await openFrontDoor(channel);
  try {
    const authorization = `Bearer ${await channel.token({ aud: "another-bot" })}`;
    await bot.post("{}", { authorization });
    expect(JSON.parse(bot.log[0] ?? "")).toMatchObject({
      level: "warn",
      status: 401,
      check: "channel token",
      method: "POST",
      path: "/api/messages",
      reason: "The token is not accepted: its aud claim is missing or wrong.",
      fix: "MicrosoftAppId and the bot registration's application id must be the same: npm run drift, then pulumi up.",
    });
  } finally {
    azure.restore();
    await bot.close();
  }
});
