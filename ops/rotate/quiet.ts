import { type Access, until } from "../../infra/azure/access";
import { lookAt } from "../../infra/code/health";

/** Seconds without a message after which nobody is in the middle of a sign-in: its code is typed within these. */
const quietSeconds = 60;

/** How a wait for a quiet minute ended; `unknown`: the bot's page does not say when somebody wrote last. */
export type Quiet = "quiet" | "never" | "unknown";

/**
 * Waits until nobody has written to the bot for a minute, by its own health page.
 * @param bound milliseconds
 */
export async function quietMinute(access: Access, healthUrl: string, bound: number): Promise<Quiet> {
  const found = await until(
    access,
    bound,
    async (): Promise<Quiet | undefined> => {
      const look = await lookAt(access, healthUrl);
      if (look.found !== "health") return undefined;
      const { quietFor } = look.health;
      if (quietFor === undefined) return "unknown";
      return quietFor >= quietSeconds ? "quiet" : undefined;
    },
    1_000,
  );
  return found ?? "never";
}
