import type { IncomingMessage } from "node:http";
import { inTurn } from "../deadline";
import type { DirectLine } from "../direct-line";
import { BotError } from "../error";
import type { Answer } from "../host/answer";
import type { Handler } from "../host/host";
import type { Settings } from "../settings";
import type { CodeAnswer, SignInNeeded, TokenAnswer } from "./answers";
import type { PageSignIn } from "./page-sign-in";
import { ownOrigin } from "./same-origin";
import type { ChatSessions } from "./sessions";

/** What the endpoints of the chat page work with. */
export interface PageParts {
  readonly settings: Pick<Settings, "directLineEndpoint" | "chatSignedInTo">;
  readonly directLine: Pick<DirectLine, "token">;
  readonly sessions: ChatSessions;
  readonly signIn: Pick<PageSignIn, "addressOf" | "redeem" | "signOut">;
}

/**
 * Gives a page of this host a Direct Line token for its browser's own user; where only people who have signed in may
 * chat, to such a user alone. Enhanced authentication checks the origin of a sign-in only, not who gets a token: this
 * endpoint is the gate.
 */
export function tokenEndpoint({ settings, directLine, sessions, signIn }: PageParts): Handler {
  return sayingLittle(async ({ headers }) => {
    const { userId, cookies } = await sessions.knownOrNew(headers.cookie);
    const address = settings.chatSignedInTo && (await signIn.addressOf(userId, settings.chatSignedInTo));
    if (address) return { status: 401, cookies, json: { signIn: address } satisfies SignInNeeded };
    const chat = await directLine.token(userId, ownOrigin(headers));
    const json: TokenAnswer = { ...chat, domain: `${settings.directLineEndpoint}/v3/directline` };
    return { status: 200, cookies, json };
  });
}

/** Takes the code of a sign-in page for the browser's own user. */
export function codeEndpoint({ settings, sessions, signIn }: PageParts): Handler {
  return sayingLittle(async (request) => {
    const code = await readCode(request);
    const userId = await sessions.known(request.headers.cookie);
    if (userId === undefined || !settings.chatSignedInTo)
      throw refused(403, "There is no sign-in that waits for a code.");
    const json: CodeAnswer = await signIn.redeem(userId, settings.chatSignedInTo, code);
    return { status: 200, json };
  });
}

/** Ends the browser's session and the sign-ins of its user. */
export function signOutEndpoint({ sessions, signIn }: PageParts): Handler {
  return sayingLittle(async ({ headers }) => {
    const userId = await sessions.known(headers.cookie);
    if (userId) {
      // In this order: where the Token Service fails, the browser can try again.
      await signIn.signOut(userId);
      await sessions.end(userId);
    }
    return { status: 200, cookies: sessions.forget, json: {} };
  });
}

/** Bytes of a request with a code. */
const bodyLimit = 1024;

async function readCode(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request as AsyncIterable<Buffer>) {
    text += part.toString("utf8");
    if (text.length > bodyLimit) throw refused(413, "The request is too large.");
  }
  const code = /^\s*{\s*"code"\s*:\s*"(\d{6})"\s*}\s*$/.exec(text)?.[1];
  if (code === undefined) throw refused(400, "A code has six digits.");
  return code;
}

const refused = (status: number, message: string): BotError => new BotError("request-refused", message, { status });

/**
 * Anybody may ask these endpoints: what another service said of its refusal is for the log alone. Where one says nothing at all,
 * the page is told in the time that a turn has.
 */
function sayingLittle(handle: (request: IncomingMessage) => Promise<Answer>): Handler {
  return async (request) => {
    try {
      return await inTurn(() => handle(request));
    } catch (cause) {
      if (cause instanceof BotError && (cause.status ?? 500) < 500) throw cause;
      throw new BotError("chat-unavailable", "The chat is not available right now.", { status: 502, cause });
    }
  };
}
