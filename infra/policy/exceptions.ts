import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isDeepStrictEqual } from "node:util";
import type { Resource } from "./resource";

/** What a person lets pass on purpose, in a file given with `--policy-pack-config`. What an entry leaves out it does not ask for. */
export interface Exception {
  readonly type: string;
  readonly name?: string;
  readonly field?: string;
  readonly value?: unknown;
}

/** A rule's part of the pack's configuration. */
export interface Config {
  readonly allow?: readonly Exception[];
  readonly [setting: string]: unknown;
}

export const exceptionSchema: NonNullable<ResourceValidationPolicy["configSchema"]>["properties"] = {
  allow: {
    type: "array",
    default: [],
    items: {
      type: "object",
      required: ["type"],
      additionalProperties: false,
      properties: {
        type: { type: "string" },
        name: { type: "string" },
        field: { type: "string" },
        value: { type: ["string", "number", "boolean", "array", "object", "null"] },
      },
    },
  },
};

export function isAllowed(
  exceptions: readonly Exception[],
  { type, name }: Pick<Resource, "type" | "name">,
  field: string,
  value: unknown,
): boolean {
  return exceptions.some(
    (one) =>
      one.type === type &&
      (one.name ?? name) === name &&
      (one.field ?? field) === field &&
      (!("value" in one) || isDeepStrictEqual(one.value, value)),
  );
}

/** How a person who means it lets this pass. */
export function howToAllow(rule: string, exception: Exception): string {
  return (
    `To allow it on purpose, give a file with --policy-pack-config: ` +
    JSON.stringify({ [rule]: { allow: [exception] } })
  );
}
