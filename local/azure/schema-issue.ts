import type { z } from "zod";

/** One thing that is wrong with a value, with its whole path; of a union what its branches have against the value. */
export type SchemaIssue = z.core.$ZodIssue;
export type Path = readonly PropertyKey[];

/** Checks a value; what is wrong with it is told as {@link isAbsent} needs it. */
export function check<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  return schema.safeParse(value, { reportInput: true });
}

/** The issues of each branch of a union; undefined where the issue is of no union, or no branch was tried. */
export function branchesOf(issue: SchemaIssue): SchemaIssue[][] | undefined {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return undefined;
  // Zod counts the paths of a branch from where the union stands.
  return issue.errors.map((branch) => branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
}

/** Whether the value is wrong because it was left out. */
export function isAbsent(issue: SchemaIssue): boolean {
  return (issue.code === "invalid_type" || issue.code === "invalid_value") && issue.input === undefined;
}
