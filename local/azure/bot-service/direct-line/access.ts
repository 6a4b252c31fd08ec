import { forbidden, invalidSecret, missingSecret, siteGone } from "../errors";
import type { Bot, Registrations } from "../registration";
import { residencyOfHost } from "../residency";
import type { Site } from "../resource-types/site";
import type { DirectLineTokens, TokenClaims } from "./tokens";

/** Who asks Direct Line: a client with a token, or a server with the site's secret. */
export interface Access {
  readonly bot: Bot;
  readonly site: Site;
  /** Present where a token was shown, absent where the secret itself was. */
  readonly token?: TokenClaims;
}

const secretPattern = /^[\w-]{11}\.[\w-]{43}$/;

/**
 * Reads and checks the secret or token of a request.
 * @throws AzureError 401 without one, 403 for one that is wrong, expired, switched off or of another residency
 */
export async function readAccess(
  request: Request,
  registrations: Registrations,
  tokens: DirectLineTokens,
): Promise<Access> {
  const url = new URL(request.url);
  const [, shown] = /^(?:Bearer|BotConnector)\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  // A browser cannot give a WebSocket a header.
  const credential = shown ?? (url.pathname.endsWith("/stream") ? url.searchParams.get("t") : null);
  if (!credential) throw missingSecret();
  const access = secretPattern.test(credential)
    ? registrations.ofSecret(credential)
    : await ofToken(await tokens.read(credential), registrations);
  if (!access) throw invalidSecret();
  checkSite(access, url.hostname);
  return access;
}

async function ofToken(token: TokenClaims, registrations: Registrations): Promise<Access> {
  const bot = registrations.byId(token.bot);
  const site = bot && registrations.directLineSites(bot).find(({ siteId }) => siteId === token.site);
  if (!bot || !site) throw siteGone();
  return { bot, site, token };
}

function checkSite({ bot, site }: Access, host: string): void {
  if (!site.isEnabled) throw forbidden("The site is disabled");
  if (!site.isV3Enabled) throw forbidden("Direct Line 3.0 is disabled for the site");
  if (!bot.localAuth) throw forbidden("Local authentication is disabled for the bot");
  // https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-direct-line-3-0-api-reference
  if (residencyOfHost(host) !== bot.residency) {
    throw forbidden(
      `Data boundary violation: the bot lives in '${bot.residency.location}', ` +
        `its Direct Line is https://${bot.residency.prefix}directline.botframework.com`,
    );
  }
}
