import type { BotAddress } from "../../infra/azure/bot-service";

const pattern =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([^/]+)\/providers\/Microsoft\.BotService\/botServices\/([^/]+)$/i;

/**
 * The bot that somebody named by its id in Azure Resource Manager: `id` without what a paste brings along; undefined where it is
 * another thing's, or none.
 */
export function botAt(typed: string): (BotAddress & { readonly id: string }) | undefined {
  const id = typed.trim().replace(/\/+$/, "");
  const [, subscriptionId, resourceGroupName, botName] = pattern.exec(id) ?? [];
  if (!subscriptionId || !resourceGroupName || !botName) return undefined;
  return { id, subscriptionId, resourceGroupName, botName };
}
