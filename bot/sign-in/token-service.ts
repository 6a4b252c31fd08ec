import type { Activity } from "@microsoft/agents-activity";
import type { SignInResource, UserTokenClient } from "@microsoft/agents-hosting";
import { BotError } from "../error";

/** The Token Service as one user on one channel sees it. */
export interface TokenService {
  /** The user's token for the connection, or what a sign-in card needs. */
  tokenOrSignIn(connection: string): Promise<{ token: string } | { signIn: SignInResource }>;
  /** The user's token, where there is one; `code` redeems the six digits of a sign-in page. */
  token(connection: string, code?: string): Promise<string | undefined>;
  /** Exchanges a token of the client's single sign-on; undefined where the user has to consent first. Throws on all else. */
  exchange(connection: string, token: string): Promise<string | undefined>;
  signOut(connection: string): Promise<void>;
}

/**
 * The Token Service for the sender of an activity, on the SDK's client.
 *
 * A refusal (4xx) of a code, or of an exchange for want of consent, is an answer, not a failure: the SDK's client throws on it, and its own
 * sign-in would end the turn with an error (https://github.com/microsoft/Agents-for-js/issues/829).
 */
export function tokenServiceFor(client: UserTokenClient, activity: Activity): TokenService {
  const userId = activity.from?.id ?? "";
  const channelId = activity.channelId ?? "";
  return {
    async tokenOrSignIn(connection) {
      // The page behind Teams' sign-in window compares the channel exactly and knows no sub-channel.
      const reference = activity.getConversationReference({ forceBaseChannel: true });
      const answer = await client
        .getTokenOrSignInResource(userId, connection, channelId, reference, undefined as never, "")
        .catch((error: unknown) => {
          throw statusOf(error) === 404 ? connectionMissing(connection, error) : error;
        });
      const token = answer.tokenResponse?.token;
      return token ? { token } : { signIn: answer.signInResource };
    },
    async token(connection, code) {
      const answer = await unlessRefused(client.getUserToken(connection, channelId, userId, code));
      return answer?.token || undefined;
    },
    async exchange(connection, token) {
      try {
        return (await client.exchangeTokenAsync(userId, connection, channelId, { token })).token || undefined;
      } catch (error) {
        if (isConsentMissing(error)) return undefined;
        throw error;
      }
    },
    async signOut(connection) {
      await unlessRefused(client.signOut(userId, connection, channelId), [404]);
    },
  };
}

/** 404 where a sign-in address is asked for can mean this alone: a user without a token gets the address. */
function connectionMissing(connection: string, cause: unknown): BotError {
  return new BotError("connection_missing", `The Token Service knows no connection ${connection} of this bot.`, {
    subject: connection,
    cure:
      "Compare the connections of the bot registration with OAUTH_CONNECTIONS, and its residency with " +
      "TOKEN_SERVICE_ENDPOINT: npm run drift, then pulumi up sets both.",
    cause,
  });
}

const statusOf = (error: unknown): number => Number((error as { status?: unknown }).status);

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-code (ConsentRequired) */
function isConsentMissing(error: unknown): boolean {
  const { response } = error as { response?: { data?: { error?: { code?: unknown } } } };
  return statusOf(error) === 412 || (statusOf(error) === 400 && response?.data?.error?.code === "ConsentRequired");
}

const refusals = [400, 403, 404, 412];

async function unlessRefused<Answer>(call: Promise<Answer>, statuses = refusals): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (statuses.includes(statusOf(error))) return undefined;
    throw error;
  }
}
