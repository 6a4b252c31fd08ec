import { TokenRefused, type Azure } from "../service";
import { forbidden, unauthorized } from "./errors";
import type { Bot, Registrations } from "./registration";

/** Audiences of a bot's token for the Bot Framework. */
const audiences = ["https://api.botframework.com"];

/**
 * The bot that a request's bearer token names.
 * @throws AzureError 401 for a token that does not hold, 403 where no bot is registered with its application id
 */
export async function callingBot(azure: Azure, registrations: Registrations, request: Request): Promise<Bot> {
  try {
    const claims = await azure.directory.verify(request, audiences);
    const bot = registrations.byAppId(claims.appid);
    if (!bot) throw forbidden(`No bot is registered with the application id ${claims.appid}`);
    return bot;
  } catch (error) {
    if (error instanceof TokenRefused) throw unauthorized();
    throw error;
  }
}
