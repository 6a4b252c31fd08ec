/** A request that waits for its user to sign in. */
export interface Pending {
  readonly connection: string;
  /** What the user asked for, to be carried out after the sign-in; empty once it is too late for that. */
  readonly request: string;
  /** ISO time. */
  readonly askedAt: string;
  /** The claim of the message that asked; undefined where it only reads. */
  readonly claim?: string;
  /** Where its card lets the client sign in by itself: whether one of the person's clients has said that it cannot. */
  readonly singleSignOn?: "offered" | "failed";
}

/** What the bot remembers of one user in one conversation. */
export interface SignInRecord {
  /** Requests that wait for a sign-in, one a connection, newest last. */
  readonly pending: readonly Pending[];
  /** Deliveries that change something, newest last. */
  readonly claims: readonly Claim[];
}

/** A new record, and what the change found. */
export interface Change<Found, Item = SignInRecord> {
  readonly record: Item;
  readonly found: Found;
}

export const emptyRecord: SignInRecord = { pending: [], claims: [] };

/**
 * What the record says of a delivery that changes something, so that it is carried out once, however often and to however
 * many instances of the bot the channel delivers it:
 *
 * - `taken` by the turn that carries it out. When that turn's time is over, nobody knows what became of it.
 * - `done`. Where `answer` is there, the user has still to be told it: by the turn that holds the claim, and when that
 *   turn's time is over, by the next delivery's.
 * - `free`: it changed nothing, and the user was told so. A later delivery may take it.
 */
export interface Claim {
  /** {@link claimId}. */
  readonly id: string;
  readonly state: "taken" | "done" | "free";
  /** The turn that holds it. */
  readonly holder: string;
  /** When the holder's time is over, in milliseconds since 1970. */
  readonly until: number;
  /** The waiting request that is carried out under it. */
  readonly pending?: Pending;
  readonly answer?: string;
  /** Status of an invoke's answer. */
  readonly status?: number;
}

/** The turn that wants or has a claim. */
export interface Holder {
  readonly id: string;
  /** The turn's end, in milliseconds since 1970. */
  readonly until: number;
}
