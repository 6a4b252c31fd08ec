import type { Access } from "../../infra/azure/access";
import { type BotAddress, botServiceVersion } from "../../infra/azure/bot-service";
import { ownResource } from "./own-resource";
import { deploying } from "../pulumi/deploying";
import type { StackSettings } from "../pulumi/stack-settings";
import { lookAtBot } from "../../infra/azure/deployed-bot";
import type { DeployedBot } from "../../infra/deployment/teams-agreement";
import { OpsError } from "../cli/ops-error";

/**
 * The bot that a stack deployed, as it stands in Azure and Entra.
 * Throws an OpsError where there is none, and an AzureCallError where Azure may not be read.
 */
export async function botOfStack(access: Access, settings: StackSettings, stack: string): Promise<DeployedBot> {
  const address = await botAddressOfStack(access, settings, stack);
  const bot = await lookAtBot(access, address);
  if (bot) return bot;
  throw noBot(stack, address.resourceGroupName);
}

/**
 * Where the bot is that a stack deployed, found by its tags: neither state nor passphrase is needed.
 * Throws an OpsError where there is none, and an AzureCallError where Azure may not be read.
 */
export async function botAddressOfStack(access: Access, settings: StackSettings, stack: string): Promise<BotAddress> {
  const type = "Microsoft.BotService/botServices";
  const { name, ...place } = await ownResource(access, settings, stack, type, botServiceVersion);
  if (name !== undefined) return { ...place, botName: name };
  throw noBot(stack, place.resourceGroupName);
}

function noBot(stack: string, group: string): OpsError {
  return new OpsError("nothing-deployed", `The stack ${stack} has no bot in ${group}`, deploying(stack));
}
