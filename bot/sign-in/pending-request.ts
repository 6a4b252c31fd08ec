import { minute } from "../../contract/time";
import { carryUnder } from "./claim";
import type { Change, Holder, Pending, SignInRecord } from "./sign-in-record";

/**
 * After this time, in milliseconds, a request is not carried out any more: a mail that is sent an hour after it was asked
 * for surprises its sender. A sign-in that ends later still counts as a sign-in.
 */
export const requestLifetime = 30 * minute;

/** Remembers a request whose user is now asked to sign in. It takes the place of an earlier one of its connection. */
export function ask(
  record: SignInRecord,
  connection: string,
  request: string,
  now: Date,
  { claim, singleSignOn }: Pick<Pending, "claim" | "singleSignOn"> = {},
): Change<Pending> {
  const pending = {
    connection,
    request,
    askedAt: now.toISOString(),
    ...(claim !== undefined && { claim }),
    ...(singleSignOn !== undefined && { singleSignOn }),
  };
  return { record: { ...record, pending: [...without(record.pending, connection), pending] }, found: pending };
}

/**
 * The client could not sign in by itself, for the newest request for which it was to: a failure names no connection, and
 * means none but such a one. Each client of a person says so: the request is given once, and `told` after that.
 */
export function failSingleSignOn(record: SignInRecord): Change<Pending | "told" | undefined> {
  const { pending } = record;
  const failed = pending.findLast(({ singleSignOn }) => singleSignOn === "offered");
  if (!failed) return { record, found: pending.some(({ singleSignOn }) => singleSignOn) ? "told" : undefined };
  const marked = pending.map((one) => (one === failed ? { ...one, singleSignOn: "failed" as const } : one));
  return { record: { ...record, pending: marked }, found: failed };
}

/** What {@link take} finds: the request, or why there is none to carry out. */
export type Taken =
  { readonly outcome: "request"; readonly request: string } | { readonly outcome: "too late" | "nothing" };

/**
 * Moves the waiting request into a claim: whoever holds that carries the request out, so it is carried out once.
 * @param id of the claim
 */
export function take(record: SignInRecord, connection: string, id: string, holder: Holder, now: Date): Change<Taken> {
  const claim = record.claims.find((candidate) => candidate.id === id && candidate.holder === holder.id);
  // The write whose answer was lost was this turn's own.
  if (claim?.pending) return { record, found: { outcome: "request", request: claim.pending.request } };
  const pending = record.pending.find((one) => one.connection === connection);
  if (!claim || !pending) return { record, found: { outcome: "nothing" } };
  const age = now.getTime() - Date.parse(pending.askedAt);
  if (age > requestLifetime) return { record: forget(record, connection).record, found: { outcome: "too late" } };
  return {
    record: carryUnder(record, id, holder, pending),
    found: { outcome: "request", request: pending.request },
  };
}

/**
 * Forgets what was asked for too long ago to be carried out: what people write is not kept for longer than it is of use.
 * That something was asked for stays known, so that its user can be told. Gives the record itself where nothing is old.
 */
export function expire(record: SignInRecord, now: Date): SignInRecord {
  const isOld = ({ request, askedAt }: Pending): boolean =>
    request !== "" && now.getTime() - Date.parse(askedAt) > requestLifetime;
  if (!record.pending.some(isOld)) return record;
  return { ...record, pending: record.pending.map((one) => (isOld(one) ? { ...one, request: "" } : one)) };
}

/** Forgets the waiting requests; of one connection alone, where that is given. */
export function forget(record: SignInRecord, connection?: string): Change<void> {
  const pending = connection === undefined ? [] : without(record.pending, connection);
  return { record: { ...record, pending }, found: undefined };
}

function without(pending: readonly Pending[], connection: string): Pending[] {
  return pending.filter((one) => one.connection !== connection);
}
