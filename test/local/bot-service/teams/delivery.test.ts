import type { ChannelKey } from "../../../../local/azure/bot-service/channel-key";
import { Delivery } from "../../../../local/azure/bot-service/direct-line/delivery";
import type { Bot } from "../../../../local/azure/bot-service/registration";
import type { Azure } from "../../../../local/azure/service";

/** Delivers to a bot that never answers its first `slow` posts. */
async function deliver(tries: number, slow: number): Promise<{ outcome: number | string; bodies: string[] }> {
  const bodies: string[] = [];
  const call = (_caller: string, _url: string, init: RequestInit): Promise<Response> => {
    bodies.push(String(init.body));
    return bodies.length > slow ? Promise.resolve(new Response(null, { status: 202 })) : new Promise(() => undefined);
  };
  const key = { token: () => Promise.resolve("token") } as unknown as ChannelKey;
  const delivery = new Delivery({ call } as unknown as Azure, key, 5);
  const bot = { appId: "bot", endpoint: "https://bot.example/api/messages", handle: "bot" } as Bot;
  const activity = { type: "message", id: "1", serviceUrl: "https://smba.trafficmanager.net/teams/" };
  const outcome = await delivery.post(bot, activity, tries).then(
    ({ status }) => status,
    (error: Error) => error.message,
  );
  return { outcome, bodies };
}

test("a message that the bot does not answer in time comes a second time, with the same id", async () => {
  const { outcome, bodies } = await deliver(2, 1);
  expect(outcome).toBe(202);
  expect(bodies.map((body) => (JSON.parse(body) as { id: string }).id)).toEqual(["1", "1"]);
});

test("and no third time; what is not to be repeated comes once", async () => {
  expect(await deliver(2, 9)).toMatchObject({ outcome: expect.stringContaining("timed out") as string });
  expect((await deliver(2, 9)).bodies).toHaveLength(2);
  expect((await deliver(1, 9)).bodies).toHaveLength(1);
});
