import { day } from "../../contract/time";

/**
 * When a secret ends that began at `startedAt`. Counted from a date kept in the stack's state, never from now: a date
 * that moves would make a new password on every `pulumi up` (known mistake 14).
 * @param startedAt ISO date and time
 * @returns ISO date and time in UTC, whole seconds, as Entra gives it back
 */
export function endOfLife(startedAt: string, lifetimeDays: number): string {
  return wholeSeconds(Date.parse(startedAt) + lifetimeDays * day);
}

/** Whole months, in which Key Vault counts a certificate's life, that last as long as a secret at least. */
export function monthsOf(lifetimeDays: number): number {
  // From the end of January to the end of February are 28 days; one more for the way to the vault.
  return Math.ceil((lifetimeDays + 1) / 28);
}

/**
 * ISO date and time in UTC, in whole seconds.
 * @param at a date, or milliseconds since 1970
 */
export function wholeSeconds(at: Date | number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Seconds since 1970, as Key Vault counts. */
export function epochSeconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}

/**
 * What to tell the deployer about secrets near their end, or undefined while there is time: from the last 30 days on,
 * or the last quarter of a shorter life.
 */
export function renewalWarning(endDate: string, lifetimeDays: number, now: Date, stack: string): string | undefined {
  if (!isNearEnd(endDate, lifetimeDays, now)) return undefined;
  const left = daysLeft(endDate, now);
  const when = left < 0 ? `ended on ${endDate}` : `end on ${endDate}, in ${left} days`;
  return `The bot's secrets ${when}; then nobody can sign in. Renew them: npm run rotate -- ${stack}`;
}

/** From when on a secret is to be renewed, and its end, as the bot is told: `2027-04-21T03:04:05Z/2027-05-21T03:04:05Z`. */
export function lastDays(endDate: string, lifetimeDays: number): string {
  return `${endOfLife(endDate, -warnsFor(lifetimeDays))}/${endDate}`;
}

/** Whether a secret is in the last 30 days of its life, or the last quarter of a shorter one. */
export function isNearEnd(endDate: string, lifetimeDays: number, now: Date): boolean {
  return daysLeft(endDate, now) < warnsFor(lifetimeDays);
}

function warnsFor(lifetimeDays: number): number {
  return Math.min(30, lifetimeDays / 4);
}

/** Whole days until a secret ends; negative where it has ended. */
export function daysLeft(endDate: string, now: Date): number {
  return Math.floor((Date.parse(endDate) - now.getTime()) / day);
}
