import { parseConnections } from "../../contract/app-settings";
import type { Connection } from "../../contract/connection";
import { at } from "./resource";
import type { SetUp } from "./set-up";
import { types } from "./types";

/**
 * The bot's connections, as its app settings say; undefined as long as nothing says so. The web app is always seen
 * first, because bot and connections follow it; once deployed, Azure no longer gives settings back.
 */
export function connectionsOf(setUp: SetUp): readonly Connection[] | undefined {
  const settings = setUp.members
    .filter(({ type }) => type === types.webApp)
    .flatMap(({ inputs }) => at(inputs, "siteConfig.appSettings") ?? []);
  const found = settings.filter((one) => at(one, "name") === "OAUTH_CONNECTIONS");
  if (found.length === 0) return undefined;
  return found.flatMap((one) => {
    try {
      return parseConnections(String(at(one, "value")));
    } catch {
      return [];
    }
  });
}
