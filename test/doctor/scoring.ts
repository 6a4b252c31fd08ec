import type { Finding } from "../../ops/doctor/diagnosis";
import type { Seed } from "./seeds";

/** How the doctor did with one fault. */
export interface SeedScore {
  readonly code: string;
  readonly says: string;
  readonly setUp: string;
  readonly verdict: "found" | "missed" | "wrong fix" | "not made";
  /** What the doctor said for a fix, or why the fault could not be made. */
  readonly told: string;
  /** Findings besides it, each by its code: what only follows from the fault is none of its own. */
  readonly extra: readonly string[];
  /** What Microsoft's `teams app doctor` says that it did not say of the healthy set-up; undefined where it was not asked. */
  readonly teamsCli?: readonly string[];
}

/** How the doctor did with one healthy set-up. */
export interface ShapeScore {
  readonly name: string;
  readonly says: string;
  /** What it found although nothing is wrong. */
  readonly findings: readonly string[];
  /** Why it could not be made here; undefined where it was. */
  readonly lacks?: string;
  /** What Microsoft's `teams app doctor` calls a failure or a warning of it. */
  readonly teamsCli?: readonly string[];
}

export interface Score {
  /** Version of the Teams CLI whose doctor was asked, too. */
  readonly teamsCli?: string;
  readonly faults: readonly SeedScore[];
  readonly healthy: readonly ShapeScore[];
}

/** Whether a fault is named exactly, with the right fix and nothing besides. */
export const isRight = ({ verdict, extra }: SeedScore): boolean => verdict === "found" && extra.length === 0;

/** Judges what the doctor said of a fault. Pure. */
export function judgeSeed({ code, says, setUp, fix, mendedByUp }: Seed, findings: readonly Finding[]): SeedScore {
  const at = findings.findIndex((one) => one.code === code);
  const found = findings[at];
  const extra = findings.filter((_, place) => place !== at).map((one) => `${one.code} (${one.where})`);
  const isFixRight = found !== undefined && fix.test(found.fix) && found.mendedByUp === mendedByUp;
  const verdict = found === undefined ? "missed" : isFixRight ? "found" : "wrong fix";
  const told = found ? `${found.fix}${found.mendedByUp ? " [mended by up]" : ""}` : "";
  return { code, says, setUp, verdict, told, extra };
}

/** The line that closes the score: `60 of 60 faults named with the right fix, 0 findings on 10 healthy set-ups`. */
export function summaryOf({ faults, healthy }: Score): string {
  const right = faults.filter(isRight).length;
  const made = healthy.filter(({ lacks }) => lacks === undefined);
  const wrong = made.reduce((all, { findings }) => all + findings.length, 0);
  return `${right} of ${faults.length} faults named with the right fix, ${wrong} findings on ${made.length} healthy set-ups`;
}

/** Whether nothing is left to be desired. */
export function isPerfect({ faults, healthy }: Score): boolean {
  return faults.every(isRight) && healthy.every(({ findings, lacks }) => findings.length === 0 && lacks === undefined);
}
