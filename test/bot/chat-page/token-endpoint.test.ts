import type { IncomingMessage } from "node:http";
import { rateLimit } from "../../../bot/chat-page/rate-limit";
import { tokenEndpoint } from "../../../bot/chat-page/token-endpoint";
import type { Answer } from "../../../bot/host/answer";
import { settings } from "../support/azure";

const asked: [string, string][] = [];
const directLine = {
  token: async (userId: string, origin: string) => {
    asked.push([userId, origin]);
    return { token: "t", conversationId: "c", expiresIn: 1800 };
  },
};

const host = "bot.azurewebsites.net";
const page = { host, origin: `https://${host}`, "sec-fetch-site": "same-origin" };

function ask(headers: Record<string, string>, points = 10): Promise<Answer> {
  const request = { headers, socket: { remoteAddress: "127.0.0.1" } } as unknown as IncomingMessage;
  return tokenEndpoint(settings, directLine, rateLimit(points, 60))(request);
}

beforeEach(() => asked.splice(0));

test("a page gets a token for its browser's own user, and the address of its residency's Direct Line", async () => {
  const answer = await ask(page);
  expect([answer.status, answer.json]).toEqual([
    200,
    {
      token: "t",
      conversationId: "c",
      expiresIn: 1800,
      domain: "https://europe.directline.botframework.com/v3/directline",
    },
  ]);
  const cookie = answer.headers?.["set-cookie"]?.split(";")[0] ?? "";
  const again = await ask({ ...page, cookie });
  expect(again.headers?.["set-cookie"]).toBeUndefined();
  expect(asked[0]).toEqual([expect.stringMatching(/^dl_/), `https://${host}`]);
  expect(asked[1]).toEqual(asked[0]);
});

test("a page of another site gets none, and Direct Line is not asked", async () => {
  await expect(ask({ host, origin: "https://evil.example" })).rejects.toMatchObject({ status: 403 });
  expect(asked).toEqual([]);
});

test("a page that asks in a loop is told when to ask again", async () => {
  const answer = await ask(page, 0);
  expect([answer.status, answer.headers?.["retry-after"], asked]).toEqual([429, "60", []]);
});
