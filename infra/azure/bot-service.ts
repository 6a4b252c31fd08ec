/** Newest API version of Bot Service that azure-native 3.28 uses by default. */
export const botServiceVersion = "2023-09-15-preview";

/** Which bot registration is meant. */
export interface BotAddress {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly botName: string;
}

/** ARM id of a bot registration. */
export function botId({ subscriptionId, resourceGroupName, botName }: BotAddress): string {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
  return `${group}/providers/Microsoft.BotService/botServices/${botName}`;
}
