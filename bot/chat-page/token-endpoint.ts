import type { IncomingMessage } from "node:http";
import type { DirectLine } from "../direct-line";
import { BotError } from "../error";
import type { Answer } from "../host/answer";
import type { Settings } from "../settings";
import { clientAddress, type RateLimit } from "./rate-limit";
import { isSameOrigin, ownOrigin } from "./same-origin";
import { chatSession } from "./session";

/** What the page's script gets. `domain` is absolute: what stands between page and bot may rewrite it. */
export interface TokenAnswer {
  readonly token: string;
  readonly conversationId: string;
  readonly expiresIn: number;
  readonly domain: string;
}

/**
 * Gives a page of this host a Direct Line token for its browser's own user. Enhanced authentication checks the origin of
 * a sign-in only, not who gets a token: this endpoint is the gate.
 */
export function tokenEndpoint(
  settings: Pick<Settings, "chatSessionKey" | "directLineEndpoint">,
  directLine: Pick<DirectLine, "token">,
  limit: RateLimit,
): (request: IncomingMessage) => Promise<Answer> {
  return async ({ headers, socket }) => {
    if (!isSameOrigin(headers)) throw refused(403, "Only this site's own pages get a token.");
    const wait = await limit(clientAddress(headers, socket.remoteAddress));
    if (wait > 0)
      return { status: 429, headers: { "retry-after": String(wait) }, json: { error: "Too many requests." } };
    const { userId, setCookie } = chatSession(headers.cookie, settings.chatSessionKey);
    const chat = await directLine.token(userId, ownOrigin(headers));
    const json: TokenAnswer = { ...chat, domain: `${settings.directLineEndpoint}/v3/directline` };
    return { status: 200, headers: { "set-cookie": setCookie }, json };
  };
}

const refused = (status: number, message: string): BotError => new BotError("request_refused", message, { status });
