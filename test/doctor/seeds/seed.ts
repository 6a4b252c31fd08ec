import type { Hand } from "../hand";
import type { ShapeName } from "../shape-name";

/** A fault that lives in Azure alone: nothing of the stack's files or of the program was changed. */
export interface Seed {
  /** What the doctor has to call it. */
  readonly code: string;
  /** What somebody did by hand. */
  readonly says: string;
  /** The healthy set-up in which it is made. */
  readonly setUp: ShapeName;
  seed(hand: Hand): Promise<void>;
  /** What the right fix says, whatever else it says. */
  readonly fix: RegExp;
  /** Whether `npm run drift`, then `pulumi up`, puts it right. */
  readonly mendedByUp: boolean;
  /** The set-up cannot be put back after it, so that it is made last. */
  readonly lasting?: true;
}

/** The fix of all that the program has in its state: it is written anew as the settings say. */
export const up = { fix: /npm run drift -- \S+.*pulumi up/s, mendedByUp: true } as const;

/** A fault that a person has to put right; the fix names what to do. */
export const byHand = (fix: RegExp): { fix: RegExp; mendedByUp: false } => ({ fix, mendedByUp: false });

export const pause = (milliseconds: number): Promise<void> => new Promise((wake) => setTimeout(wake, milliseconds));

/** Some faults. Throws where two are told in the same words: the report knows each by what was done, and where. */
export function seedsOf(seeds: readonly Seed[]): readonly Seed[] {
  const told = seeds.map(({ setUp, says }) => `${setUp}: ${says}`);
  const twice = told.find((one, at) => told.indexOf(one) !== at);
  if (twice !== undefined) throw new Error(`two faults are told alike: ${twice}`);
  return seeds;
}
