import { PluginError } from "./error";
import type { Session } from "./session";

export interface Call {
  readonly method: string;
  readonly url: string;
  /** Whose token the request carries; without one it goes out without a token. */
  readonly audience?: string;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; undefined where the body is empty or no JSON. */
  readonly body: unknown;
}

/** Waits before the attempts 2, 3 and 4, where the service does not say how long to wait: azure-native's own. */
const pauses = [20_000, 60_000, 120_000];
const retried = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Sends one request as the deployer. Answers 408, 429 and 5xx are repeated, at most three times, after the
 * `Retry-After` of the answer.
 * @throws PluginError `RequestRefused` where no answer came at all
 */
export async function send(session: Session, call: Call): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const headers: Record<string, string> = { accept: "application/json" };
    if (call.body !== undefined) headers["content-type"] = "application/json; charset=utf-8";
    if (call.audience) headers.authorization = `Bearer ${await session.token(call.audience)}`;
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const response = await session.fetch(call.url, { method: call.method, headers, body }).catch((cause: unknown) => {
      throw new PluginError("RequestRefused", `${call.method} ${call.url}: no answer: ${reason(cause)}`);
    });
    const text = await response.text();
    const pause = pauses[attempt];
    if (retried.has(response.status) && pause !== undefined) {
      await session.sleep(retryAfter(response.headers) ?? pause);
      continue;
    }
    return { status: response.status, headers: response.headers, body: parsed(text) };
  }
}

/** Milliseconds that an answer asks to wait, by `Retry-After` in seconds or as a date; undefined without the header. */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function parsed(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** fetch says `fetch failed` and hides why in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
