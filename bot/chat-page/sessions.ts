import { createHash } from "node:crypto";
import type { Storage, StoreItem } from "@microsoft/agents-hosting";
import { turnState } from "../../contract/turn-state";
import { changeItem } from "../change-item";
import { dropCookie, keepCookie, newSession, readSession, type SessionKeys, type Shown } from "./session";

/** The user of a browser's session, and the Set-Cookie lines that the browser needs to keep it. */
export interface BrowserSession {
  readonly userId: string;
  readonly cookies?: readonly string[];
}

/**
 * The sessions of the chat page's browsers. A session's user id decides whose sign-in is used. The cookie alone carries
 * it; the storage knows only the sessions that were signed out.
 */
export class ChatSessions {
  constructor(
    private readonly keys: SessionKeys,
    /** Whether pages of other sites may show the chat. */
    private readonly framed: boolean,
    private readonly storage: Storage,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** The user of the session that a browser's cookies show, or undefined where they show none that is still good. */
  async known(cookies: string | undefined): Promise<string | undefined> {
    return (await this.good(cookies))?.userId;
  }

  private async good(cookies: string | undefined): Promise<Extract<Shown, { found: "session" }> | undefined> {
    const shown = readSession(cookies, this.keys, this.now());
    if (shown.found !== "session") return undefined;
    const key = keyOf(shown.userId);
    return key in (await this.storage.read([key])) ? undefined : shown;
  }

  /** The browser's session, or a new one where it has none that is good. */
  async knownOrNew(cookies: string | undefined): Promise<BrowserSession> {
    const known = await this.good(cookies);
    if (known) {
      const { userId, signedAnew } = known;
      return { userId, ...(signedAnew && { cookies: [keepCookie(signedAnew, this.framed)] }) };
    }
    const fresh = newSession(this.keys, this.now());
    const keep = keepCookie(fresh.value, this.framed);
    // A cookie that the browser keeps in the other way would stay beside this one for ever.
    const several = readSession(cookies, this.keys, this.now()).found === "several";
    return { userId: fresh.userId, cookies: several ? [dropCookie(!this.framed), keep] : [keep] };
  }

  /** The Set-Cookie lines with which a browser forgets its session, in whichever way it kept it. */
  get forget(): readonly string[] {
    return [dropCookie(true), dropCookie(false)];
  }

  /** Ends a user's session: its cookie is worth nothing any more, wherever a copy of it is. */
  async end(userId: string): Promise<void> {
    await changeItem(this.storage, keyOf(userId), endedOf, () => ({ record: { ended: true }, found: undefined }));
  }
}

/** The user's id is worth a sign-in: storage gets its hash. */
function keyOf(userId: string): string {
  return `${turnState.sessions.folder}${createHash("sha256").update(userId).digest("hex")}`;
}

function endedOf(item: StoreItem | undefined): { readonly ended: boolean } {
  return { ended: item !== undefined };
}
