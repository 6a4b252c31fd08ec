import type { Credential } from "../set-up/entra";

/** Days before its end from which on a secret is told: as long as `npm run secrets` warns of one that lives a year. */
export const soon = 30;

/**
 * When the password ends that is in use: the first of those whose first letters it has. Where these are not known it is the last
 * of all, so that nobody is told of one that only waits to be deleted.
 * @param hint first letters of the one in use
 * @returns ISO date and time; undefined where there is none
 */
export function endInUse(passwords: readonly Credential[], hint: string | undefined): string | undefined {
  const known = hint === undefined ? [] : passwords.filter((one) => one.hint === hint);
  const ends = (known.length > 0 ? known : passwords).map(({ endDateTime }) => endDateTime).sort();
  return known.length > 0 ? ends[0] : ends.at(-1);
}

/** What brings an application back from Entra's recycle bin, within 30 days. */
export function restore(objectId: string): string {
  return `az rest --method post --url https://graph.microsoft.com/v1.0/directory/deletedItems/${objectId}/restore`;
}
