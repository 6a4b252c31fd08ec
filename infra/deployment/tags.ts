import { odataText } from "../azure/odata";

/** Whose a resource is. */
export interface Deployment {
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
export type Tags = Readonly<Record<string, string>>;

/**
 * The tags of a stack's resources. By `project` and `stack` whatever stands in no state any more is found again: a
 * resource that a killed deployment left behind, or a preview that nobody took down.
 * Limits of a tag's value, 256 characters: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function tagsOf({ project, stack, component, owner, commit, expires }: Deployment): Tags {
  const known = Object.entries({ component, owner, commit, expires }).filter((tag): tag is [string, string] =>
    Boolean(tag[1]),
  );
  return { project, stack, ...Object.fromEntries(known) };
}

/** The same tags as Entra keeps them, which knows words only: `stack:dev`. */
export function entraTagsOf(tags: Tags): string[] {
  return Object.entries(tags)
    .map(([name, value]) => `${name}:${value}`)
    .sort();
}

/** Microsoft Graph's `$filter` of what has all of these tags. */
export function entraTagsFilter(tags: Tags): string {
  return entraTagsOf(tags)
    .map((tag) => `tags/any(t:t eq ${odataText(tag)})`)
    .join(" and ");
}

/** Entra's words read back; what is no tag (`HideApp`) is left out. Of a value's own colons none is lost. */
export function tagsFromEntra(tags: readonly string[]): Tags {
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const colon = tag.indexOf(":");
      return colon > 0 ? [[tag.slice(0, colon), tag.slice(colon + 1)] as const] : [];
    }),
  );
}

/** The tags that say whose a resource is and never change, for what would be written anew with any other. */
export function lastingTags({ project, stack, component }: Deployment): Tags {
  return tagsOf({ project, stack, component });
}
