/** Stable codes of what can be wrong with a setting. */
export type ProblemCode =
  | "unknown-setting"
  | "missing-setting"
  | "wrong-value"
  | "multi-tenant"
  | "duplicate-connection"
  | "scope-missing"
  | "contradiction"
  | "several-resources"
  | "skill-twice"
  | "no-offline-access"
  | "unused-connection"
  | "unknown-scope"
  | "unknown-api"
  | "tenants-differ"
  | "environment-differs"
  | "other-cloud"
  | "open-bot"
  | "plain-secret";

/** One wrong setting, with all that a person needs to put it right. */
export interface Problem {
  readonly code: ProblemCode;
  /** The setting as it is written in the stack file: `residency`, `connections[0].name`. */
  readonly setting: string;
  /** The value found, as JSON; absent where there is none, `a secret (not shown)` where it may not be shown. */
  readonly seen?: string;
  readonly allowed: string;
  /** A command or a line of the stack file that is right. */
  readonly example: string;
  /** Why it is refused, or what was probably meant. */
  readonly hint?: string;
}

/** A value as problems show it. */
export function shownAs(value: unknown, secret: boolean): string {
  return secret ? "a secret (not shown)" : (JSON.stringify(value) ?? "nothing");
}

/** The stack's settings are wrong. Raised before anything is created; lists every problem at once. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "settings-wrong";

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(describe).join("\n"));
  }
}

/** A problem in one line. */
export function describe(problem: Problem): string {
  const found = problem.seen === undefined ? "is not set" : `is ${problem.seen}`;
  const hint = problem.hint ? ` ${problem.hint}` : "";
  return `Setting ${problem.setting} ${found} [${problem.code}].${hint} Allowed: ${problem.allowed}. Example: ${problem.example}`;
}
