import { setGlobalProxyFromEnv } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Environment } from "./credential";
import { deployerCredential } from "./deployer-credential";

/** What a provider needs of the world: HTTP, tokens, time. Tests give their own. */
export interface Access {
  readonly fetch: typeof globalThis.fetch;
  /** An access token for a scope such as `https://management.azure.com/.default`. */
  token(scope: string): Promise<string>;
  /** Waits for some milliseconds, and no longer than until the signal ends it. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Access with the deployer's own credentials, as the environment names them, and Node's own fetch. Signs in when first asked for
 * a token; the credential keeps and renews its tokens.
 */
export function deployerAccess(environment = process.env): Access {
  const fetch: Access["fetch"] = (input, init) => globalThis.fetch(input, init);
  followProxy(environment);
  const credential = deployerCredential(environment, fetch);
  return {
    fetch,
    token: async (scope) => (await credential.getToken(scope))!.token,
    wait: (milliseconds, signal) =>
      wait(milliseconds, undefined, { signal }).catch((error: unknown) => {
        if (!signal?.aborted) throw error;
      }),
    now: () => Date.now(),
  };
}

/** Pulumi's providers and Microsoft's clients go by HTTPS_PROXY alone; Node's fetch has to be told to. */
function followProxy(environment: Environment): void {
  const { HTTPS_PROXY, https_proxy = HTTPS_PROXY, NO_PROXY, no_proxy = NO_PROXY, NODE_USE_ENV_PROXY } = environment;
  if (NODE_USE_ENV_PROXY || !https_proxy) return;
  // Nodes of before 24.14 do not have it; install.js brings a newer one.
  setGlobalProxyFromEnv?.({ HTTPS_PROXY: https_proxy, ...(no_proxy && { NO_PROXY: no_proxy }) });
}

/**
 * Asks until `look` gives something, first at once, then after 100 ms, each wait half as long again up to 5 s: a
 * service that answers at once costs nothing. Gives undefined when `bound` milliseconds have passed.
 */
export async function until<Found>(
  access: Access,
  bound: number,
  look: () => Promise<Found | undefined>,
  firstWait = 100,
): Promise<Found | undefined> {
  const end = access.now() + bound;
  for (let pause = firstWait; ; pause = Math.min(pause * 1.5, 5_000)) {
    const found = await look();
    if (found !== undefined) return found;
    const left = end - access.now();
    if (left <= 0) return undefined;
    await access.wait(Math.min(pause, left));
  }
}
