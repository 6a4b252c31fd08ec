/** A request that waits for its user to sign in. */
export interface Pending {
  readonly connection: string;
  /** What the user asked for, to be carried out after the sign-in. */
  readonly request: string;
  /** ISO time. */
  readonly askedAt: string;
}

/** What the bot remembers of one user in one conversation. */
export interface SignInRecord {
  readonly pending?: Pending;
  /** Ids of the last token exchanges that were taken up, newest last. */
  readonly exchanges: readonly string[];
}

/** A new record, and what the change found. */
export interface Change<Found, Item = SignInRecord> {
  readonly record: Item;
  readonly found: Found;
}

export const emptyRecord: SignInRecord = { exchanges: [] };

/**
 * After this time, in milliseconds, a request is not carried out any more: a mail that is sent an hour after it was asked
 * for surprises its sender. A sign-in that ends later still counts as a sign-in.
 */
export const requestLifetime = 30 * 60_000;

/** Clients of one user send the same exchange at the same time; more than these few are never under way together. */
const exchangesKept = 8;

/** Remembers a request whose user is now asked to sign in. It takes the place of an earlier one. */
export function ask(record: SignInRecord, connection: string, request: string, now: Date): Change<Pending> {
  const pending = { connection, request, askedAt: now.toISOString() };
  return { record: { ...record, pending }, found: pending };
}

/** What {@link take} finds: the request, or why there is none to carry out. */
export type Taken = { readonly kind: "request"; readonly request: string } | { readonly kind: "too late" | "nothing" };

/** Takes the waiting request out of the record: whoever takes it carries it out, so it is carried out once. */
export function take(record: SignInRecord, connection: string, now: Date): Change<Taken> {
  const { pending, ...rest } = record;
  if (pending?.connection !== connection) return { record, found: { kind: "nothing" } };
  const age = now.getTime() - Date.parse(pending.askedAt);
  return {
    record: rest,
    found: age > requestLifetime ? { kind: "too late" } : { kind: "request", request: pending.request },
  };
}

/** Claims a token exchange. Finds true once for each id: Teams sends the same exchange from every client of the user. */
export function claimExchange(record: SignInRecord, id: string): Change<boolean> {
  if (record.exchanges.includes(id)) return { record, found: false };
  return { record: { ...record, exchanges: [...record.exchanges, id].slice(-exchangesKept) }, found: true };
}

/** Forgets the waiting request. */
export function forget(record: SignInRecord): Change<void> {
  const { pending: _, ...rest } = record;
  return { record: rest, found: undefined };
}
