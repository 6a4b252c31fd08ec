import { hour } from "../../../../contract/time";
import type { Clock } from "../../clock";
import { newTicket } from "../../secrets";
import { badArgument, serviceError } from "../errors";
import { ShortLived } from "../short-lived";
import type { Access } from "./access";

/** Ties a browser to one user in one conversation. */
export interface Session {
  readonly conversationId: string;
  readonly userId: string;
  /** Value of the cookie that the browser must show. */
  readonly browser: string;
}

const cookieName = "webchat_session";
const lifetime = hour;

/**
 * The binding between a chat and the browser it runs in: a session id that the chat puts into the sign-in address, and
 * a cookie that the Token Service finds again when the same browser opens that address.
 */
export class Sessions {
  readonly #sessions: ShortLived<Session>;

  constructor(clock: () => Clock) {
    this.#sessions = new ShortLived(() => clock().now().getTime(), lifetime, 5_000);
  }

  /**
   * Answers `GET .../session/getsessionid`, which browsers ask with credentials.
   * @throws AzureError 400 without Origin; 403 where no origin is trusted or this one is not
   */
  begin(request: Request, access: Access): Response {
    const origin = request.headers.get("origin");
    if (!origin) throw badArgument("The Origin header is missing");
    checkOrigin(origin, access);
    const { token } = access;
    if (!token?.user) throw serviceError(403, "A session needs a token that carries the user's id.");
    const sessionId = newTicket(24, "base64url");
    const browser = cookieOf(request) ?? newTicket(24, "base64url");
    this.#sessions.set(sessionId, { conversationId: token.conv, userId: token.user, browser });
    // The whole domain, because the Token Service has to see it, too.
    const attributes = "Domain=botframework.com; Path=/; Secure; HttpOnly; SameSite=None";
    return Response.json({ sessionId }, { headers: { "set-cookie": `${cookieName}=${browser}; ${attributes}` } });
  }

  /** The session of an id, if the request comes from the browser that began it. */
  ofBrowser(sessionId: string, request: Request): Session | undefined {
    const session = this.#sessions.get(sessionId);
    return session && session.browser === cookieOf(request) ? session : undefined;
  }
}

/** With enhanced authentication the site's origins alone count; without it those that the token was made with. */
function checkOrigin(origin: string, { site, token }: Access): void {
  const trusted = (site.isSecureSiteEnabled ? site.trustedOrigins : token?.origins) ?? [];
  if (trusted.length === 0) throw serviceError(403, "Trusted Origin list is empty.");
  if (!trusted.some((one) => one.toLowerCase().replace(/\/$/, "") === origin.toLowerCase())) {
    throw serviceError(403, `${origin} is not in the list of trusted origins`);
  }
}

function cookieOf(request: Request): string | undefined {
  return readCookie(request, cookieName);
}

/** A cookie's value by its name. */
export function readCookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(/;\s*/).map((pair) => pair.split("="));
  return pairs.find(([key]) => key === name)?.[1];
}
