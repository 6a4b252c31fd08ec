/**
 * Secrets come in two places, and a rotation makes that of one place anew: the one that was the newest before the last
 * rotation. So the newest and the one before it are both good at any time, and whoever still uses the older one is not cut off.
 */
export type TwoOf<T> = readonly [T, T];
export type Place = 0 | 1;

/** How far a stack's secrets are, as its state keeps it. */
export interface Rotation {
  /** Rotations that were begun: 0 where the secrets are those of the first deployment. */
  readonly number: number;
  /** Rotation whose password the OAuth connections hold: one less than {@link number} while the last one is under way. */
  readonly connections: number;
  /** When the secrets of each place began: ISO dates and times in UTC, whole seconds. */
  readonly began: TwoOf<string>;
}

/** The place that holds the secrets of a rotation. */
export function placeOf(rotation: number): Place {
  return rotation % 2 === 0 ? 0 : 1;
}

/** What an application's owner reads beside the two passwords of a set-up. */
export function passwordNames(displayName: string): TwoOf<string> {
  return [displayName, `${displayName} 2`];
}

/** What belongs to a rotation, of what there is in both places. */
export function inPlace<T>(rotation: number, both: TwoOf<T>): T {
  return both[placeOf(rotation)];
}

/** A rotation that is asked for, in its two steps: `4` begins the fourth, `4 done` has the connections follow. */
export interface Asked {
  readonly number: number;
  readonly done: boolean;
}

export const askedPattern = /^(0|[1-9]\d{0,5})( done)?$/;

/** Reads what a person or a command asks for; undefined where it is nothing of that form. */
export function askedIn(text: string): Asked | undefined {
  const [, number, done] = askedPattern.exec(text) ?? [];
  return number === undefined ? undefined : { number: Number(number), done: done !== undefined };
}

/** What asks for a rotation, by {@link askedIn}'s form. */
export function askingText({ number, done }: Asked): string {
  return done ? `${number} done` : String(number);
}

/** Whether there is anything to do; a rotation that was there already is not taken back. */
export function isDue(now: Pick<Rotation, "number" | "connections">, asked: Asked | undefined): boolean {
  if (asked === undefined) return false;
  if (asked.number > now.number) return true;
  return asked.done && asked.number === now.number && now.connections < now.number;
}

/**
 * The rotation after what is asked for: one step at most, however much was asked.
 * @param at the moment, ISO
 * @throws RangeError where another rotation would delete what the connections still use
 */
export function rotated(before: Rotation, asked: Asked, at: string): Rotation {
  if (!isDue(before, asked)) return before;
  if (asked.number <= before.number) return { ...before, connections: before.number };
  if (before.connections < before.number) {
    throw new RangeError(
      `rotation ${before.number} is not done: the connections use the password of rotation ${before.connections}, which another one would delete; npm run rotate -- <stack> goes on with it`,
    );
  }
  const number = before.number + 1;
  const [first, second] = before.began;
  return {
    number,
    connections: asked.done ? number : before.connections,
    began: placeOf(number) === 0 ? [at, second] : [first, at],
  };
}
