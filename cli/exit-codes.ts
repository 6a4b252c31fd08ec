/** How a command can end, and the exit code of each; docs/commands.md has the same table. */
export const exitCodes = { done: 0, failed: 1, found: 2, left: 3, held: 4 } as const;

export type Ending = keyof typeof exitCodes;

/** What each ending means of any command; what it means of one, that command's --help says. */
export const endings: Readonly<Record<Ending, string>> = {
  done: "done, or looked and all is well",
  failed: "it could not go on; one sentence says why, and the fix",
  found: "it found something to put right, or only showed its plan",
  left: "something is left, or was left alone, for a person to judge",
  held: "somebody else works on the same stack",
};

/** How a command ends that threw this: an error may say it by its `ending`. */
export function endingOf(error: unknown): "failed" | "held" {
  return (error as { readonly ending?: unknown } | undefined)?.ending === "held" ? "held" : "failed";
}
