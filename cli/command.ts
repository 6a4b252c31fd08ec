import { type Ending, endings, exitCodes } from "./exit-codes";

/** An option of a command; every command has --help besides its own. */
export type Option =
  /** With `document` standard output takes exactly one JSON document, and nothing else. */
  | { readonly type: "boolean"; readonly does: string; readonly document?: true }
  | { readonly type: "string"; readonly value: string; readonly does: string; readonly multiple?: true };

export type Options = Readonly<Record<string, Option>>;

/** A command as a person types it, and all that its --help says. */
export interface Command<Own extends Options = Options> {
  /** What is typed before its arguments: `npm run drift --`. */
  readonly typed: string;
  /** What it takes besides options: `<stack>`, `[<stack>...]`, `[<name>]`, or nothing. */
  readonly takes: string;
  readonly describes: string;
  readonly options: Own;
  readonly examples: readonly string[];
  /** Lists that are too long to stand before the options. */
  readonly lists?: string;
  /** What its exit codes mean; with `failed` it always ends where it could not go on. */
  readonly ends: Readonly<Partial<Record<Ending, string>> & { done: string }>;
}

/** Several commands behind one name: `npm run preview -- up 42`. */
export interface CommandGroup {
  readonly typed: string;
  readonly describes: string;
  readonly commands: readonly { readonly name: string; readonly does: string }[];
  readonly examples: readonly string[];
}

/** The option that gives one JSON document on standard output. */
export const jsonOption = {
  type: "boolean",
  document: true,
  does: "one JSON document on standard output, all else on standard error",
} as const;

/** What `--help` prints of a command. */
export function helpOf(command: Command): string {
  const { typed, takes, describes, options, examples, lists, ends } = command;
  const rows = Object.entries(options).map(([name, option]) => [
    `--${name}${option.type === "string" ? ` ${option.value}` : ""}`,
    option.does,
  ]);
  const codes = (Object.keys(exitCodes) as Ending[])
    .filter((ending) => ends[ending] !== undefined || ending === "failed")
    .map((ending) => [String(exitCodes[ending]), ends[ending] ?? endings[ending]]);
  return [
    `${[typed, takes, "[options]"].filter(Boolean).join(" ")}\n`,
    `${describes.trim()}\n`,
    table("Options:", [...rows, ["--help", "this text"]]),
    table("Ends with", codes),
    list("Examples:", examples),
    ...(lists === undefined ? [] : [`${lists.trim()}\n`]),
  ].join("\n");
}

/** What `--help` prints of a group. */
export function helpOfGroup({ typed, describes, commands, examples }: CommandGroup): string {
  return [
    `${typed} <command> [options]\n`,
    `${describes.trim()}\n`,
    table(
      "Commands; each has --help and --json:",
      commands.map(({ name, does }) => [name, does]),
    ),
    list("Examples:", examples),
  ].join("\n");
}

function list(title: string, lines: readonly string[]): string {
  return `${[title, ...lines.map((line) => `  ${line}`)].join("\n")}\n`;
}

function table(title: string, rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  return list(
    title,
    rows.map(([name = "", text = ""]) => `${name.padEnd(width)}  ${text}`),
  );
}
