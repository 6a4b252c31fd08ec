import type { ResourceValidationArgs } from "@pulumi/policy";
import type { BroughtCode } from "../deployment/code";
import { plainType } from "../facts/azure-native";
import { type Environment, environmentOf, environments } from "../settings/environment";
import type { ExistingSettings } from "../settings/existing";
import type { NamedConnection } from "../facts/sdks";

/** Stands in a preview for a value that only the deployment brings about. It can be judged by nobody, and is by none. */
export const unknown: unique symbol = Symbol("not known before the deployment");

export type Inputs = Readonly<Record<string, unknown>>;

/** A resource as a rule sees it: what the program asked for, before anything of it is created. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Pulumi's project and stack. */
  readonly project: string;
  readonly stack: string;
  /** `prod` also where nobody says what the stack is: the strictest rules are for it. */
  readonly environment: Environment;
  readonly protect: boolean;
  /** {@link unknown} where a value is not known yet; secrets laid open. */
  readonly inputs: Inputs;
}

/** What the stack's file says, as far as the pack has to know it. */
export interface SaidSettings {
  readonly environment?: string | undefined;
  /** What is handed in: it is used as the set-up's own. */
  readonly existing?: ExistingSettings | undefined;
  /** What was made by hand and is this stack's now. */
  readonly adopted?: object | undefined;
  /** Names of the app settings of the deployer's own. */
  readonly appSettings?: readonly string[];
  /** A bot of one's own, and what its code calls the connections by. */
  readonly code?: BroughtCode | undefined;
  readonly connections?: readonly NamedConnection[] | undefined;
}

/** What a project's settings say, as Pulumi hands them to a policy pack. */
export type Said = (project: string) => SaidSettings;

export function resourceOf({ type, name, urn, props, opts }: ResourceValidationArgs, said: Said): Resource {
  const [, stack = "", project = ""] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn) ?? [];
  const environment = environmentOf(
    stack,
    environments.find((one) => one === said(project).environment),
  );
  return {
    type: plainType(type),
    name,
    urn,
    stack,
    project,
    inputs: plain(props) as Inputs,
    environment: typeof environment === "string" ? environment : "prod",
    protect: opts.protect,
  };
}

/** The value at a path such as `siteConfig.minTlsVersion`; undefined where there is none. */
export function at(inputs: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => {
    if (value === unknown) return unknown;
    return typeof value === "object" && value !== null ? (value as Inputs)[name] : undefined;
  }, inputs);
}

/**
 * The same value without Pulumi's guard, which throws wherever a preview does not know a value: one such value would
 * otherwise keep a rule from looking at all the others.
 */
export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(value, index));
  // What begins like this is Pulumi's own: which inputs were defaults, how a replacement is to go.
  const names = Object.keys(value).filter((name) => !name.startsWith("__"));
  return Object.fromEntries(names.map((name) => [name, read(value, name)]));
}

function read(holder: object, name: string | number): unknown {
  try {
    return plain((holder as Record<string | number, unknown>)[name]);
  } catch (error) {
    if (error instanceof Error && "unknownTypeSentinel" in error) return unknown;
    throw error;
  }
}

/** Every text in a value, with its path. */
export function* textsOf(value: unknown, path = ""): Iterable<{ readonly path: string; readonly text: string }> {
  if (typeof value === "string") yield { path, text: value };
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* textsOf(inner, path ? `${path}.${name}` : name);
}
