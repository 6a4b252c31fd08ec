import { BotError } from "./error";
import type { Log } from "./log";
import type { VaultSecret } from "./vault-secret";

/** What the chat page needs to open a conversation. */
export interface ChatToken {
  readonly token: string;
  readonly conversationId: string;
  /** Seconds. */
  readonly expiresIn: number;
}

const timeout = 10_000;

/** Gets Direct Line tokens for chat pages with the site's secret, which never leaves the bot. */
export class DirectLine {
  constructor(
    private readonly endpoint: string,
    private readonly secret: VaultSecret,
    private readonly log: Log,
  ) {}

  /**
   * A token for one browser's user in a new conversation.
   *
   * The user's id is in the token, so that no page can speak as somebody else; it must begin with `dl_`.
   * `trustedOrigins` count only where the site itself has none.
   * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-direct-line-3-0-authentication
   *
   * Throws {@link BotError} `direct-line-refused` or `direct-line-secret-unreadable`, both with status 502.
   */
  async token(userId: string, origin?: string): Promise<ChatToken> {
    let answer = await this.generate(await this.secret.read(), userId, origin);
    if (answer.status === 401 || answer.status === 403) {
      // The secret may have been rotated since it was read.
      this.log.warn({ status: answer.status }, "Direct Line refused the secret; reading it again");
      answer = await this.generate(await this.secret.readAgain(), userId, origin);
    }
    if (!answer.ok) {
      throw new BotError("direct-line-refused", `Direct Line answered ${answer.status}${await wordsOf(answer)}.`, {
        status: 502,
        fix:
          "Check that the bot's Direct Line site is enabled, that DIRECT_LINE_ENDPOINT is that of the bot's residency, and " +
          "that the vault holds the site's present key: npm run drift, then pulumi up sets all three.",
      });
    }
    const { token, conversationId, expires_in } = (await answer.json()) as Record<string, unknown>;
    return { token: String(token), conversationId: String(conversationId), expiresIn: Number(expires_in) };
  }

  private async generate(secret: string, userId: string, origin: string | undefined): Promise<Response> {
    try {
      return await fetch(`${this.endpoint}/v3/directline/tokens/generate`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({ user: { id: userId, name: "You" }, ...(origin && { trustedOrigins: [origin] }) }),
        signal: AbortSignal.timeout(timeout),
        redirect: "error",
      });
    } catch (cause) {
      throw new BotError("direct-line-refused", "Direct Line did not answer.", { status: 502, cause });
    }
  }
}

/** What Direct Line says of its refusal; nothing where it says it in no form that is known. */
async function wordsOf(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => undefined)) as { error?: { message?: unknown } } | undefined;
  return typeof body?.error?.message === "string" ? `: ${body.error.message}` : "";
}
