/** An answer, read to its end. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** No answer came, or not all of it. The message says why, as it follows a colon. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";

  constructor(
    message: string,
    readonly timedOut: boolean,
  ) {
    super(message);
  }
}

/**
 * Milliseconds that a Retry-After asks to wait; undefined where it says neither seconds nor a date.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 * @param now of whoever wrote a date; what is over asks for no wait
 */
export function waitAsked(retryAfter: string | null | undefined, now: number): number | undefined {
  if (!retryAfter) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/**
 * Sends one request, once, and reads its answer to the end: whatever of ours asks over HTTP asks here.
 * @param within milliseconds for all of it
 * @throws NoAnswer where none came, or broke off
 */
export async function exchange(
  { fetch }: { readonly fetch: typeof globalThis.fetch },
  url: string,
  within: number,
  request: RequestInit = {},
): Promise<Answer> {
  let began = false;
  try {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(within) });
    began = true;
    const { ok, status, headers } = answer;
    return { ok, status, headers, text: await answer.text() };
  } catch (error) {
    if ((error as Error | undefined)?.name === "TimeoutError") {
      const what = began ? "its answer did not end" : "it did not answer";
      throw new NoAnswer(`${what} within ${within / 1_000} s`, true);
    }
    throw new NoAnswer(began ? `its answer broke off (${whyOf(error)})` : whyOf(error), false);
  }
}

/** Why a request got no answer: fetch says that it failed, and its cause says why. */
export function whyOf(error: unknown): string {
  const { message = String(error), cause } = (error ?? {}) as { message?: string; cause?: NodeJS.ErrnoException };
  // Where each of a host's addresses was tried in vain, there is a code and no message.
  return cause?.message || cause?.code || message;
}

/** Gives a {@link NoAnswer} instead of throwing it. */
export function caught(error: unknown): NoAnswer {
  if (error instanceof NoAnswer) return error;
  throw error;
}

/** The object in a body of JSON; undefined where it holds none. */
export function objectIn(text: string | null | undefined): object | undefined {
  try {
    const body: unknown = JSON.parse(text ?? "");
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
