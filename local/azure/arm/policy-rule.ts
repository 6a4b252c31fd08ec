import { z } from "zod";

/** What a policy sees of a resource that is about to be written. */
export interface PolicySubject {
  readonly type: string;
  readonly name: string;
  readonly location?: string | undefined;
  readonly kind?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | null | undefined;
  readonly sku?: Readonly<Record<string, unknown>> | null | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** A condition of a policy's rule. https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule */
export type Condition =
  | { readonly allOf: readonly Condition[] }
  | { readonly anyOf: readonly Condition[] }
  | { readonly not: Condition }
  | ({ readonly field: string } & Partial<Readonly<Record<keyof typeof operators, unknown>>>);

const same = (one: unknown, other: unknown): boolean => text(one) === text(other);
const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value).toLowerCase());
const among = (value: unknown, list: unknown): boolean => Array.isArray(list) && list.some((one) => same(value, one));
const like = (value: unknown, pattern: unknown): boolean =>
  new RegExp(
    `^${text(pattern)
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(text(value));

/** The operators that are served; a definition with another is refused when it is written. */
const operators = {
  equals: same,
  notEquals: (value: unknown, wanted: unknown) => !same(value, wanted),
  in: among,
  notIn: (value: unknown, wanted: unknown) => !among(value, wanted),
  like,
  notLike: (value: unknown, wanted: unknown) => !like(value, wanted),
  exists: (value: unknown, wanted: unknown) => (value !== undefined && value !== null) === (text(wanted) === "true"),
} as const;

const leaf = z
  .strictObject({
    field: z.string(),
    ...Object.fromEntries(Object.keys(operators).map((name) => [name, z.unknown().optional()])),
  })
  .refine((given) => Object.keys(given).length === 2, "one operator");

/** The form of a condition, as far as it is served. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ allOf: z.array(conditionSchema) }),
    z.strictObject({ anyOf: z.array(conditionSchema) }),
    z.strictObject({ not: conditionSchema }),
    leaf as unknown as z.ZodType<Condition>,
  ]),
);

/** Whether a condition holds for a resource. */
export function holds(
  condition: Condition,
  subject: PolicySubject,
  parameters: Readonly<Record<string, unknown>>,
): boolean {
  if ("allOf" in condition) return condition.allOf.every((inner) => holds(inner, subject, parameters));
  if ("anyOf" in condition) return condition.anyOf.some((inner) => holds(inner, subject, parameters));
  if ("not" in condition) return !holds(condition.not, subject, parameters);
  const [name, wanted] = Object.entries(condition).find(([key]) => key !== "field") ?? [];
  const operator = operators[name as keyof typeof operators];
  return operator(fieldOf(subject, condition.field), valueOf(wanted, parameters));
}

/** A value, or what the parameter holds that it names: `[parameters('allowed')]`. */
export function valueOf(given: unknown, parameters: Readonly<Record<string, unknown>>): unknown {
  const name = /^\[parameters\('([^']+)'\)\]$/.exec(String(given))?.[1];
  return name === undefined ? given : parameters[name];
}

/** A field by its name or alias: `location`, `tags['owner']`, `Microsoft.Storage/storageAccounts/allowSharedKeyAccess`. */
function fieldOf(subject: PolicySubject, field: string): unknown {
  const tag = /^tags(?:\.|\[')([^'\]]+)(?:'\])?$/.exec(field)?.[1];
  if (tag !== undefined) return subject.tags?.[tag];
  const alias = field.toLowerCase().startsWith(`${subject.type.toLowerCase()}/`)
    ? field.slice(subject.type.length + 1)
    : undefined;
  if (alias !== undefined) {
    const [first = "", ...rest] = alias.split(".");
    return first.toLowerCase() === "sku" ? at(subject.sku, rest) : at(subject.properties, [first, ...rest]);
  }
  const plain = field.toLowerCase();
  return ["type", "name", "location", "kind"].includes(plain) ? subject[plain as "type"] : undefined;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    const key = Object.keys(inner).find((one) => one.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : (inner as Record<string, unknown>)[key];
  }, value);
}
