import { createHash } from "node:crypto";
import type { Clock } from "../../clock";
import { newTicket } from "../../secrets";
import { ShortLived } from "../short-lived";

/** A sign-in address that was handed out: it belongs to one user in one conversation. */
export interface SignIn {
  readonly botId: string;
  readonly connectionName: string;
  readonly settingId: string;
  readonly channelId: string;
  readonly userId: string;
  /** Absent where the bot asked outside a conversation. */
  readonly conversationId?: string;
}

/** One browser on its way through the provider's sign-in. */
export interface Visit {
  readonly signInId: string;
  readonly state: string;
  /** Value of the cookie that this browser must bring back. */
  readonly cookie: string;
  /** Proof of the code exchange (PKCE), and its SHA-256 challenge. */
  readonly verifier: string;
  readonly challenge: string;
  /** The chat's session, where the address carried one. */
  readonly sessionId?: string;
}

const tenMinutes = 10 * 60 * 1000;

/** Sign-ins under way. An address ends with the first sign-in that it led to, and after ten minutes. */
export class SignIns {
  readonly #addresses: ShortLived<SignIn>;
  readonly #visits: ShortLived<Visit>;

  constructor(clock: () => Clock) {
    const now = (): number => clock().now().getTime();
    this.#addresses = new ShortLived(now, tenMinutes, 5_000);
    this.#visits = new ShortLived(now, tenMinutes, 5_000);
  }

  /** Gives the id for a sign-in address: 32 hexadecimal digits in recorded traffic. */
  open(signIn: SignIn): string {
    const id = newTicket(16, "hex");
    this.#addresses.set(id, signIn);
    return id;
  }

  find(id: string): SignIn | undefined {
    return this.#addresses.get(id);
  }

  /** Gives the sign-in and ends its address. */
  finish(id: string): SignIn | undefined {
    return this.#addresses.take(id);
  }

  /** A browser sets out for the provider. */
  depart(signInId: string, sessionId: string | undefined): Visit {
    const verifier = newTicket(32, "base64url");
    const visit: Visit = {
      signInId,
      state: newTicket(16, "hex"),
      cookie: newTicket(16, "hex"),
      verifier,
      challenge: createHash("sha256").update(verifier).digest("base64url"),
      ...(sessionId !== undefined && { sessionId }),
    };
    this.#visits.set(visit.state, visit);
    return visit;
  }

  /** The visit of a state. `arrive` ends it. */
  visit(state: string): Visit | undefined {
    return this.#visits.get(state);
  }

  arrive(visit: Visit): void {
    this.#visits.delete(visit.state);
  }
}
