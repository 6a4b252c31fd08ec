/** The six digits of a sign-in page in what somebody wrote. */
export type WrittenCode =
  /** The message is a code, or ought to be one: `digits` are all that stand in it. */
  | { readonly alone: true; readonly digits: string }
  /** Six digits among other words: a code where one is waited for, and nothing where not. */
  | { readonly alone: false; readonly digits: string };

/** Zero width, byte order, direction: what is copied from a page with the digits, and nobody sees. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** What people put between the digits of a code. */
const between = /[\s\p{Pd}]/gu;

/** Six digits in one or two groups that are no part of a longer number, of a word or of an id. */
const amongWords = /(?<![\w.,/#-])\d{3}[\s-]?\d{3}(?![\w/-]|[.,]\d)/g;

/**
 * Finds the code in a message: in digits of any script, full-width ones included, with blanks or hyphens between them,
 * or inside a sentence. A sentence with two such numbers holds none: nobody knows which is meant.
 */
export function writtenCode(message: string): WrittenCode | undefined {
  const text = plainDigits(message.replace(unseen, ""));
  const whole = text.replace(between, "");
  if (/^\d+$/.test(whole)) return { alone: true, digits: whole };
  const found = text.match(amongWords) ?? [];
  return found.length === 1 ? { alone: false, digits: found[0].replace(between, "") } : undefined;
}

/** Every decimal digit as the one of ASCII: those of a script stand in a row, its zero first. */
function plainDigits(text: string): string {
  return text.normalize("NFKC").replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const at = digit.codePointAt(0) ?? 0;
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(at - value - 1))) value++;
    return String(value);
  });
}
