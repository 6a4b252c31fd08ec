import "./node-version";
import { resolve } from "node:path";
import { healthRoute } from "../contract/app-settings";
import { packageBot } from "../infra/code/package";
import { pushCode } from "../infra/code/push";
import { seconds } from "./terminal";

/** Bundles the bot and pushes it to the web app named by the arguments: resource group, web app, origin. */
async function main(): Promise<void> {
  const began = performance.now();
  const [resourceGroupName = "", webAppName = "", origin = ""] = process.argv.slice(2);
  const { hash, zipPath } = await packageBot(resolve(__dirname, ".."));
  await pushCode({
    subscriptionId: process.env.ARM_SUBSCRIPTION_ID ?? "",
    resourceGroupName,
    webAppName,
    zipPath,
    hash,
    healthUrl: `${origin}${healthRoute}`,
  });
  process.stdout.write(`Deployed ${hash.slice(0, 12)} in ${seconds(performance.now() - began)}.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
