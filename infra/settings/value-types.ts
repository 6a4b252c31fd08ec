/** A kind of value that a setting can take: how it reads, what it allows, and what a wrong value was probably meant to be. */
export interface ValueType<T> {
  readonly allowed: string;
  /** The value, or undefined where it is not allowed. */
  read(text: string): T | undefined;
  /** The allowed words, where there is a list of them: the nearest is offered for a wrong one. */
  readonly words?: readonly string[];
}

export function oneOf<T extends string>(...words: readonly T[]): ValueType<T> {
  return { allowed: words.join(", "), words, read: (text) => words.find((word) => word === text) };
}

export function wholeNumber(least: number, most: number, unit: string): ValueType<number> {
  return {
    allowed: `a whole number of ${unit} from ${least} to ${most}`,
    read(text) {
      const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

export function matching(pattern: RegExp, allowed: string): ValueType<string> {
  return { allowed, read: (text) => (pattern.test(text) ? text : undefined) };
}

export const yesOrNo: ValueType<boolean> = {
  allowed: "true, false",
  read: (text) => (text === "true" ? true : text === "false" ? false : undefined),
};

export const guid = matching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  "a GUID of the form 00000000-0000-0000-0000-000000000000",
);
