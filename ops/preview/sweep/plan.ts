import { isPreviewStack, pullRequestOf } from "../../../infra/settings/environment";
import { instantOf, isOver } from "../instant";
import type { InventoryItem } from "../../azure/inventory/found";

/** A preview that the backend knows. */
export interface KnownPreview {
  readonly stack: string;
  /** As typed: `42`. */
  readonly title: string;
  /** As the stack's tags say; absent where nobody said. */
  readonly owner?: string | undefined;
  readonly expires?: string | undefined;
  /** Why Pulumi does not let its tags be read. */
  readonly unread?: string | undefined;
}

/** What may only be seen by looking at one preview: is it protected, does its group hold somebody else's resource. */
export interface Look {
  readonly protected?: string | undefined;
  readonly others: readonly string[];
  /** Why it could not be looked at. */
  readonly failed?: string | undefined;
}

/** What is there, and what a sweep does about it. */
export interface Finding {
  readonly stack: string;
  readonly title: string;
  readonly owner?: string;
  readonly expires?: string;
  /** Whether the backend knows it; an orphan's resources and applications carry our tags without a stack. */
  readonly kind: "preview" | "orphan";
  /** What was found of an orphan: `1 resource group, 2 applications`. */
  readonly holds?: string;
  /** `keep` is as it should be; `leave` is for a person to judge. */
  readonly does: "take down" | "keep" | "leave";
  readonly why: string;
}

/** Everything that a sweep may concern: stacks of the backend, and what carries tags of the project and has no stack there. */
export function sweepables(
  project: string,
  known: readonly KnownPreview[],
  tagged: readonly InventoryItem[],
): Sweepable[] {
  const stacks = new Set(known.map(({ stack }) => stack));
  const orphans = new Map<string, InventoryItem[]>();
  for (const item of tagged) {
    const { project: owner, stack = "" } = item.tags;
    if (owner !== project || !isPreviewStack(stack) || stacks.has(stack) || item.kept) continue;
    orphans.set(stack, [...(orphans.get(stack) ?? []), item]);
  }
  return [
    ...known.filter(({ stack }) => isPreviewStack(stack)).map((one) => ({ ...one, kind: "preview" as const })),
    ...[...orphans].map(([stack, items]) => ({
      stack,
      title: pullRequestOf(stack) ?? stack,
      kind: "orphan" as const,
      holds: countsOf(items),
      owner: items.find(({ tags }) => tags["owner"])?.tags["owner"],
      expires: latest(items.flatMap(({ tags }) => tags["expires"] ?? [])),
    })),
  ];
}

export interface Sweepable extends KnownPreview {
  readonly kind: "preview" | "orphan";
  readonly holds?: string;
}

/**
 * What a sweep does about each. Takes down only what is due and was looked at, and neither protected nor beside somebody
 * else's resource.
 */
export function sweepPlan(all: readonly Sweepable[], looks: ReadonlyMap<string, Look>, now: Date): Finding[] {
  return all.map((one) => {
    const { stack, title, owner, expires, kind, holds } = one;
    const look = looks.get(stack);
    const [does, why] = verdict(one, look, now);
    return {
      stack,
      title,
      kind,
      does,
      why,
      ...(owner === undefined ? {} : { owner }),
      ...(expires === undefined ? {} : { expires }),
      ...(holds === undefined ? {} : { holds }),
    };
  });
}

function verdict(one: Sweepable, look: Look | undefined, now: Date): readonly [Finding["does"], string] {
  const { expires, unread } = one;
  if (unread !== undefined) return ["leave", `it could not be read: ${unread}`];
  if (expires === undefined) return ["leave", "nothing says when it expires"];
  if (Number.isNaN(instantOf(expires))) return ["leave", `its expiry is no instant in UTC: ${expires}`];
  if (!isOver(expires, now)) return ["keep", `expires ${expires}`];
  if (!look) return ["leave", "it could not be looked at"];
  if (look.failed !== undefined) return ["leave", `it could not be looked at: ${look.failed}`];
  if (look.protected !== undefined) return ["leave", `it is protected: ${look.protected}`];
  if (look.others.length > 0) {
    return ["leave", `its resource group holds what is not the preview's: ${look.others.join(", ")}`];
  }
  return ["take down", `expired ${expires}`];
}

/** The last of several instants: parts of an orphan may be older than others. What is no instant counts as the last. */
function latest(instants: readonly string[]): string | undefined {
  const time = (instant: string): number => instantOf(instant) || Number.MAX_SAFE_INTEGER;
  return instants.toSorted((one, other) => time(one) - time(other)).at(-1);
}

function countsOf(items: readonly InventoryItem[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}${count > 1 ? "s" : ""}`).join(", ");
}
