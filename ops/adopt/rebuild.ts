import { shellWord } from "../../cli/shell-word";
import type { HandMade } from "./hand-made";

/** A bot that this program could only make anew, and the order in which that loses least. */
export interface Rebuild {
  readonly kind: "rebuild";
  readonly why: string;
  /** What nobody can take along. */
  readonly lost: readonly string[];
  /** One after the other; nothing is lost before the last. */
  readonly steps: readonly string[];
}

/**
 * The plan for a multi-tenant bot. Azure makes none any more since 31 July 2025, changes no bot's type and lets an application
 * be one bot only: https://learn.microsoft.com/azure/bot-service/abs-quickstart
 */
export function rebuildOf({ bot, connections, channels, webApp, resourceGroup }: HandMade): Rebuild {
  const names = connections.map(({ name }) => name);
  const inTeams = channels.includes("MsTeamsChannel");
  const shown = new Set(["MsTeamsChannel", "WebChatChannel", "DirectLineChannel"]);
  const others = channels.filter((name) => !shown.has(name));
  return {
    kind: "rebuild",
    why:
      `The bot ${bot.name} is MultiTenant (msaAppType). Azure never changes a bot's type, so under this program it would be ` +
      "deleted and made anew: no settings and no imports are written.",
    lost: [
      "the sign-ins of its users: each signs in once more",
      "the keys of Web Chat and Direct Line: pages that embed the bot get new ones",
      ...(inTeams ? ["its chats in Teams: to Teams the new one is another bot, with an app of its own"] : []),
      ...others.map((name) => `what the channel ${name} was told of the bot`),
    ],
    steps: [
      "Deploy a single-tenant bot beside it, as a stack of its own with a handle and an application of its own (docs/deploy.md). " +
        `Give it the connections ${names.length > 0 ? names.join(", ") : "that the code asks for"} under the same names, and the same code (docs/your-own-bot.md)` +
        `${webApp ? `, which runs on ${webApp.name} now` : ""}. The old one goes on meanwhile.`,
      "Try it: npm run preflight -- <stack>, pulumi up --stack <stack>, and sign in in its chat.",
      "Register the Token Service's address with every application that people sign in through: pulumi stack output redirectAddress.",
      ...(inTeams
        ? [
            "Put its app into Teams beside the old one (npm run teams:package -- <stack>), and tell people to move. Both answer.",
          ]
        : []),
      "Give the pages that embed the old bot the new one's address: pulumi stack output chatAddress.",
      ...others.map((name) => `Connect the channel ${name} to the new bot.`),
      `When nobody writes to the old one any more (its metrics in the portal), delete it: az bot delete --name ${bot.name} --resource-group ${shellWord(resourceGroup)}. Only this cannot be undone.`,
    ],
  };
}
