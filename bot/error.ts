export type BotErrorCode =
  | "settings_wrong"
  | "request_refused"
  | "connection_missing"
  | "conversation_not_private"
  | "targeting_refused"
  | "turn_out_of_time"
  | "outcome_unknown"
  | "answer_not_said"
  | "chat_unavailable"
  | "state_conflict"
  | "state_key_too_long"
  | "direct_line_secret_unreadable"
  | "direct_line_refused"
  | "service_token_refused"
  | "service_permission_missing"
  | "service_refusal_known"
  | "service_request_refused"
  | "service_unavailable";

/**
 * The one error of the bot. `code` is stable and may be tested and searched for; `cure` says what to do; `status` is the
 * HTTP status with which the host answers where the error ends a request.
 */
export class BotError extends Error {
  override readonly name = "BotError";
  readonly cure?: string;
  readonly status?: number;
  /** The setting, permission or header at fault: a name, never a value. */
  readonly subject?: string;

  constructor(
    readonly code: BotErrorCode,
    message: string,
    details: { cure?: string; status?: number; subject?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.cure = details.cure;
    this.status = details.status;
    this.subject = details.subject;
  }
}

/** What an error and its causes say, for something to be known by; never shown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${wordsOf(error.cause)}` : String(error);
}
