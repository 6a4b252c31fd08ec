import { day, minute } from "../../contract/time";
import { createHash } from "node:crypto";
import type { Storage, StoreItem } from "@microsoft/agents-hosting";
import { turnState } from "../../contract/turn-state";
import { changeItem } from "../change-item";
import type { Change } from "./sign-in-record";

/**
 * How many codes of one user for one connection reach the Token Service, and within how many milliseconds. A code has six
 * digits and is good for some minutes: whoever gets somebody else to sign in with his card has five of a million guesses.
 *
 * Right codes count, too: where the user has a token already, the Token Service may answer with it whatever the code is.
 */
export const codeLimits = [
  { tries: 5, within: 10 * minute },
  { tries: 50, within: day },
] as const;

const longest = Math.max(...codeLimits.map(({ within }) => within));
const most = Math.max(...codeLimits.map(({ tries }) => tries));

/** When codes were tried, oldest first, in milliseconds since 1970; never more than the largest limit. */
export interface CodeAttempts {
  readonly triedAt: readonly number[];
}

/** Whether a code may be tried: how many more after it, or the milliseconds until the next may be. */
export type Try =
  | { readonly allowed: true; readonly left: number; readonly wait: number }
  | { readonly allowed: false; readonly wait: number };

/** Counts a code that is about to be tried. One that may not be tried changes nothing: waiting is never prolonged. */
export function countTry(record: CodeAttempts, now: number): Change<Try, CodeAttempts> {
  const wait = waitAfter(record.triedAt, now);
  if (wait > 0) return { record, found: { allowed: false, wait } };
  const triedAt = [...record.triedAt.filter((at) => now - at < longest), now].slice(-most);
  const left = Math.min(...codeLimits.map(({ tries, within }) => tries - recent(triedAt, within, now).length));
  return { record: { triedAt }, found: { allowed: true, left, wait: waitAfter(triedAt, now) } };
}

/** Milliseconds until the next code may be tried; 0 where it may be now. */
function waitAfter(triedAt: readonly number[], now: number): number {
  const waits = codeLimits.map(({ tries, within }) => {
    const first = recent(triedAt, within, now).at(-tries);
    return first === undefined ? 0 : first + within - now;
  });
  return Math.max(0, ...waits);
}

const recent = (triedAt: readonly number[], within: number, now: number): number[] =>
  triedAt.filter((at) => now - at < within);

/** Whose codes are counted: one user of a channel, in all conversations together, for one connection. */
export interface CodeOwner {
  readonly channelId: string;
  readonly userId: string;
  readonly connection: string;
}

/** Counts the codes that users try. The count is in the storage: no restart and no second instance starts it anew. */
export class CodeCounter {
  constructor(private readonly storage: Storage) {}

  /**
   * Counts before the code is tried, so that codes tried at the same time are all counted. Throws where the count cannot
   * be written: then the code is not tried.
   */
  count(owner: CodeOwner, now: Date): Promise<Try> {
    return changeItem(this.storage, codesKeyOf(owner), attemptsOf, (record) => countTry(record, now.getTime()));
  }
}

/** The name of the count in the storage: a hash, as with the sign-in's own record. */
export function codesKeyOf({ channelId, userId, connection }: CodeOwner): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([channelId, userId, connection]))
    .digest("hex");
  return `${turnState.folders.codes}${hash}`;
}

function attemptsOf(item: StoreItem | undefined): CodeAttempts {
  const { triedAt } = (item ?? {}) as Partial<CodeAttempts>;
  return { triedAt: triedAt ?? [] };
}
