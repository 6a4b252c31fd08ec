/** Whose a resource is. */
export interface Marked {
  readonly project: string;
  readonly stack: string;
  /** A person or a team to ask. */
  readonly owner?: string | undefined;
  /** What was deployed: a commit's hash. */
  readonly commit?: string | undefined;
}

/** Marks as Azure keeps them: a resource's tags. */
export type Marks = Readonly<Record<string, string>>;

/**
 * The marks of a stack's resources. By `project` and `stack` whatever stands in no state any more is found again: a
 * resource that a killed deployment left behind, or a preview that nobody took down.
 * Limits of a tag's value, 256 characters: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function marksOf({ project, stack, owner, commit }: Marked): Marks {
  return { project, stack, ...(owner ? { owner } : {}), ...(commit ? { commit } : {}) };
}

/** The same marks as Entra keeps them, which knows words only: `stack:dev`. */
export function entraMarks(marks: Marks): string[] {
  return Object.entries(marks)
    .map(([name, value]) => `${name}:${value}`)
    .sort();
}

/** The marks that say whose a resource is and never change, for what would be written anew with any other. */
export function lastingMarks({ project, stack }: Marked): Marks {
  return marksOf({ project, stack });
}
