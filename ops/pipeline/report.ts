import { type Meaning, type Paint, plain } from "../../cli/paint";
import type { Outcome } from "./apply";
import { isOpen, type Part } from "./part";

/** What becomes of a part: `make`, `mend` and `remove` are this command's, `you` a person's. */
function toDo({ found, step, fix }: Part): "" | "make" | "mend" | "remove" | "you" | "judge" | "keep" {
  if (step) {
    if (step.do.startsWith("remove")) return "remove";
    return found === "missing" ? "make" : "mend";
  }
  if (found === "stays") return "keep";
  if (found === "extra") return "judge";
  return fix === undefined ? "" : "you";
}

const meanings: Readonly<Record<ReturnType<typeof toDo>, Meaning | undefined>> = {
  "": "good",
  make: "bad",
  mend: "bad",
  remove: "warning",
  you: "bad",
  judge: "warning",
  keep: undefined,
};

/** The parts as a table, each with what a person types about it below. */
export function tableOf(parts: readonly Part[], paint: Paint = plain): string {
  const rows = parts.map((part) => ({ part, does: toDo(part) }));
  const lines = rows.flatMap(({ part: { where, what, found, because, fix }, does }) => {
    const said = `${found.padEnd(8)} ${does.padEnd(7)} `;
    const meaning = meanings[does];
    return [
      `${meaning ? paint(meaning, said) : said}${where.padEnd(7)} ${what}${because ? ` (${because})` : ""}`,
      ...fixLines(fix, does === "judge" || does === "keep"),
    ];
  });
  return [`${"FOUND".padEnd(8)} ${"TO DO".padEnd(7)} ${"WHERE".padEnd(7)} WHAT`, ...lines].join("\n");
}

function fixLines(fix: string | undefined, isMaybe = false): string[] {
  const [first, ...rest] = (fix ?? "").split("\n").filter(Boolean);
  if (first === undefined) return [];
  return [
    `${" ".repeat(25)}${isMaybe ? "to take it away: " : ""}${first}`,
    ...rest.map((line) => " ".repeat(25) + line),
  ];
}

/** What was refused, with the reason; what only waits for something stands in the table of what is open. */
export function refusedText(outcomes: readonly Outcome[], paint: Paint = plain): string {
  return outcomes
    .flatMap(({ part: { where, what }, ended, why, fix }) => {
      if (ended !== "refused") return [];
      return [`${paint("bad", "refused ")} ${"".padEnd(7)} ${where.padEnd(7)} ${what}: ${why}`, ...fixLines(fix)];
    })
    .join("\n");
}

/** The parts for programs. */
export const partsDocument = (parts: readonly Part[]): object[] =>
  parts.map((part) => ({
    where: part.where,
    what: part.what,
    found: part.found,
    toDo: toDo(part) || null,
    because: part.because ?? null,
    fix: part.fix ?? null,
  }));

/** How many parts are open, in words. */
export function openText(stack: string, parts: readonly Part[]): string {
  const open = parts.filter(isOpen).length;
  return open === 0
    ? `${stack}: the pipeline is complete.`
    : `${stack}: ${open} of ${parts.length} parts are missing or differ.`;
}

/** What was taken away, and what stays all the same. */
export function goneText(stack: string, parts: readonly Part[]): string {
  const kept = parts.filter(({ found }) => found === "stays").map(({ what }) => what);
  return kept.length === 0
    ? `${stack}: nothing is left that this command made.`
    : `${stack}: all is gone but what stays: ${kept.join(", ")}.`;
}
