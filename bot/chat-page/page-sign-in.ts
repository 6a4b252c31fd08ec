import { Activity, ActivityTypes, RoleTypes } from "@microsoft/agents-activity";
import type { UserTokenClient } from "@microsoft/agents-hosting";
import type { CodeCounter } from "../sign-in/code-attempts";
import { type TokenService, tokenServiceFor } from "../sign-in/token-service";
import type { CodeAnswer } from "./answers";

/** The channel of the page's users. */
export const chatChannel = "directline";

/** Milliseconds that the Token Service gets for what the page asks. */
const timeout = 10_000;

/**
 * The sign-in of the chat page itself: whether the user of a browser's session is signed in to a connection, before
 * there is any chat. It is the very sign-in that the bot asks for in the chat, so nobody signs in twice.
 */
export class PageSignIn {
  constructor(
    private readonly client: () => Promise<UserTokenClient>,
    /** The bot's. */
    private readonly appId: string,
    private readonly connections: readonly string[],
    private readonly codes: CodeCounter,
  ) {}

  /** Where the user has to sign in to the connection before he may chat; undefined where he has. */
  async addressOf(userId: string, connection: string): Promise<string | undefined> {
    return this.ask(userId, async (tokens) => {
      const answer = await tokens.tokenOrSignIn(connection);
      return "token" in answer ? undefined : answer.signIn.signInLink;
    });
  }

  /** Hands in the code of a sign-in page, unless too many were tried: each is counted first, those in the chat with them. */
  async redeem(userId: string, connection: string, code: string): Promise<CodeAnswer> {
    const attempt = await this.codes.count({ channelId: chatChannel, userId, connection }, new Date());
    const wait = Math.ceil(attempt.wait / 1000);
    if (!attempt.allowed) return { right: false, triesLeft: 0, wait };
    const right = await this.ask(userId, async (tokens) => (await tokens.token(connection, code)) !== undefined);
    return { right, triesLeft: attempt.left, wait };
  }

  /** Signs the user out of every connection. */
  async signOut(userId: string): Promise<void> {
    await this.ask(userId, (tokens) => Promise.all(this.connections.map((name) => tokens.signOut(name))));
  }

  private async ask<Answer>(userId: string, question: (tokens: TokenService) => Promise<Answer>): Promise<Answer> {
    const late = AbortSignal.timeout(timeout);
    return Promise.race([
      this.client().then((client) => question(tokenServiceFor(client, outsideAnyTurn(userId), this.appId))),
      new Promise<never>((_, reject) => {
        late.onabort = () => reject(new Error(`The Token Service did not answer within ${timeout} ms.`));
      }),
    ]);
  }
}

/**
 * What the Token Service needs to know of a user who has no conversation yet. It keeps a sign-in by connection, channel
 * and user; the conversation says only where a client is to be told that the sign-in is complete.
 */
function outsideAnyTurn(userId: string): Activity {
  return Activity.fromObject({
    type: ActivityTypes.Event,
    channelId: chatChannel,
    from: { id: userId, role: RoleTypes.User },
    recipient: { id: "bot", role: RoleTypes.Agent },
    // The SDK takes no activity without one. Nobody is told there: the page asks for the code.
    conversation: { id: "chat-page" },
  });
}
