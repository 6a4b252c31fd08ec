import * as pulumi from "@pulumi/pulumi";
import { Channels, type ChannelsArgs } from "../../../infra/components/channels";
import { secretValues, subscriptionId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf, valueOf } from "../../support/bot-sign-in";

const args: ChannelsArgs = {
  subscriptionId,
  resourceGroupName: "shop-dev",
  botHandle: "shop-dev-k3x9q2ab",
  location: "global",
  chatOrigin: "https://shop.example",
  protect: false,
  rotation: 0,
};

test("users reach the bot in Teams and on the chat page, and nobody by the sites that every new bot has", async () => {
  const made = await madeBy(() => new Channels("channels", args));
  expect(namesOf(made)).toEqual([
    "Channel channels-teams",
    "DirectLineKey channels-direct-line",
    "DirectLineSite channels-direct-line",
    "WebChatDefaultSite channels-web-chat",
  ]);
  expect(oneOf(made, "Channel")).toEqual({
    resourceGroupName: "shop-dev",
    resourceName: "shop-dev-k3x9q2ab",
    channelName: "MsTeamsChannel",
    location: "global",
    properties: {
      channelName: "MsTeamsChannel",
      properties: {
        isEnabled: true,
        acceptedTerms: true,
        enableCalling: false,
        deploymentEnvironment: "CommercialDeployment",
      },
    },
  });
  const bot = { subscriptionId, resourceGroupName: "shop-dev", botName: "shop-dev-k3x9q2ab" };
  expect(oneOf(made, "DirectLineSite")).toEqual({
    ...bot,
    siteName: "chat",
    trustedOrigins: ["https://shop.example"],
  });
  expect(oneOf(made, "WebChatDefaultSite")).toEqual(bot);
});

test("the chat page's key is that of its own site, and a secret", async () => {
  let channels: Channels | undefined;
  await madeBy(() => (channels = new Channels("channels", args)));
  expect(await valueOf(channels!.directLineSecret!)).toBe(secretValues.directLineKey);
  expect(await pulumi.isSecret(channels!.directLineSecret!)).toBe(true);
});

test("two bots of one stack have their channels each", async () => {
  const made = await madeBy(() => [new Channels("mail", args), new Channels("orders", args)]);
  expect(namesOf(made)).toEqual([
    "Channel mail-teams",
    "Channel orders-teams",
    "DirectLineKey mail-direct-line",
    "DirectLineKey orders-direct-line",
    "DirectLineSite mail-direct-line",
    "DirectLineSite orders-direct-line",
    "WebChatDefaultSite mail-web-chat",
    "WebChatDefaultSite orders-web-chat",
  ]);
});
