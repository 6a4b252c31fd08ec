import { botAt } from "../../../ops/azure/bot-at";

const id =
  "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/bots/providers/Microsoft.BotService/botServices/mail";
const address = { subscriptionId: "0b1f6471-1bf0-4dda-aec3-cb9272f09590", resourceGroupName: "bots", botName: "mail" };

test.each([
  ["as ARM writes it", id],
  ["pasted with a blank and a slash behind it", ` ${id}/\n`],
])("a bot's id, %s, is the same bot to every command that takes one", (_, typed) => {
  expect(botAt(typed)).toEqual({ id, ...address });
});

test.each([
  ["another resource's id", id.replace("Microsoft.BotService/botServices", "Microsoft.Web/sites")],
  ["a part of a bot", `${id}/channels/MsTeamsChannel`],
  ["a subscription by its name", id.replace(address.subscriptionId, "production")],
  ["a name", "mail"],
])("%s is refused before Azure is asked", (_, typed) => {
  expect(botAt(typed)).toBeUndefined();
});
