import { Command, CommanderError } from "commander";
import { down } from "./preview/down";
import { list, listText } from "./preview/list";
import { PreviewError } from "./preview/preview-error";
import { previewName } from "./preview/preview-name";
import type { PreviewProject } from "./preview/preview-stack";
import { type Progress, progressOn } from "./preview/progress";
import { previewProject } from "./preview/project";
import { exitCodeOf, receiptText } from "./preview/receipt";
import { show, showText } from "./preview/show";
import { defaultTtl, readTtl } from "./preview/ttl";
import { up, upText } from "./preview/up";

const exitCodes = `
Ends with
  0  done, and nothing is left; or there was nothing to do
  1  it could not go on; one sentence says why, and what cures it
  2  it only showed what it would do
  3  something is left, or was left alone, for a person to judge
  4  somebody else works on the same preview

With --json exactly one JSON document goes to standard output, all else to standard error.
`;

const examples = `
Examples:
  npm run preview -- up 42               pull request 42, for three days
  npm run preview -- up feature/mail --ttl 8h
  npm run preview -- list
  npm run preview -- down 42
`;

/** What every command is given: the project, where to tell how far it is, and how to end. */
export interface Context {
  readonly project: PreviewProject;
  readonly progress: Progress;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Writes the result: the value as JSON, or the text for people. */
  result(value: unknown, text: string): void;
}

/** A command's work; gives the exit code. */
type Work<Options> = (context: Context, name: string, options: Options) => Promise<number>;

interface Json {
  readonly json?: boolean;
}

/** The command line. `ended` is told the exit code of the command that ran. */
export function previewProgram(ended: (code: number) => void): Command {
  const program = new Command("npm run preview --")
    .description("Preview environments: one set-up for each pull request or branch, gone without a trace afterwards.")
    .addHelpText("after", examples + exitCodes)
    .showSuggestionAfterError()
    .exitOverride();
  const run = <Options extends Json>(work: Work<Options>) => {
    return async (name: string, options: Options): Promise<void> => ended(await inContext(options, work, name));
  };
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).option("--json", "the result as JSON");

  command("up <name>", "bring a preview up, or to its branch's present state; <name> is 42 or feature/mail")
    .option("--ttl <time>", "how long it lives from now: 30m, 72h, 3d; at most 30d", defaultTtl)
    .option("--owner <who>", "a person or a team to ask (default: git's user.email)")
    .option("--commit <hash>", "what is deployed (default: git's HEAD)")
    .action(
      run<Json & { ttl: string; owner?: string; commit?: string }>(async (context, name, { ttl, ...whose }) => {
        const wishes = { ...whose, ttl: readTtl(ttl) };
        const report = await up(context.project, previewName(name), wishes, context.progress, context.signal);
        context.result(report, upText(report));
        return 0;
      }),
    );
  command(
    "down <name>",
    "take a preview down for good, and prove it: a receipt of what Azure and Entra still hold",
  ).action(
    run<Json>(async ({ project, progress, result }, name) => {
      const receipt = await down(project, previewName(name), (line) => progress.say(line));
      result(receipt, receiptText(receipt));
      return exitCodeOf(receipt);
    }),
  );
  command("list", "all previews: owner, age, expiry, health, chat address, cost a month").action((options: Json) =>
    run<Json>(async ({ project, result }) => {
      const rows = await list(project);
      result(rows, listText(rows, project.now()));
      return 0;
    })("", options),
  );
  command("show <name>", "one preview with its marks, settings, secrets' ends, resources and cost").action(
    run<Json>(async ({ project, result }, name) => {
      const details = await show(project, previewName(name));
      result(details, showText(details, project.now()));
      return 0;
    }),
  );
  return program;
}

async function inContext<Options extends Json>(options: Options, work: Work<Options>, name: string): Promise<number> {
  const stream = options.json ? process.stderr : process.stdout;
  const progress = progressOn(stream);
  const result = (value: unknown, text: string): void => {
    progress.end();
    process.stdout.write(`${options.json ? JSON.stringify(value, null, 2) : text}\n`);
  };
  try {
    const project = await previewProject(process.cwd(), process.env);
    return await work({ project, progress, signal: endingSignal(), result }, name, options);
  } catch (error) {
    progress.end();
    const { message, code = "Unexpected" } = error as Error & { code?: string };
    process.stderr.write(`${message}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
    return error instanceof PreviewError && error.code === "Locked" ? 4 : 1;
  }
}

/** Pulumi ends in good order when it is interrupted. A terminal's Ctrl-C reaches it by itself. */
function endingSignal(): AbortSignal {
  const ending = new AbortController();
  process.once("SIGTERM", () => ending.abort());
  process.once("SIGINT", () => void (process.stdin.isTTY || ending.abort()));
  return ending.signal;
}

/** `unknown command 'lsit' (Did you mean list?)`: one sentence. */
async function main(): Promise<number> {
  let code = 0;
  const program = previewProgram((ended) => (code = ended));
  const quiet = { outputError: () => undefined };
  for (const command of [program, ...program.commands]) command.configureOutput(quiet).exitOverride();
  try {
    await program.parseAsync();
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    const said = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
    process.stderr.write(error.code === "commander.help" ? "" : `${said}. Help: npm run preview -- --help\n`);
    return 1;
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
