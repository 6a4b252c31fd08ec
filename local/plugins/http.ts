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

/** Which refusals a provider repeats, how often and after which waits. */
export interface Retries {
  passing(answer: Answer): boolean;
  /** Waits in milliseconds where the service does not say how long to wait; one try more than there are waits. */
  readonly waits: readonly number[];
  /** A longer `Retry-After`, in milliseconds, ends the tries. */
  readonly longest: number;
}

/**
 * Sends one request as the deployer. What passes is repeated, each time after the `Retry-After` of the answer.
 * @throws PluginError `RequestRefused` where no answer came at all
 */
export async function send(session: Session, call: Call, retries: Retries): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await sendOnce(session, call);
    const wait = retries.waits[attempt];
    if (wait === undefined || !retries.passing(answer)) return answer;
    const asked = retryAfter(answer.headers) ?? 0;
    if (asked > retries.longest) return answer;
    await session.sleep(asked > 0 ? asked : wait);
  }
}

async function sendOnce(session: Session, call: Call): Promise<Answer> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (call.body !== undefined) headers["content-type"] = "application/json; charset=utf-8";
  if (call.audience) headers.authorization = `Bearer ${await session.token(call.audience)}`;
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const response = await session.fetch(call.url, { method: call.method, headers, body }).catch((cause: unknown) => {
    throw new PluginError("request-refused", `${call.method} ${call.url}: no answer: ${reason(cause)}`);
  });
  return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
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
