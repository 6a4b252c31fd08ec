import { BotCode } from "../../../infra/components/bot-code";
import type { Hosting } from "../../../infra/components/hosting";
import { subscriptionId } from "../../support/azure-answers";
import { madeBy, oneOf, valueOf } from "../../support/bot-sign-in";

test("code that is ready to run is pushed by its hash to the web app that is to report it", async () => {
  const hosting = {
    webAppName: "shop-web",
    healthAddress: "https://shop.example/healthz",
    basicAuthOff: [],
  } as unknown as Hosting;
  const code = { zipPath: "/tmp/bot.zip", hash: "a".repeat(64) };
  let bot: BotCode | undefined;
  const made = await madeBy(
    () =>
      (bot = new BotCode("code", {
        subscriptionId,
        resourceGroupName: "shop-dev",
        hosting,
        code,
        projectFolder: "/nowhere",
      })),
  );
  expect(oneOf(made, "DeployedCode")).toEqual({
    subscriptionId,
    resourceGroupName: "shop-dev",
    webAppName: "shop-web",
    zipPath: "/tmp/bot.zip",
    hash: code.hash,
    healthUrl: "https://shop.example/healthz",
  });
  expect(await valueOf(bot!.hash)).toBe(code.hash);
});
