import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export const sessionCookie = "chat_session";

/** Seconds: a browser that comes back within half a year is the same Direct Line user, and still signed in. */
const lifetime = 180 * 24 * 3600;

const idPattern = /^dl_[A-Za-z0-9_-]{22}$/;

/** The browser's own Direct Line user id, and the cookie to set where the browser had none that is valid. */
export interface ChatSession {
  readonly userId: string;
  readonly setCookie?: string;
}

/**
 * Finds or makes the user id of a browser. The id decides whose sign-in is used, so the cookie is signed: nobody can
 * choose to be another browser's user. Pages' scripts and other sites do not get to see it.
 */
export function chatSession(cookies: string | undefined, key: string): ChatSession {
  const known = cookieValue(cookies ?? "");
  const userId = known && verified(known, key);
  if (userId) return { userId };
  const fresh = `dl_${randomBytes(16).toString("base64url")}`;
  const value = `${fresh}.${signature(fresh, key)}`;
  return {
    userId: fresh,
    setCookie: `${sessionCookie}=${value}; Path=/; Max-Age=${lifetime}; HttpOnly; Secure; SameSite=Lax`,
  };
}

function cookieValue(cookies: string): string | undefined {
  const prefix = `${sessionCookie}=`;
  return cookies
    .split(";")
    .map((cookie) => cookie.trim())
    .find((cookie) => cookie.startsWith(prefix))
    ?.slice(prefix.length);
}

function verified(value: string, key: string): string | undefined {
  const dot = value.indexOf(".");
  const id = value.slice(0, dot);
  const expected = Buffer.from(signature(id, key));
  const actual = Buffer.from(value.slice(dot + 1));
  return idPattern.test(id) && actual.length === expected.length && timingSafeEqual(actual, expected) ? id : undefined;
}

function signature(id: string, key: string): string {
  return createHmac("sha256", key).update(id).digest("base64url");
}
