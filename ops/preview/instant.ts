/** An instant as tags and receipts write it: ISO, UTC. */
export const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * Milliseconds since 1970 of an instant, NaN for anything else: to `Date.parse` a bare `5` is a day of 2001, and a date without its
 * zone another moment on every machine.
 */
export function instantOf(text: string): number {
  return instantPattern.test(text) ? Date.parse(text) : Number.NaN;
}

/** Whether a preview's time is over. What says no instant is not: a person has to judge. */
export function isOver(expires: string | undefined, now: Date): boolean {
  return expires !== undefined && instantOf(expires) <= now.getTime();
}
