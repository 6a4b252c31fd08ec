/**
 * What a service refuses, why, and what a person can do about it. The catalogue is the one place that says it: the program,
 * the bot, the commands and the local page all read it, and docs/known-errors.md is made of it.
 *
 * No fix follows from a status alone. What is not in the catalogue is told in the service's own words: {@link nothingKnown}.
 */
export interface KnownError {
  /** Never changes: tests and documents name an entry by it. */
  readonly id: string;
  /** The service's codes, compared without regard to case; empty where it gives none and its words have to do. */
  readonly codes: readonly string[];
  /** What its words must say besides, because the code stands for several mistakes. */
  readonly says?: RegExp;
  /** Fills `{name}` in cause and fix by groups of that name; what is not found stays as `<name>`. */
  readonly finds?: RegExp;
  readonly cause: string;
  /** What whoever deploys or runs the bot does about it. */
  readonly fix: string;
  /** What the bot tells a person who meets it in the chat; absent where nobody does. */
  readonly user?: string;
  /** Its number in docs/known-mistakes.md, where it stands there as well. */
  readonly mistake?: number;
  /** Where Microsoft, or whoever met it, says so. */
  readonly source: string;
}

/** What a service answered. */
export interface Refused {
  readonly code: string;
  readonly message: string;
}

/** The first entry that fits what a service answered; undefined where none does. */
export function knownError(catalogue: readonly KnownError[], { code, message }: Refused): KnownError | undefined {
  const name = code.toLowerCase();
  return catalogue.find(
    ({ codes, says }) =>
      (codes.length === 0 || codes.some((one) => one.toLowerCase() === name)) && (!says || says.test(message)),
  );
}

/** What whoever tells of a refusal knows by itself: `{ stack: "dev" }`. */
export type Named = Readonly<Record<string, string | undefined>>;

/** An entry's fix, filled with what the service's words name, and with what else is known. */
export function fixFor({ fix, finds }: Pick<KnownError, "fix" | "finds">, message = "", named: Named = {}): string {
  return filled(fix, finds, message, named);
}

/** An entry's cause, filled in the same way. */
export function causeFor({ cause, finds }: Pick<KnownError, "cause" | "finds">, message: string, named: Named): string {
  return filled(cause, finds, message, named);
}

function filled(text: string, finds: RegExp | undefined, message: string, named: Named): string {
  const found: Named = { ...named, ...finds?.exec(message)?.groups };
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => found[name] ?? `<${name}>`);
}

/**
 * What a person can do about a refusal: the first fitting entry's fix, or that nothing more is known.
 * @param requestId with which Microsoft's support finds the call
 */
export function fixOf(
  catalogue: readonly KnownError[],
  refused: Refused,
  requestId?: string | null,
  named?: Named,
): string {
  const known = knownError(catalogue, refused);
  return known ? fixFor(known, refused.message, named) : nothingKnown(requestId);
}

/** What is said of a refusal that stands in no catalogue. */
export function nothingKnown(requestId?: string | null): string {
  const named = requestId ? ` Microsoft's support finds it by its request id: ${requestId}.` : "";
  return `The words above are all that is known of it.${named}`;
}
