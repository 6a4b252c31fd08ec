import type { SetUp } from "../set-up";

/** Where a person looks for what a finding is about. */
export const groups = [
  "Bot",
  "Bot's identity",
  "Web app",
  "Vault and state",
  "Connections",
  "Channels",
  "Teams",
  "Sign-in",
] as const;
export type Group = (typeof groups)[number];

/** What a check saw, where something is wrong. */
export interface Seen {
  /** ARM id of the resource, or what Entra knows the application by; a setting stands behind it. */
  readonly where: string;
  /** The value that was seen, and the one that is expected, or the service's own answer. Never a secret. */
  readonly evidence: string;
  /** What it is about, where there are several: a connection, a setting. Follow-ups are looked for within it. */
  readonly about?: string;
  /** What to type or to click, where that depends on what was seen. */
  readonly fix?: string;
  /** Whether it belongs to somebody else, so that no `pulumi up` changes it. */
  readonly ofOthers?: boolean;
}

/** One thing that can be wrong with a set-up. Pure: it judges what was read, and asks nobody. */
export interface Check {
  /** Never changes: programs name a finding by it. */
  readonly code: string;
  readonly group: Group;
  /** What is wrong, and what people meet. */
  readonly what: string;
  /** What to type or to click where no `pulumi up` mends it. */
  readonly fix: string;
  /** Whether `pulumi up`, after `npm run drift`, mends it in a set-up that a stack made. */
  readonly mendedByUp: boolean;
  /** Codes of findings of which this one would only be the consequence. */
  readonly follows?: readonly string[];
  look(setUp: SetUp): Iterable<Seen>;
}

/** A check as it stands in the table of its group. */
export type Ungrouped = Omit<Check, "group">;

/** The checks of one group. */
export function inGroup(group: Group, checks: readonly Ungrouped[]): Check[] {
  return checks.map((check) => ({ ...check, group }));
}
