import { chatSite } from "../../../infra/facts/direct-line";
import { defaultSite } from "../../../infra/provider/channel-sites";
import type { Site } from "../set-up";
import type { SetUp } from "../set-up";
import { valueOf } from "../set-up/read-value";
import { inGroup } from "./check";

const writeSites =
  "az rest --method put --url <channel>?api-version=2022-09-15 with all sites of the channel, corrected";

/** The sites through which people are meant to chat: of a stack its own, else all that are open. */
function chatSites({ wanted, channels }: SetUp): readonly Site[] {
  return channels.directLine.filter(({ siteName, isEnabled }) =>
    wanted?.ownSites ? siteName === chatSite : isEnabled,
  );
}

/** Whether pages chat with the bot through Direct Line. */
function usesDirectLine({ wanted, webApp }: SetUp): boolean {
  const app = valueOf(webApp);
  return wanted?.ownSites === true || Boolean(app && valueOf(app.settings)?.["DIRECT_LINE_SECRET_URI"]);
}

/** Whether a browser can say it of itself: a path behind the host never comes. */
const isOrigin = (text: string): boolean => URL.parse(text)?.origin === text.toLowerCase().replace(/\/$/, "");

/** The ways by which people reach the bot. */
export const channelChecks = inGroup("Channels", [
  {
    code: "direct-line-missing",
    what: "The bot has no Direct Line: no page can chat with it",
    fix: "az bot directline create --resource-group <group> --name <bot>",
    mendedByUp: true,
    *look(setUp) {
      const { bot, channels, wanted } = setUp;
      if (!channels.read || !usesDirectLine(setUp)) return;
      const where = `${bot.id}/channels/DirectLineChannel`;
      if (!channels.names.includes("DirectLineChannel"))
        yield { where, evidence: `it has ${channels.names.join(", ") || "no channel"}` };
      else if (wanted?.ownSites && chatSites(setUp).length === 0)
        yield {
          where,
          evidence: `it has no site ${chatSite} (${channels.directLine.map(({ siteName }) => siteName).join(", ") || "none"})`,
        };
    },
  },
  {
    code: "direct-line-site-disabled",
    what: "The Direct Line site is switched off: no page can chat with the bot",
    fix: writeSites,
    mendedByUp: true,
    follows: ["direct-line-missing"],
    *look(setUp) {
      const { bot, channels, wanted } = setUp;
      if (!channels.read || !usesDirectLine(setUp)) return;
      const sites = wanted?.ownSites ? chatSites(setUp) : channels.directLine;
      if (sites.length > 0 && !sites.some(({ isEnabled }) => isEnabled))
        yield {
          where: `${bot.id}/channels/DirectLineChannel`,
          evidence: `isEnabled of ${sites.map(({ siteName }) => siteName).join(", ")} is false, expected true`,
        };
    },
  },
  {
    code: "enhanced-authentication-off",
    what: "Enhanced authentication of the Direct Line site is off: whoever holds a sign-in link can sign in for somebody else, and people have to type a code",
    fix: writeSites,
    mendedByUp: true,
    *look(setUp) {
      for (const { siteName, isSecureSiteEnabled } of chatSites(setUp)) {
        // Every bot is born with a Default Site without it.
        if (!isSecureSiteEnabled && siteName !== defaultSite)
          yield {
            where: `${setUp.bot.id}/channels/DirectLineChannel ${siteName}`,
            evidence: "isSecureSiteEnabled is false, expected true",
          };
      }
    },
  },
  {
    code: "trusted-origins",
    what: "The Direct Line site does not trust the chat page's origin: the page cannot open a chat",
    fix: writeSites,
    mendedByUp: true,
    follows: ["enhanced-authentication-off"],
    *look(setUp) {
      const app = valueOf(setUp.webApp);
      for (const { siteName, isSecureSiteEnabled, trustedOrigins } of chatSites(setUp)) {
        const where = `${setUp.bot.id}/channels/DirectLineChannel ${siteName}`;
        const expected = setUp.wanted?.ownSites && app ? `https://${app.host}` : undefined;
        if (!isSecureSiteEnabled) continue;
        if (expected !== undefined && !trustedOrigins.includes(expected))
          yield { where, evidence: `${trustedOrigins.join(", ") || "none"}, expected ${expected}` };
        else if (trustedOrigins.length === 0)
          yield { where, evidence: "none, expected the origin of each page that chats" };
        for (const one of trustedOrigins.filter((origin) => !isOrigin(origin)))
          yield { where, evidence: `${one}, expected ${URL.parse(one)?.origin ?? "https://<host>"}` };
      }
    },
  },
  {
    code: "default-site-open",
    what: "A channel's Default Site is open again: whoever has one of its keys chats with the bot as anybody",
    fix: writeSites,
    mendedByUp: true,
    *look({ bot, channels, wanted }) {
      if (!wanted?.ownSites) return;
      for (const [channel, sites] of [
        ["DirectLineChannel", channels.directLine],
        ["WebChatChannel", channels.webChat],
      ] as const) {
        if (sites.some(({ siteName, isEnabled }) => siteName === defaultSite && isEnabled))
          yield {
            where: `${bot.id}/channels/${channel} ${defaultSite}`,
            evidence: "isEnabled is true, expected false",
          };
      }
    },
  },
  {
    code: "direct-line-key-stale",
    what: "The Direct Line secret in the vault is none of the channel's keys: the chat page cannot open a chat",
    fix: "az bot directline show --with-secrets gives the key; az keyvault secret set keeps it",
    mendedByUp: true,
    follows: ["direct-line-missing"],
    *look({ secrets, channels, bot }) {
      const keys = valueOf(channels.keys);
      for (const { setting, vaultName, secretName, digest } of secrets) {
        const kept = valueOf(digest);
        if (setting === "DIRECT_LINE_SECRET_URI" && channels.read && keys && kept && !keys.includes(kept))
          yield {
            where: `${vaultName}/secrets/${secretName}`,
            evidence: `its value is no key of ${bot.id}/channels/DirectLineChannel`,
          };
      }
    },
  },
  {
    code: "web-chat-missing",
    what: "The bot has no Web Chat channel",
    fix: "az rest --method put --url https://management.azure.com<bot>/channels/WebChatChannel?api-version=2022-09-15 --body @channel.json",
    mendedByUp: true,
    *look({ bot, channels, wanted }) {
      // Of a bot that no stack made nobody knows which channels it wants: without any, nobody reaches it.
      const lacks = wanted
        ? wanted.ownSites && !channels.names.includes("WebChatChannel")
        : channels.names.length === 0;
      if (channels.read && lacks)
        yield {
          where: `${bot.id}/channels/WebChatChannel`,
          evidence: `it has ${channels.names.join(", ") || "no channel"}`,
          fix: `az rest --method put --url https://management.azure.com${bot.id}/channels/WebChatChannel?api-version=2022-09-15 --body @channel.json`,
        };
    },
  },
]);
