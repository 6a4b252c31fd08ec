/** What a resource of this program's own does in Azure. Properties come and go plain, without Pulumi's envelopes. */
export interface Lifecycle<Inputs, Outputs> {
  /** What is wrong with inputs of the right types; values that are not known yet are Pulumi's stand-in, see {@link known}. */
  check(olds: Partial<Inputs>, news: Inputs): Promise<readonly CheckFailure[]>;
  /** How the wanted inputs differ from what is deployed. */
  diff(id: string, olds: Outputs, news: Inputs): Promise<Difference>;
  create(inputs: Inputs): Promise<{ id: string; outs: Outputs }>;
  update(id: string, olds: Outputs, news: Inputs): Promise<{ outs: Outputs }>;
  /**
   * What is there now; undefined where Azure no longer has it, and Pulumi then drops it from the state.
   * @param props undefined on an import: then everything follows from the id
   */
  read(id: string, props: Outputs | undefined): Promise<{ id: string; props: Outputs } | undefined>;
  delete(id: string, props: Outputs): Promise<void>;
}

/** One input that is refused before anything is written. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Difference {
  readonly changes: boolean;
  /** The inputs whose change makes another resource. */
  readonly replaces: string[];
}

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
): Difference {
  const differs = (name: keyof Inputs): boolean => !same(olds[name], news[name]);
  const replaces = identity.filter(differs);
  return { changes: replaces.length > 0 || content.some(differs), replaces };
}

/** Why an import of a resource is refused that lives in the state alone. */
export function notImported(what: string): Error {
  return new Error(`${what} is nothing in Azure, so there is nothing to import: pulumi up makes it.`);
}
