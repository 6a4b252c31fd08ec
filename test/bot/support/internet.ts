/** One request that the bot made. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | null;
  readonly body: string;
  json(): Record<string, unknown>;
}

export type Answerer = (call: Call) => Response | Promise<Response>;

/**
 * Takes the place of `fetch` with hosts of its own; a host that is not among them fails the request. Gives the calls
 * that were made and a way to put the real `fetch` back.
 */
export function replaceInternet(hosts: Record<string, Answerer>): { calls: Call[]; restore(): void } {
  const original = globalThis.fetch;
  const calls: Call[] = [];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input as string | URL | Request, init);
    const url = new URL(request.url);
    if (url.hostname === "127.0.0.1") return original(request);
    const body = await request.text();
    const call: Call = {
      method: request.method,
      url,
      authorization: request.headers.get("authorization"),
      body,
      json: () => JSON.parse(body) as Record<string, unknown>,
    };
    calls.push(call);
    const answer = hosts[url.hostname];
    if (!answer) throw new TypeError(`There is no host ${url.hostname} here.`);
    return Promise.race([answer(call), aborted(request.signal)]);
  };
  return {
    calls,
    restore: () => {
      globalThis.fetch = original;
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
