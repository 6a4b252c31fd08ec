import { keptMap } from "../../data/kept-map";
import type { Kept } from "../../data/folder";
import type { Clock } from "../clock";
import { noteTicket } from "../secrets";

/** What oidc-provider keeps of one token, session, grant or interaction. */
export type Payload = Record<string, unknown> & { grantId?: string; uid?: string; consumed?: number };

interface Entry {
  readonly payload: Payload;
  /** Seconds since 1970 by the local Azure's clock; absent where it has no end. */
  readonly expires?: number;
}

const most = 10_000;

/**
 * Where the company's identity provider keeps its tokens and sessions. What ends does so by the local Azure's clock, which
 * the provider itself does not know.
 */
export class IdentityStore {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly clock: () => Clock) {}

  /** Who is signed in stays signed in over a restart. */
  get kept(): Kept {
    return keptMap("company sign-ins", this.#entries);
  }

  /** oidc-provider's adapter for one of its models. */
  adapter(model: string): object {
    const keyOf = (id: string): string => `${model} ${id}`;
    return {
      upsert: async (id: string, payload: Payload, expiresIn?: number) => {
        noteTicket(id);
        const end = expiresIn === undefined ? {} : { expires: this.clock().seconds() + expiresIn };
        this.#entries.delete(keyOf(id));
        this.#entries.set(keyOf(id), { payload, ...end });
        const [oldest] = this.#entries.keys();
        if (this.#entries.size > most && oldest !== undefined) this.#entries.delete(oldest);
      },
      find: async (id: string) => this.#find(keyOf(id)),
      findByUid: async (uid: string) => this.#findBy(model, (payload) => payload.uid === uid),
      findByUserCode: async () => undefined,
      consume: async (id: string) => {
        const payload = this.#find(keyOf(id));
        if (payload) payload.consumed = this.clock().seconds();
      },
      destroy: async (id: string) => void this.#entries.delete(keyOf(id)),
      revokeByGrantId: async (grantId: string) => {
        for (const [key, { payload }] of this.#entries) {
          if (key.startsWith(`${model} `) && payload.grantId === grantId) this.#entries.delete(key);
        }
      },
    };
  }

  /** Ends a browser's session. */
  endSession(id: string): void {
    this.#entries.delete(`Session ${id}`);
  }

  #find(key: string): Payload | undefined {
    const entry = this.#entries.get(key);
    const { expires = Infinity } = entry ?? {};
    return expires > this.clock().seconds() ? entry?.payload : undefined;
  }

  #findBy(model: string, fits: (payload: Payload) => boolean): Payload | undefined {
    for (const [key, { payload }] of this.#entries) {
      if (key.startsWith(`${model} `) && fits(payload)) return this.#find(key);
    }
    return undefined;
  }
}
