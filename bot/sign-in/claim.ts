import { hour } from "../../contract/time";
import { createHash } from "node:crypto";
import type { Claim, Holder, Pending, SignInRecord } from "./sign-in-record";

/** What a turn finds where it wants to carry something out. */
export type Found =
  /** The turn carries it out. */
  | { readonly outcome: "yours" }
  /** Another turn does. */
  | { readonly outcome: "running" }
  /** It was carried out; `answer` is for this turn to say. */
  | { readonly outcome: "done"; readonly answer?: string; readonly status?: number }
  | { readonly outcome: "too many" };

/** Milliseconds for which a claim is kept: longer than a message is carried out after it was sent (`requestLifetime`). */
export const claimLifetime = hour;

/** Claims of one user in one conversation at a time. No more are taken: none is forgotten early. */
export const mostClaims = 500;

/** A claim's name. The id of an activity or of an exchange is the channel's or the client's to choose, and may be long. */
export function claimId(kind: "activity" | "exchange", id: string): string {
  return createHash("sha256").update(`${kind} ${id}`).digest("base64url").slice(0, 22);
}

/**
 * Takes a claim for a turn. `mayHave` says what the user reads where an earlier turn took it and never came to an end; that
 * is told by one turn alone.
 */
export function takeClaim(
  record: SignInRecord,
  id: string,
  holder: Holder,
  now: number,
  mayHave: (pending: Pending | undefined) => string,
): { record: SignInRecord; found: Found } {
  const claims = record.claims.filter(({ until }) => now - until < claimLifetime);
  const claim = claims.find((candidate) => candidate.id === id);
  const held = { id, holder: holder.id, until: holder.until };
  const taken: Claim = { ...held, state: "taken" };
  if (!claim) {
    if (claims.length >= mostClaims) return { record, found: { outcome: "too many" } };
    return { record: { ...record, claims: [...claims, taken] }, found: { outcome: "yours" } };
  }
  const instead = (by: Claim): SignInRecord => ({
    ...record,
    claims: claims.map((one) => (one === claim ? by : one)),
  });
  // The write whose answer was lost was this turn's own.
  if (claim.state === "taken" && claim.holder === holder.id) return { record, found: { outcome: "yours" } };
  if (claim.state === "free") return { record: instead(taken), found: { outcome: "yours" } };
  const { answer, status } = claim;
  if (claim.state === "done" && answer === undefined) return { record, found: doneWith(undefined, status) };
  if (claim.until > now) return { record, found: { outcome: "running" } };
  if (claim.state === "done") return { record: instead({ ...claim, ...held }), found: doneWith(answer, status) };
  // A request that still waits for its sign-in was not carried out: that turn ended before its card was shown.
  if (record.pending.some((pending) => pending.claim === id))
    return { record: instead(taken), found: { outcome: "yours" } };
  const words = mayHave(claim.pending);
  return { record: instead({ ...held, state: "done", answer: words }), found: doneWith(words, undefined) };
}

/** Whether a turn that waits for another one's has still to wait; `told` where that one told the user of its failure. */
export function stateOfClaim({ claims }: SignInRecord, id: string, now: number): "running" | "told" | "over" {
  const claim = claims.find((candidate) => candidate.id === id);
  if (claim?.state === "free") return "told";
  const ends = claim?.state === "done" && claim.answer === undefined;
  return claim && !ends && claim.until > now ? "running" : "over";
}

/**
 * Ends a claim: it was carried out. The user has still to be told the answer, where there is one: by the next delivery's turn,
 * once the holder's time is over.
 */
export function finishClaim(
  record: SignInRecord,
  id: string,
  holder: Holder,
  { answer, status }: { readonly answer?: string; readonly status?: number },
): SignInRecord {
  const found = doneWith(answer, status);
  return replaceClaim(record, id, holder, () => ({
    id,
    holder: holder.id,
    until: holder.until,
    state: "done" as const,
    ...(found.answer !== undefined && { answer: found.answer }),
    ...(found.status !== undefined && { status: found.status }),
  }));
}

/**
 * Gives a claim back: nothing was changed. The request that was carried out under it waits again, unless its connection has
 * a newer one. `told`: the user knows; a turn that waits for this one then has nothing to do.
 */
export function releaseClaim(record: SignInRecord, id: string, holder: Holder, told: boolean): SignInRecord {
  const pending = record.claims.find((claim) => claim.id === id && claim.holder === holder.id)?.pending;
  const released = replaceClaim(record, id, holder, (claim) =>
    told ? { id, state: "free", holder: claim.holder, until: claim.until } : undefined,
  );
  const newer = released.pending.some(({ connection }) => connection === pending?.connection);
  return pending && !newer ? { ...released, pending: [pending, ...released.pending] } : released;
}

/** Moves the waiting request into the claim under which it is carried out. */
export function carryUnder(record: SignInRecord, id: string, holder: Holder, pending: Pending): SignInRecord {
  const rest = record.pending.filter(({ connection }) => connection !== pending.connection);
  return replaceClaim({ ...record, pending: rest }, id, holder, (claim) => ({ ...claim, pending }));
}

function doneWith(answer: string | undefined, status: number | undefined): Found & { outcome: "done" } {
  return { outcome: "done", ...(answer !== undefined && { answer }), ...(status !== undefined && { status }) };
}

/** Replaces a claim that a turn still holds; one that another turn has taken since stays as it is. */
function replaceClaim(
  record: SignInRecord,
  id: string,
  holder: Holder,
  by: (claim: Claim) => Claim | undefined,
): SignInRecord {
  if (!record.claims.some((claim) => claim.id === id && claim.holder === holder.id)) return record;
  const claims = record.claims.flatMap((claim) => {
    if (claim.id !== id || claim.holder !== holder.id) return [claim];
    return by(claim) ?? [];
  });
  return { ...record, claims };
}
