/** Whose a resource is. */
export interface Marked {
  readonly project: string;
  readonly stack: string;
  /** The component within the stack, where it is not called as the project is. */
  readonly component?: string | undefined;
  /** A person or a team to ask. */
  readonly owner?: string | undefined;
  /** What was deployed: a commit's hash. */
  readonly commit?: string | undefined;
  /** When a preview may be taken down by anyone: ISO date and time in UTC, whole seconds. */
  readonly expires?: string | undefined;
}

/** Marks as Azure keeps them: a resource's tags. */
export type Marks = Readonly<Record<string, string>>;

/**
 * The marks of a stack's resources. By `project` and `stack` whatever stands in no state any more is found again: a
 * resource that a killed deployment left behind, or a preview that nobody took down.
 * Limits of a tag's value, 256 characters: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function marksOf({ project, stack, component, owner, commit, expires }: Marked): Marks {
  const known = Object.entries({ component, owner, commit, expires }).filter((mark): mark is [string, string] =>
    Boolean(mark[1]),
  );
  return { project, stack, ...Object.fromEntries(known) };
}

/** The same marks as Entra keeps them, which knows words only: `stack:dev`. */
export function entraMarks(marks: Marks): string[] {
  return Object.entries(marks)
    .map(([name, value]) => `${name}:${value}`)
    .sort();
}

/** Entra's words read back; what is no mark (`HideApp`) is left out. Of a value's own colons none is lost. */
export function marksFromEntra(tags: readonly string[]): Marks {
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const colon = tag.indexOf(":");
      return colon > 0 ? [[tag.slice(0, colon), tag.slice(colon + 1)] as const] : [];
    }),
  );
}

/** The marks that say whose a resource is and never change, for what would be written anew with any other. */
export function lastingMarks({ project, stack, component }: Marked): Marks {
  return marksOf({ project, stack, component });
}
