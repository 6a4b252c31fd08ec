import type * as pulumi from "@pulumi/pulumi";

/** Pulumi's stand-in for a value that is not known before the deployment runs. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is known yet; before that it cannot be judged. */
export function known(value: unknown): boolean {
  return value !== unknownValue;
}

/** Equality of plain JSON values; the order of an object's keys says nothing. */
export function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

/**
 * Compares what is deployed with what is wanted.
 * @param identity inputs that say which thing in Azure is meant: another value is another thing, so a replacement
 * @param content inputs whose change is an update
 */
export function difference<Inputs extends object>(
  olds: Inputs,
  news: Inputs,
  identity: readonly (keyof Inputs & string)[],
  content: readonly (keyof Inputs & string)[],
): pulumi.dynamic.DiffResult & { changes: boolean; replaces: string[] } {
  const differs = (name: keyof Inputs): boolean => !same(olds[name], news[name]);
  const replaces = identity.filter(differs);
  return { changes: replaces.length > 0 || content.some(differs), replaces };
}

/** What `read` gives for a thing that Azure no longer has: Pulumi then drops it from the state. */
export const gone = { id: "" };
