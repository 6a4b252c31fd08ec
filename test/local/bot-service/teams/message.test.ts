import { messageOf } from "../../../../local/azure/bot-service/teams/message";

const bot = { id: "28:bot", name: "Mail & more" };

test.each([
  ["browser", "<at>Mail &amp; more</at>&nbsp;mail", { text: "<at>Mail &amp; more</at>" }],
  ["desktop", "<at>Mail &amp; more</at> mail\n", {}],
  ["phone", "<at>Mail &amp; more</at> mail\n", { text: null }],
] as const)("a mention from the %s is written as Teams writes it there", (device, text, inMention) => {
  const { text: written, entities } = messageOf("mail", device, bot) as unknown as { text: string; entities: object[] };
  expect(written).toBe(text);
  expect(entities[0]).toEqual({ type: "mention", mentioned: { id: "28:bot", name: "Mail & more" }, ...inMention });
});

test("a message without a mention is its text alone, with the client it came from", () => {
  expect(messageOf("mail <b>", "desktop", undefined)).toEqual({
    type: "message",
    text: "mail <b>",
    textFormat: "plain",
    locale: "en-GB",
    entities: [{ type: "clientInfo", locale: "en-GB", country: "GB", platform: "Windows", timezone: "Europe/London" }],
  });
});
