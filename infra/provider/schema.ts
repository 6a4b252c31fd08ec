import { known } from "./lifecycle";
import type { CheckFailure } from "./lifecycle";

/** A property as Pulumi's schema describes it: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/. */
export type Property = { readonly description: string } & PropertyType;

type PropertyType =
  | { readonly type: "string" | "boolean" | "integer" }
  | { readonly type: "array"; readonly items: { readonly type: "string" } }
  | { readonly type: "object"; readonly additionalProperties: { readonly type: "string" } };

/** What a resource takes and gives. Every input is required, and is an output, too. */
export interface ResourceSchema<Inputs, Outputs> {
  readonly description: string;
  readonly inputs: { readonly [Name in keyof Inputs]-?: Property };
  readonly outputs: { readonly [Name in Exclude<keyof Outputs, keyof Inputs>]-?: Property };
}

export const text = (description: string): Property => ({ type: "string", description });
export const flag = (description: string): Property => ({ type: "boolean", description });
export const count = (description: string): Property => ({ type: "integer", description });
export const texts = (description: string): Property => ({ type: "array", items: { type: "string" }, description });
export const textMap = (description: string): Property => ({
  type: "object",
  additionalProperties: { type: "string" },
  description,
});

type Plain = Readonly<Record<string, unknown>>;

/** Inputs that are missing, of another type, or not known to the resource. A value that is not known yet passes. */
export function wrongTypes(inputs: Readonly<Record<string, Property>>, given: Plain): CheckFailure[] {
  const wrong = Object.entries(inputs).flatMap(([property, { type }]) => {
    const value = given[property];
    if (value === undefined || value === null) return [{ property, reason: `${property} is required` }];
    if (!known(value) || isOfType(value, type)) return [];
    return [{ property, reason: `${property} has to be ${asked[type]}` }];
  });
  const unknown = Object.keys(given).filter((property) => !(property in inputs) && !property.startsWith("__"));
  return [
    ...wrong,
    ...unknown.map((property) => ({
      property,
      reason: `there is no input of this name: ${Object.keys(inputs).join(", ")}`,
    })),
  ];
}

const asked = {
  string: "a text",
  boolean: "true or false",
  integer: "a whole number",
  array: "a list of texts",
  object: "an object of texts",
} as const;

function isOfType(value: unknown, type: Property["type"]): boolean {
  const isText = (entry: unknown): boolean => typeof entry === "string";
  if (type === "array") return Array.isArray(value) && value.every(isText);
  if (type === "object")
    return typeof value === "object" && !Array.isArray(value) && Object.values(value!).every(isText);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

/** The part of Pulumi's schema that describes one resource. */
export function schemaOf({
  description,
  inputs,
  outputs,
}: ResourceSchema<Record<string, unknown>, Record<string, unknown>>): object {
  return {
    description,
    inputProperties: inputs,
    requiredInputs: Object.keys(inputs),
    properties: { ...inputs, ...outputs },
    required: [...Object.keys(inputs), ...Object.keys(outputs)],
  };
}

/** Inputs that say which bot is meant. */
export const botAddressInputs = {
  subscriptionId: text("Id of the bot's subscription."),
  resourceGroupName: text("Name of the bot's resource group."),
  botName: text("The bot's handle."),
} as const;
