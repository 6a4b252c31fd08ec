import "./node-version";
import { resolve } from "node:path";
import { healthRoute } from "../contract/app-settings";
import { packageBrought } from "../infra/code/brought-code";
import { packageBot } from "../infra/code/package";
import { pushCode } from "../infra/code/push";
import { type BroughtCode, planOf } from "../infra/deployment/code";
import { broughtCode } from "../infra/provider/brought-code";
import { seconds } from "./terminal";

/**
 * Packages the bot and pushes it to the web app named by the arguments: resource group, web app, origin, and for a bot that
 * was brought the setting `code`.
 */
async function main(): Promise<void> {
  const began = performance.now();
  const [resourceGroupName = "", webAppName = "", origin = "", setting] = process.argv.slice(2);
  const code = setting === undefined ? undefined : (JSON.parse(setting) as BroughtCode);
  const root = resolve(__dirname, "..");
  const { hash, zipPath } = await (code ? packageBrought(root, root, code) : packageBot(root));
  const push = {
    subscriptionId: process.env.ARM_SUBSCRIPTION_ID ?? "",
    resourceGroupName,
    webAppName,
    zipPath,
    hash,
    healthUrl: `${origin}${healthRoute}`,
  };
  if (code) {
    const { health: proof, messages } = planOf(code);
    await broughtCode().create({ ...push, proof, messagesUrl: `${origin}${messages}`, settings: "" });
  } else await pushCode(push);
  process.stdout.write(`Deployed ${hash.slice(0, 12)} in ${seconds(performance.now() - began)}.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
