import type { Activity, ConversationReference } from "@microsoft/agents-activity";
import { HostingErrors, type SignInResource, type UserTokenClient } from "@microsoft/agents-hosting";
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
 * The Token Service for the sender of an activity, on the SDK's client, asked as Microsoft's own SDK for Teams asks it:
 * GetToken, and GetSignInResource where there is none (microsoft/teams.net, docs/sso). The SDK's one call for both puts an
 * empty `msAppId` into the state, without which the Token Service offers no single sign-on.
 *
 * A refusal (4xx) of a code, or of an exchange for want of consent, is an answer, not a failure: the SDK's client throws on it, and its own
 * sign-in would end the turn with an error (https://github.com/microsoft/Agents-for-js/issues/829).
 *
 * @param appId the bot's
 * @param singleSignOn false where the client must not be offered to sign in by itself
 */
export function tokenServiceFor(
  client: UserTokenClient,
  activity: Activity,
  appId: string,
  singleSignOn = true,
): TokenService {
  const userId = activity.from?.id ?? "";
  // Never with a sub-channel (`msteams:COPILOT`): a token is kept by channel, compared exactly.
  const channelId = activity.channelIdChannel ?? "";
  return {
    async tokenOrSignIn(connection) {
      const { token } = await client.getUserToken(connection, channelId, userId);
      if (token) return { token };
      const made = await client
        .getSignInResource(appId, connection, referenceOf(activity, channelId))
        .catch((error: unknown) => {
          throw statusOf(error) === 404 ? connectionMissing(connection, error) : error;
        });
      return { signIn: forCard(made, singleSignOn) };
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
      await client.signOut(userId, connection, channelId).catch((error: unknown) => {
        if (!isSignedOut(error)) throw error;
      });
    },
  };
}

/** Whose sign-in it is, and where it is waited for: ids alone, as names have no business in an address. */
function referenceOf(activity: Activity, channelId: string): ConversationReference {
  const { activityId, user, agent, conversation, serviceUrl } = activity.getConversationReference();
  return {
    ...(activityId !== undefined && { activityId }),
    user: { id: user?.id ?? "" },
    agent: { id: agent?.id ?? "" },
    conversation: { id: conversation.id },
    channelId,
    ...(serviceUrl !== undefined && { serviceUrl }),
  };
}

/** What a card is made of. Teams answers BadRequest to a card whose `tokenExchangeResource` is null: it is left out then. */
function forCard(made: SignInResource, singleSignOn: boolean): SignInResource {
  const there = Object.entries(made).filter(
    ([name, value]) => value !== null && (singleSignOn || name !== "tokenExchangeResource"),
  );
  return Object.fromEntries(there) as unknown as SignInResource;
}

/** 404 where a sign-in address is asked for can mean this alone: a user without a token gets the address. */
function connectionMissing(connection: string, cause: unknown): BotError {
  return new BotError("connection-missing", `The Token Service knows no connection ${connection} of this bot.`, {
    subject: connection,
    fix:
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

/**
 * Whether somebody is signed out although the SDK's client threw: it takes every answer but 200 for a failure, and the service's
 * own interface has 204 as well, with which the SDK for Python is content (microsoft_agents/hosting/core, UserTokenClient).
 */
function isSignedOut(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return statusOf(error) === 404 || (code !== undefined && code === HostingErrors["FailedToSignOut"]?.code);
}

const refusals = [400, 403, 404, 412];

async function unlessRefused<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (refusals.includes(statusOf(error))) return undefined;
    throw error;
  }
}
