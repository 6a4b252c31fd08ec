import type { Store } from "../../../local/azure/arm/store";
import type { LocalAzure } from "../../../local/azure/azure";
import { healthRoute } from "../../../contract/app-settings";

/** One look at the bot. */
export interface Look {
  /** Milliseconds since the first look. */
  readonly at: number;
  /** The bot's host at that moment, as Bot Service knows it. */
  readonly host: string;
  /** Status of its health page; 0 where nothing answers. */
  readonly status: number;
  /** Whether the bot itself answered, well or not. */
  readonly bot: boolean;
}

/**
 * Asks once a second whether the bot answers where Bot Service would send a user's message, until it is told to stop.
 * Then gives what it saw.
 */
export function askOnceASecond(azure: LocalAzure, bot: string): () => Promise<Look[]> {
  const looks: Look[] = [];
  const began = performance.now();
  let stopped = false;
  let wake: () => void = () => undefined;
  const look = async (): Promise<void> => {
    const at = Math.round(performance.now() - began);
    const registration = (azure.resources as Store)
      .list("Microsoft.BotService/botServices")
      .find(({ name }) => name === bot);
    const endpoint = String(registration?.properties.endpoint ?? "https://nowhere.invalid/");
    const answer = await azure.call("visitor", new URL(healthRoute, endpoint).href).catch(() => undefined);
    const page = (await answer?.json().catch(() => undefined)) as { build?: object } | undefined;
    looks.push({ at, host: new URL(endpoint).host, status: answer?.status ?? 0, bot: page?.build !== undefined });
  };
  const asking = (async () => {
    while (!stopped) {
      await look();
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 1_000);
      });
    }
  })();
  return async () => {
    stopped = true;
    wake();
    await asking;
    await look();
    return looks;
  };
}
