import { setTimeout as pause } from "node:timers/promises";

/** Looks every 25 ms until there is something; gives undefined after some seconds. */
export async function soon<Found>(
  look: () => Promise<Found | undefined> | Found | undefined,
  milliseconds = 8_000,
): Promise<Found | undefined> {
  for (const until = Date.now() + milliseconds; ;) {
    const found = await look();
    if (found !== undefined || Date.now() > until) return found;
    await pause(25);
  }
}

/** Whether an app's log comes to say something: its lines reach us by a pipe, and may come behind its answer. */
export async function logged(log: readonly string[], words: string): Promise<boolean> {
  return (await soon(() => log.join("\n").includes(words) || undefined)) ?? false;
}
