import type { Service } from "../../hosted-service";
import { createConnector } from "../connector";
import { teams } from "../direct-line/conversation";
import { pathNotFound } from "../errors";
import type { BotFramework } from "../framework";
import { folder, host, windowEnd, windowHost } from "./hosts";
import { Teams } from "./teams";
import { windowEndPage } from "../token-service/pages";

export { TeamsChat } from "./chat";
export { Teams };

/**
 * Teams, as a bot meets it: chats with people, and the connector at {@link host} by which the bot answers in them. Its
 * window is the local Azure's own page.
 */
export function createTeams(framework: BotFramework): { readonly service: Service; readonly teams: Teams } {
  const people = new Teams(framework);
  const connector = createConnector(framework, folder, (bot, userId) => people.ownChat(bot, userId));
  const service: Service = {
    name: teams.name,
    hosts: [host, windowHost],
    paths: [...connector.paths, `GET ${windowEnd}`],
    async handle(request) {
      const url = new URL(request.url);
      if (url.hostname === windowHost && url.pathname === windowEnd) return windowEndPage(url.searchParams);
      const answer = await connector(request);
      if (!answer) throw pathNotFound(request);
      return answer;
    },
  };
  return { service, teams: people };
}
