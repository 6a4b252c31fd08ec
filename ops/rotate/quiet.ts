import { type Access, until } from "../../infra/azure/access";
import { lookAt } from "../../infra/code/health";

/** Seconds without a message after which nobody is in the middle of a sign-in: its code is typed within these. */
const quietSeconds = 60;

/** How a wait for a quiet minute ended; `unknown`: a bot's page does not say when somebody wrote last. */
export type Quiet = "quiet" | "never" | "unknown";

/**
 * Waits until nobody has written for a minute to any of the bots, by their own health pages: one deployment replaces the
 * connections of all of them.
 * @param bound milliseconds
 */
export async function quietMinute(access: Access, healthUrls: readonly string[], bound: number): Promise<Quiet> {
  const found = await until(
    access,
    bound,
    async (): Promise<Quiet | undefined> => {
      const looks = await Promise.all(healthUrls.map((healthUrl) => lookAt(access, healthUrl)));
      const said = looks.map((look) => (look.found === "health" ? look.health.quietFor : 0));
      if (said.some((quietFor) => quietFor !== undefined && quietFor < quietSeconds)) return undefined;
      return said.includes(undefined) ? "unknown" : "quiet";
    },
    1_000,
  );
  return found ?? "never";
}
