import type { IncomingMessage, ServerResponse } from "node:http";
import { behind, fromAllowedNetwork, fromOwnPage, notTooOften, type PageCheck } from "../../../bot/chat-page/door";
import { rateLimit } from "../../../bot/chat-page/rate-limit";
import type { Answer } from "../../../bot/host/answer";
import type { Network } from "../../../contract/network";

const host = "bot.azurewebsites.net";
const page = { host, origin: `https://${host}`, "sec-fetch-site": "same-origin" };
const office: Network = { address: "203.0.113.0", prefix: 24, family: "ipv4" };

async function ask(checks: readonly PageCheck[], headers: Record<string, string>): Promise<Answer | void> {
  const request = { headers, socket: { remoteAddress: "127.0.0.1" } } as unknown as IncomingMessage;
  const handler = behind(checks, () => ({ status: 200, content: "the chat" }));
  return handler(request, undefined as unknown as ServerResponse, new URL("https://bot/"));
}

const from = (forwarded: string): Promise<Answer | void> =>
  ask([fromAllowedNetwork([office])], { ...page, "x-forwarded-for": forwarded });

test("an address of an allowed network gets the chat", async () => {
  expect(await from("203.0.113.9:50123")).toMatchObject({ status: 200 });
});

test("another one is told which address was seen, so that whoever runs the page can put it right", async () => {
  expect(await from("198.51.100.7:50123")).toEqual({
    status: 403,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    content: "This chat is open to its organization's networks only. Your address is 198.51.100.7.\n",
  });
});

test.each([
  ["an allowed one that the client wrote itself", "203.0.113.9, 198.51.100.7:50123"],
  ["IPv6, of which no network is allowed", "[2001:db8::1]:50123"],
  ["none that can be read", "somewhere"],
])("%s opens nothing", async (_, forwarded) => {
  expect(await from(forwarded)).toMatchObject({ status: 403 });
});

test("without networks every address gets the chat", async () => {
  expect(await ask([fromAllowedNetwork([])], { "x-forwarded-for": "198.51.100.7" })).toMatchObject({ status: 200 });
});

test("a page of another site gets nothing", async () => {
  await expect(ask([fromOwnPage], { host, origin: "https://evil.example" })).rejects.toMatchObject({ status: 403 });
  expect(await ask([fromOwnPage], page)).toMatchObject({ status: 200 });
});

test("an address that asks in a loop is told when to ask again", async () => {
  const check = notTooOften(rateLimit(1, 60));
  expect(await ask([check], page)).toMatchObject({ status: 200 });
  expect(await ask([check], page)).toMatchObject({ status: 429, headers: { "retry-after": "60" } });
});
