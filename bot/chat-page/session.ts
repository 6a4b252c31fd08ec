import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { turnState } from "../../contract/turn-state";

/**
 * The prefix has browsers refuse a cookie of this name that another host of the domain, or a page without https, sets:
 * nobody can plant a session of his own and have others sign in to it. https://developer.mozilla.org/docs/Web/HTTP/Cookies
 */
export const sessionCookie = "__Host-chat_session";

/** Seconds after which a session ends whatever happens. */
export const sessionLifetime = turnState.sessions.days * 24 * 3600;

/** What a browser's cookies say of its session. */
export type Shown =
  | {
      readonly found: "session";
      readonly userId: string;
      /** The cookie's value by the newest key, where an older one signed it. */
      readonly signedAnew?: string;
    }
  /** `several` cookies of the name come from two ways of keeping them, or from an attack: none of them is believed. */
  | { readonly found: "none" | "several" };

/** Keys of sessions: the one that signs, and the one before it, whose signatures are good as long as their sessions live. */
export type SessionKeys = readonly [newest: string, before: string];

/** Reads the session out of a Cookie header. A cookie that is not ours, or too old, is none. */
export function readSession(cookies: string | undefined, keys: SessionKeys, now: Date): Shown {
  const prefix = `${sessionCookie}=`;
  const values = (cookies ?? "")
    .split(";")
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(prefix))
    .map((cookie) => cookie.slice(prefix.length));
  if (values.length > 1) return { found: "several" };
  const [value] = values;
  if (value === undefined) return { found: "none" };
  const [newest, before] = keys;
  const userId = verified(value, newest, now);
  if (userId !== undefined) return { found: "session", userId };
  const ofBefore = verified(value, before, now);
  if (ofBefore === undefined) return { found: "none" };
  // Signed anew, as old as it is: the next rotation ends the key before, and not the session.
  const signed = value.slice(0, value.lastIndexOf("."));
  return { found: "session", userId: ofBefore, signedAnew: `${signed}.${signature(signed, newest)}` };
}

/** Whether a `frame-ancestors` value lets pages of other origins show the chat in a frame. */
export function framedElsewhere(frameAncestors: string): boolean {
  return frameAncestors.split(" ").some((source) => !source.startsWith("'"));
}

/** A new session: the Direct Line user id of a browser, and the value of its cookie. */
export function newSession([key]: SessionKeys, now: Date): { readonly userId: string; readonly value: string } {
  const userId = `dl_${randomBytes(16).toString("base64url")}`;
  const issued = Math.floor(now.getTime() / 1000);
  const signed = `${userId}.${issued}`;
  return { userId, value: `${signed}.${signature(signed, key)}` };
}

/**
 * The Set-Cookie line that keeps a session.
 * @param framed whether pages of other sites may show the chat in a frame: only then is the cookie sent there, and kept
 * apart for each of these sites, as browsers that block third-party cookies demand
 */
export function keepCookie(value: string, framed: boolean): string {
  return cookieLine(value, sessionLifetime, framed);
}

/** The Set-Cookie line that takes a session away which was kept in this way. */
export function dropCookie(framed: boolean): string {
  return cookieLine("", 0, framed);
}

function cookieLine(value: string, seconds: number, framed: boolean): string {
  const reach = framed ? "SameSite=None; Partitioned" : "SameSite=Strict";
  return `${sessionCookie}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; ${reach}`;
}

const form = /^(dl_[A-Za-z0-9_-]{22})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

function verified(value: string, key: string, now: Date): string | undefined {
  const [, userId = "", issued = "", given = ""] = form.exec(value) ?? [];
  const expected = Buffer.from(signature(`${userId}.${issued}`, key));
  const actual = Buffer.from(given);
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
  return now.getTime() / 1000 - Number(issued) < sessionLifetime ? userId : undefined;
}

function signature(text: string, key: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}
