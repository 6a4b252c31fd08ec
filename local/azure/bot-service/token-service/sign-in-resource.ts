import { createHash, randomUUID } from "node:crypto";
import type { BotFramework } from "../framework";
import type { TokenOwner } from "./user-tokens";

/** Seconds, as in recorded traffic of Teams: microsoft/teams.net, docs/sso/*trace-2026-04-22*. */
const postLifetime = 60;

/** What a bot needs for a sign-in card. */
export interface SignInResource {
  readonly signInLink: string;
  /** Present where the connection allows single sign-on: left out where not, never null. The id is a GUID in recorded traffic. */
  readonly tokenExchangeResource?: { readonly id: string; readonly uri: string; readonly providerId: string };
  /**
   * Where a client that has a token of the user's could hand it over: never absent, and in this spelling in recorded traffic,
   * while the SDKs look for sasUrl. The local Azure takes none there.
   */
  readonly tokenPostResource: { readonly SasUrl: string };
}

/** Makes a sign-in address for this user, this conversation and this connection. */
export function signInResource(
  framework: BotFramework,
  {
    bot,
    connection,
    channelId,
    userId,
    conversationId,
    msAppId,
  }: TokenOwner & { readonly conversationId?: string; readonly msAppId?: string },
): SignInResource {
  // Refused here already, because the address would lead nowhere.
  const provider = framework.userTokens.provider(connection);
  provider.checkConnection?.(connection);
  const id = framework.signIns.open({
    botId: bot.id,
    connectionName: connection.name,
    settingId: connection.settingId,
    channelId,
    userId,
    ...(conversationId !== undefined && { conversationId }),
  });
  const offered = msAppId !== undefined || !framework.azure.switches["exchange-needs-app-id"];
  const uri = offered ? connection.parameters.get("tokenexchangeurl") : undefined;
  const tokenService = `https://${bot.residency.prefix}token.botframework.com/api`;
  return {
    signInLink: `${tokenService}/oauth/signin?signin=${id}`,
    ...(uri && { tokenExchangeResource: { id: randomUUID(), uri, providerId: provider.id } }),
    tokenPostResource: { SasUrl: `${tokenService}/sas/postToken?${postQuery(framework, id)}` },
  };
}

/** As recorded: `expiry=1776827583&id=key2&state=<the sign-in>&hmac=...`. */
function postQuery({ azure }: BotFramework, state: string): URLSearchParams {
  const expiry = String(Math.floor(azure.clock.now().getTime() / 1000) + postLifetime);
  const hmac = createHash("sha256").update(`${expiry} ${state}`).digest("base64");
  return new URLSearchParams({ expiry, id: "key1", state, hmac });
}
