import { parseArgs } from "node:util";
import { nearest } from "../infra/settings/nearest";
import type { Command, Options } from "./command";

/** What was typed is nothing that the command takes. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** @param code `nothing-named` where what the command is about was left out: then its --help is the answer */
  constructor(
    readonly code: "unknown-option" | "unknown-command" | "wrong-value" | "too-many" | "nothing-named",
    message: string,
  ) {
    super(message);
  }
}

/** The options that were typed, by name. */
export type Values<Own extends Options> = {
  readonly [Name in keyof Own]?: Own[Name] extends { type: "string" }
    ? Own[Name] extends { multiple: true }
      ? readonly string[]
      : string
    : true;
};

/** What a command was asked. */
export interface Asked<Own extends Options = Options> {
  readonly values: Values<Own>;
  /** What stands beside the options. */
  readonly operands: readonly string[];
}

/**
 * Reads what was typed after a command.
 * @returns undefined where --help was asked for, whatever else stands there
 * @throws UsageError which names the option that is most like a misspelt one
 */
export function readArguments<Own extends Options>(
  { typed, takes, options }: Command<Own>,
  args: readonly string[],
): Asked<Own> | undefined {
  const names = [...Object.keys(options), "help"];
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries<Options[string]>(options).map(([name, option]) => [
        name,
        { type: option.type, multiple: option.type === "string" && option.multiple === true },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  if (values["help"] !== undefined) return undefined;
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option || !rawName.startsWith("--")) throw unknownOption(typed, rawName, names);
    if (option.type === "string" && !isGiven(value, token.inlineValue)) {
      throw new UsageError("wrong-value", `${rawName} wants a value: ${rawName} ${option.value}`);
    }
    if (option.type === "boolean" && value !== undefined) {
      throw new UsageError("wrong-value", `${rawName} takes no value, and "${value}" was given`);
    }
  }
  checkCount(typed, takes, positionals);
  return { values: values as Values<Own>, operands: positionals };
}

/** Whether an option was given a value; the next option is none, unless it is written with "=". */
function isGiven(value: string | undefined, inline: boolean | undefined): boolean {
  return value !== undefined && (inline === true || !value.startsWith("--"));
}

function unknownOption(typed: string, rawName: string, names: readonly string[]): UsageError {
  const meant = nearest(rawName.replace(/^-+/, ""), names);
  const known = names.map((name) => `--${name}`).join(", ");
  const fix = meant === undefined ? `It takes ${known}` : `Did you mean --${meant}?`;
  return new UsageError("unknown-option", `${typed.replace(/ --$/, "")} has no option ${rawName}. ${fix}`);
}

/**
 * The command of a group that was typed, or another of a list of names.
 * @param what it is called
 * @throws UsageError which names the one that is most like a misspelt one
 */
export function commandNamed<Name extends string>(
  typed: string,
  word: string,
  names: readonly Name[],
  what = "command",
): Name {
  const found = names.find((name) => name === word);
  if (found !== undefined) return found;
  const meant = nearest(word, names);
  const fix = meant === undefined ? `It has ${names.join(", ")}` : `Did you mean ${meant}?`;
  throw new UsageError("unknown-command", `${typed.replace(/ --$/, "")} has no ${what} ${word}. ${fix}`);
}

function checkCount(typed: string, takes: string, given: readonly string[]): void {
  // A script's variable that is not set is none: Pulumi would take it for the stack that happens to be selected.
  const named = given.filter((one) => one.trim() !== "");
  if (takes !== "" && (named.length < given.length || (takes.startsWith("<") && named.length === 0))) {
    throw new UsageError("nothing-named", `${typed} wants ${takes}`);
  }
  if (takes.includes("...")) return;
  const most = takes === "" ? 0 : 1;
  if (given.length <= most) return;
  const what = most === 0 ? "nothing but options" : `one ${takes.replace(/[[\]<>]/g, "")}`;
  throw new UsageError("too-many", `${typed.replace(/ --$/, "")} takes ${what}, and was given ${given.join(" ")}`);
}

/**
 * An option's value as a whole number.
 * @throws UsageError where it is none, or not between `least` and `most`
 */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new UsageError("wrong-value", `--${option} is "${text}". Allowed: a whole number from ${least} to ${most}`);
}
