import { randomUUID } from "node:crypto";
import type { BotFramework } from "../framework";
import type { TokenOwner } from "./user-tokens";

/** What a bot needs for a sign-in card. */
export interface SignInResource {
  readonly signInLink: string;
  /** Present where the connection allows single sign-on. */
  readonly tokenExchangeResource?: { readonly id: string; readonly uri: string; readonly providerId: string };
}

/** Makes a sign-in address for this user, this conversation and this connection. */
export function signInResource(
  framework: BotFramework,
  { bot, connection, channelId, userId, conversationId }: TokenOwner & { readonly conversationId?: string },
): SignInResource {
  // Refused here already, because the address would lead nowhere.
  const { id: providerId } = framework.userTokens.provider(connection);
  const id = framework.signIns.open({
    botId: bot.id,
    connectionName: connection.name,
    settingId: connection.settingId,
    channelId,
    userId,
    ...(conversationId !== undefined && { conversationId }),
  });
  const uri = connection.parameters.get("tokenexchangeurl");
  return {
    signInLink: `https://${bot.residency.prefix}token.botframework.com/api/oauth/signin?signin=${id}`,
    ...(uri && { tokenExchangeResource: { id: randomUUID(), uri, providerId } }),
  };
}
