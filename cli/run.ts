import { type Asked, commandNamed, readArguments, UsageError } from "./arguments";
import { type Command, type CommandGroup, helpOf, helpOfGroup, type Option, type Options } from "./command";
import { type Ending, endingOf, exitCodes } from "./exit-codes";
import { type Paint, paintOn, plain } from "./paint";

/** Where a command writes. */
export interface Terminal {
  /** A line on the way: on standard output, or on standard error where that takes the one document of --json. */
  say(text: string): void;
  /** What it is doing just now, for who sits in front of a terminal and waits; no pipe and no log gets it. */
  step(text: string): void;
  /** Whether standard output takes one JSON document only. */
  readonly json: boolean;
  /** What was asked for: as JSON where --json was typed, else as text. Once in a run. */
  result(value: unknown, text: string): void;
  /** Colours of what goes to standard output. */
  readonly paint: Paint;
}

/** What writes a command's texts; for tests, else the process's own. */
interface Streams {
  readonly stdout: Pick<NodeJS.WriteStream, "write">;
  readonly stderr: Pick<NodeJS.WriteStream, "write" | "isTTY">;
}

/** Names of errors that no room of this project throws to a person: the command itself is broken. */
const unworded = ["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "AssertionError", "RestError"];

/**
 * Runs a command and gives its exit code. Help goes to standard output; a failure is one sentence on standard error, and with
 * --json the one document on standard output too.
 */
export async function runCommand<Own extends Options>(
  command: Command<Own>,
  args: readonly string[],
  work: (asked: Asked<Own>, terminal: Terminal) => Promise<Ending>,
  { stdout, stderr }: Streams = process,
): Promise<number> {
  if (stdout === process.stdout) outliveReaders();
  const json = Object.entries<Option>(command.options).some(
    ([name, option]) => option.type === "boolean" && option.document === true && args.includes(`--${name}`),
  );
  const result = (value: unknown, text: string): void => void stdout.write(json ? documentOf(value) : `${text}\n`);
  const terminal: Terminal = {
    say: (text) => void (json ? stderr : stdout).write(`${text}\n`),
    step: (text) => void (stderr.isTTY && stderr.write(`${text}\n`)),
    json,
    result,
    paint: json || stdout !== process.stdout ? plain : paintOn(process.stdout),
  };
  try {
    const asked = readArguments(command, args);
    if (asked === undefined) {
      stdout.write(helpOf(command));
      return exitCodes.done;
    }
    return exitCodes[await work(asked, terminal)];
  } catch (error) {
    const { code = "unexpected" } = (error ?? {}) as { code?: string };
    const message = sentenceOf(command, error);
    const nothing = error instanceof UsageError && error.code === "nothing-named";
    stderr.write(nothing ? helpOf(command) : `${message}\n`);
    if (json) result({ error: { code, message } }, "");
    return exitCodes[endingOf(error)];
  }
}

/**
 * Runs a command on what was typed, where its file is the one that Node was told to run.
 * @param args what was typed behind the command
 */
export function runIfMain<Own extends Options>(
  file: NodeJS.Module,
  command: Command<Own>,
  work: (asked: Asked<Own>, terminal: Terminal) => Promise<Ending>,
  args: readonly string[] = process.argv.slice(2),
): void {
  if (require.main !== file) return;
  void runCommand(command, args, work).then((code) => (process.exitCode = code));
}

/** Runs the command of a group that was typed first, and gives its exit code. */
export async function runGroup(
  group: CommandGroup,
  args: readonly string[],
  run: (name: string, rest: readonly string[]) => Promise<number>,
  { stdout, stderr }: Streams = process,
): Promise<number> {
  const [word, ...rest] = args;
  if (word === "--help") {
    stdout.write(helpOfGroup(group));
    return exitCodes.done;
  }
  const names = group.commands.map(({ name }) => name);
  let named: string;
  try {
    // --json is an option of each of the commands, and alone it asks for none.
    if (word === undefined || word === "--json")
      throw new UsageError("nothing-named", `${group.typed} wants a command: ${names.join(", ")}`);
    named = commandNamed(group.typed, word, names);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { code } = error;
    const message = sentenceOf(group, error);
    stderr.write(code === "nothing-named" ? helpOfGroup(group) : `${message}\n`);
    if (args.includes("--json")) stdout.write(documentOf({ error: { code, message } }));
    return exitCodes.failed;
  }
  return run(named, rest);
}

/** Whoever reads may have enough, as in `| head`: no reason to break off in the middle of what a command does. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(unlessBrokenPipe)) stream.on("error", unlessBrokenPipe);
  }
}

function unlessBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

const documentOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What a person reads of an error: cause and fix, and never where in the code it was thrown. */
function sentenceOf({ typed }: Pick<Command, "typed">, error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError)
    return `${/[.?]$/.test(error.message) ? error.message : `${error.message}.`} Help: ${typed} --help`;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" && path !== undefined) return `There is no file ${path}: correct its path.`;
  if (code === "EACCES" && path !== undefined)
    return `${path} may not be read or written here: give yourself the right.`;
  return unworded.includes(error.name) ? `${typed.replace(/ --$/, "")} itself failed: ${error.message}` : error.message;
}
