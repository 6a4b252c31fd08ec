/**
 * Values as Pulumi puts them on the wire: plain JSON, in which an object with a signature key stands for a secret, an
 * output, a resource or an asset. A provider that accepts secrets gets them raw and unwraps them itself.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/runtime/rpc.ts
 */
export type Properties = Record<string, unknown>;

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True for a JSON object: not an array, not null. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Wraps a value as a secret; one that is wrapped already stays as it is. */
export function secret(value: unknown): Properties {
  return isSecret(value) ? value : { [signature]: secretSignature, value };
}

/** Whether a value is wrapped as a secret. */
export function isSecret(value: unknown): value is Properties {
  if (!isObject(value)) return false;
  return value[signature] === secretSignature || (value[signature] === outputSignature && value.secret === true);
}

/** True where the value is a secret or holds one at any depth. */
function holdsSecret(value: unknown): boolean {
  return isSecret(value) || children(value).some(holdsSecret);
}

/** True where the value is not known yet, as in a preview, or holds such a value. */
export function holdsUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  if (isObject(value) && value[signature] === outputSignature && !("value" in value)) return true;
  return children(value).some(holdsUnknown);
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

/** The value with secrets and outputs unwrapped and resources as their ids. Assets and archives stay envelopes. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  switch (value[signature]) {
    case secretSignature:
    case outputSignature:
      return plain(value.value);
    case resourceSignature:
      return "id" in value ? plain(value.id) : value.urn;
    default:
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
  }
}

/** {@link plain} for a whole property bag. */
export function plainProperties(properties: Properties | undefined): Properties {
  return plain(properties ?? {}) as Properties;
}

/** The value as text in which every secret reads `[secret]`: for people, logs and processes that need not know it. */
export function redacted(value: unknown): unknown {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(redacted);
  if (!isObject(value)) return value;
  if (typeof value[signature] === "string") return redacted(plain(value));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redacted(entry)]));
}

/**
 * Marks as secret each output whose input at the same key path is secret, as Pulumi's engine does for providers that
 * do not handle secrets themselves. A secret element makes its whole array secret, because arrays may be reordered.
 */
export function keepSecret(output: unknown, input: unknown): unknown {
  if (output === undefined || !holdsSecret(input)) return output;
  if (isSecret(input) || Array.isArray(input)) return secret(output);
  if (!isObject(output) || !isObject(input)) return output;
  return Object.fromEntries(Object.entries(output).map(([key, entry]) => [key, keepSecret(entry, input[key])]));
}

/** The value without keys that are undefined or null: Pulumi's engine refuses undefined, and Azure's null means absent. */
export function present<T>(value: T): T {
  if (Array.isArray(value)) return value.map(present) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined && entry !== null)
      .map(([key, entry]) => [key, present(entry)]),
  ) as T;
}
