import type { Clock } from "../clock";
import { newTicket } from "../secrets";
import type { Person } from "../tenant";
import type { AuthorizationRequest, ReturnAddress } from "./authorization-request";
import type { Client } from "./client";
import type { Demand } from "./consent";
import type { DeviceSignIn } from "./device-codes";

/** What a sign-in is for: an application's request, or an administrator's consent for everyone. */
export type Purpose =
  | { readonly kind: "authorize"; readonly request: AuthorizationRequest }
  | {
      readonly kind: "adminconsent";
      readonly client: Client;
      readonly demands: readonly Demand[];
      readonly back: ReturnAddress | undefined;
      /** Scopes as asked for, which the answer repeats; undefined at the older address. */
      readonly scope: string | undefined;
    }
  /** For a device that waits elsewhere. */
  | { readonly kind: "device"; readonly client: Client; readonly signIn: DeviceSignIn };

/** A sign-in under way. It lives here; the browser holds only its id, and only the browser that began it can go on. */
export interface Flow {
  readonly id: string;
  readonly browser: string;
  readonly purpose: Purpose;
  /** Who signed in, once somebody did. */
  person: Person | undefined;
}

/** Ten minutes to sign in, a day to stay signed in; both by the local Azure's clock. */
const flowLifetime = 10 * 60;
const sessionLifetime = 24 * 3600;
const keptFlows = 1_000;

const browserCookie = "LocalEntraBrowser";
const sessionCookie = "LocalEntraSession";

/** Sign-ins under way, and the people who are signed in at Entra in some browser. */
export class SignInFlows {
  readonly #flows = new Map<string, Flow & { readonly expires: number }>();
  readonly #sessions = new Map<string, { readonly person: Person; readonly expires: number }>();

  constructor(private readonly clock: Clock) {}

  /** Begins a sign-in in the request's browser. Gives the cookies that tie it to that browser. */
  begin(request: Request, purpose: Purpose): { flow: Flow; cookies: string[] } {
    const known = readCookie(request, browserCookie);
    const browser = known && /^[\w-]{43}$/.test(known) ? known : newTicket(32, "base64url");
    const flow = {
      id: newTicket(32, "base64url"),
      browser,
      purpose,
      person: undefined,
      expires: this.clock.seconds() + flowLifetime,
    };
    this.#flows.set(flow.id, flow);
    keepNewest(this.#flows);
    return { flow, cookies: browser === known ? [] : [cookie(browserCookie, browser)] };
  }

  /** The sign-in that a form belongs to; undefined where it is over, or began in another browser. */
  find(request: Request, id: string): Flow | undefined {
    const flow = this.#flows.get(id);
    if (!flow || flow.expires <= this.clock.seconds()) return undefined;
    return flow.browser === readCookie(request, browserCookie) ? flow : undefined;
  }

  end(flow: Flow): void {
    this.#flows.delete(flow.id);
  }

  /** Who is signed in at Entra in the request's browser. */
  signedIn(request: Request): Person | undefined {
    const session = this.#sessions.get(readCookie(request, sessionCookie) ?? "");
    return session && session.expires > this.clock.seconds() ? session.person : undefined;
  }

  /** Remembers in the browser who signed in. A new id each time, so that none that was planted is ever used. */
  remember(request: Request, person: Person): string[] {
    this.#sessions.delete(readCookie(request, sessionCookie) ?? "");
    const id = newTicket(32, "base64url");
    this.#sessions.set(id, { person, expires: this.clock.seconds() + sessionLifetime });
    keepNewest(this.#sessions);
    return [cookie(sessionCookie, id)];
  }

  /** Signs out at Entra in the request's browser. */
  forget(request: Request): string[] {
    this.#sessions.delete(readCookie(request, sessionCookie) ?? "");
    return [`${cookie(sessionCookie, "")}; Max-Age=0`];
  }
}

function keepNewest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= keptFlows) return;
    map.delete(oldest);
  }
}

function cookie(name: string, value: string): string {
  return `${name}=${value}; Path=/; HttpOnly; Secure; SameSite=Lax`;
}

function readCookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
