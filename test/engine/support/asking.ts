import type { LocalAzure } from "../../../local/azure/azure";

/** One look at the bot: when it came, in milliseconds since the first, and the status of its health page. */
export interface Look {
  readonly at: number;
  readonly status: number;
}

/** Asks whether the bot answers, once a second, until it is told to stop. */
export function askOnceASecond(azure: LocalAzure, chatAddress: string): () => Promise<Look[]> {
  const looks: Look[] = [];
  const began = performance.now();
  let stopped = false;
  let wake: () => void = () => undefined;
  const asking = (async () => {
    while (!stopped) {
      const status = await azure
        .call("visitor", new URL("healthz", chatAddress).href)
        .then((answer) => answer.status)
        .catch(() => 0);
      looks.push({ at: Math.round(performance.now() - began), status });
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
    return looks;
  };
}
