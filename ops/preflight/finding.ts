import { deploying } from "../deploying";

/** One right or registration that a deployment needs, and whether it is there. */
export interface Finding {
  /** What is needed, as a person would say it. */
  readonly what: string;
  readonly state: "held" | "missing" | "unsure";
  /** Through what it is held, or why that is not known: `Contributor`. */
  readonly because?: string;
  /** The command that cures it, where something is missing. */
  readonly cure?: string;
}

const words = { held: "ok      ", missing: "MISSING ", unsure: "unsure  " } as const;

/** The findings as lines for the terminal, and in the end how many are missing. */
export function report(stack: string, findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ what, state, because, cure }) => [
    `${words[state]} ${what}${because ? ` (${because})` : ""}`,
    ...(cure && state !== "held" ? [`           ${cure}`] : []),
  ]);
  const missing = findings.filter(({ state }) => state === "missing").length;
  const end =
    missing === 0
      ? `${stack}: nothing is missing. Next: ${deploying(stack)}`
      : `${stack}: ${missing} of ${findings.length} missing; nothing was created. The commands above cure it.`;
  return [...lines, end].join("\n");
}
