import { parseConnections } from "../../contract/app-settings";
import type { Connection } from "../../contract/connection";
import type { SetUp } from "./set-up";
import { settingOfWebApps } from "./web-app-settings";

/** The bot's connections, as its app settings say; undefined as long as nothing says so. */
export function connectionsOf(setUp: SetUp): readonly Connection[] | undefined {
  const found = settingOfWebApps(setUp, "OAUTH_CONNECTIONS");
  if (found.length === 0) return undefined;
  return found.flatMap((value) => {
    try {
      return parseConnections(String(value));
    } catch {
      return [];
    }
  });
}
