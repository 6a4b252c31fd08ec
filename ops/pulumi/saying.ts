/** A refusal of Pulumi's CLI or of Azure that a person can do something about, known by its words. */
export interface Saying<Code extends string> {
  readonly code: Code;
  readonly says: RegExp;
  /** Cause and cure, from the stack's name and what the pattern caught. */
  readonly means: (stack: string, ...caught: string[]) => readonly [cause: string, cure: string];
}

/** The first row that knows what was said, as an error's code, cause and cure; undefined where none does. */
export function understood<Code extends string>(
  sayings: readonly Saying<Code>[],
  said: string,
  stack: string,
): readonly [code: Code, cause: string, cure: string] | undefined {
  for (const { code, says, means } of sayings) {
    const found = says.exec(said);
    if (found) return [code, ...means(stack, ...found.slice(1).filter(Boolean))];
  }
  return undefined;
}

/** The line in which Entra or the Azure CLI says that whoever asks is not signed in. */
export function refusedLogin(said: string): string | undefined {
  return said
    .split("\n")
    .find((line) => /AADSTS\d+|az login/.test(line))
    ?.trim();
}
