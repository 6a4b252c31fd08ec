/** A stack's state as `pulumi stack export` writes it, as far as drift is about it. */
export interface State {
  readonly version: number;
  readonly deployment: { resources?: StateResource[]; readonly pending_operations?: readonly unknown[] | null };
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  readonly [other: string]: unknown;
}

/** Key and value by which the state marks a secret. https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/resource/sig/sig.go */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** Where azure-native keeps the inputs a second time. */
const keptInputs = "__inputs";

/** A secret as an import takes it; Pulumi encrypts it. */
export function secretValue(value: unknown): Record<string, unknown> {
  return { [signature]: secretSignature, plaintext: JSON.stringify(value) };
}

/** Whether it is a secret as the state marks it; its text is there in an export with `--show-secrets`. */
export function isSecret(value: unknown): value is { plaintext?: string } {
  return isObject(value) && value[signature] === secretSignature;
}

/** Whether it is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether nothing stands in the state that is in Azure: the stack was never deployed, or is destroyed. */
export function isEmpty({ deployment }: State): boolean {
  return !(deployment.resources ?? []).some(({ custom, type }) => custom && !type.startsWith("pulumi:providers:"));
}

/** A value with its secrets opened; needs an export with `--show-secrets`. */
export function opened(value: unknown): unknown {
  if (isSecret(value)) return opened(JSON.parse(value.plaintext ?? "null"));
  if (Array.isArray(value)) return value.map(opened);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, opened(entry)]));
}

/** The name that the program gave: the last part of a URN. */
export function nameOf({ urn, type }: StateResource): string {
  return `${type.split(":").at(-1)} ${urn.split("::").slice(3).join("::")}`;
}

/**
 * Sets one input in the state, in both places where it stands, as a refresh does with what it finds: the next
 * `pulumi up` then sees a difference and writes the resource.
 */
export function setInput(resource: StateResource, path: readonly string[], value: unknown): void {
  for (const inputs of [resource.inputs, resource.outputs?.[keptInputs]]) {
    if (isObject(inputs)) setAt(inputs, path, value);
  }
}

function setAt(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  const inner = object[key];
  if (rest.length === 0) object[key] = value;
  else if (isObject(inner) && !isSecret(inner)) setAt(inner, rest, value);
  // An object that is secret as a whole differs as a whole.
  else object[key] = secretValue({ changedByHand: true });
}
