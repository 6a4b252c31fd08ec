export type BotErrorCode =
  | "settings-wrong"
  | "request-refused"
  | "connection-missing"
  | "conversation-not-private"
  | "targeting-refused"
  | "turn-out-of-time"
  | "outcome-unknown"
  | "answer-not-said"
  | "chat-unavailable"
  | "state-conflict"
  | "state-key-too-long"
  | "direct-line-secret-unreadable"
  | "direct-line-refused"
  | "certificate-unusable"
  | "service-token-refused"
  | "service-permission-missing"
  | "service-refusal-known"
  | "service-request-refused"
  | "service-unavailable";

/**
 * The one error of the bot. `code` is stable and may be tested and searched for; `fix` says what to do; `status` is the
 * HTTP status with which the host answers where the error ends a request.
 */
export class BotError extends Error {
  override readonly name = "BotError";
  readonly fix?: string;
  readonly status?: number;
  /** The setting, permission or header at fault: a name, never a value. */
  readonly subject?: string;

  constructor(
    readonly code: BotErrorCode,
    message: string,
    details: { fix?: string; status?: number; subject?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.fix = details.fix;
    this.status = details.status;
    this.subject = details.subject;
  }
}

/** What an error and its causes say, for something to be known by; never shown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${wordsOf(error.cause)}` : String(error);
}
