import { Command } from "commander";
import { type Context, inContext } from "./context";
import { type PreviewName, previewName } from "./preview-name";
import type { CommentWishes } from "./comment";
import { defaultTtl, readTtl } from "./ttl";

const help = `
Examples:
  npm run preview -- up 42               pull request 42, for three days
  npm run preview -- up feature/mail --ttl 8h
  npm run preview -- list
  npm run preview -- down 42
  npm run preview -- sweep               what has expired: shown first, then taken down

Ends with
  0  done, and nothing is left; or there was nothing to do
  1  it could not go on; one sentence says why, and what cures it
  2  it only showed what it would do
  3  something is left, or was left alone, for a person to judge
  4  somebody else works on the same preview

With --json exactly one JSON document goes to standard output, all else to standard error.
`;

interface Json {
  readonly json?: boolean;
}

/** The command line. `ended` is told the exit code of the command that ran. */
export function previewProgram(ended: (code: number) => void): Command {
  const program = new Command("npm run preview --")
    .description("Preview environments: one set-up for each pull request or branch, gone without a trace afterwards.")
    .addHelpText("after", help)
    .showSuggestionAfterError();
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).option("--json", "the result as JSON");
  const run = async ({ json }: Json, work: (context: Context) => Promise<number>): Promise<void> =>
    ended(await inContext(json === true, work));
  const ofOne =
    <Options extends Json>(work: (context: Context, name: PreviewName, options: Options) => Promise<number>) =>
    (typed: string, options: Options): Promise<void> =>
      run(options, (context) => work(context, previewName(typed), options));

  // Each command loads what it needs when it runs: Pulumi's SDK and Azure's clients cost a second of every start.
  command("up <name>", "bring a preview up, or to its branch's present state; <name> is 42 or feature/mail")
    .option("--ttl <time>", "how long it lives from now: 30m, 72h, 3d; at most 30d", defaultTtl)
    .option("--owner <who>", "a person or a team to ask (default: git's user.email)")
    .option("--commit <hash>", "what is deployed (default: git's HEAD)")
    .action(
      ofOne<Json & { ttl: string; owner?: string; commit?: string }>(async (context, name, { ttl, ...whose }) => {
        const wishes = { ...whose, ttl: readTtl(ttl) };
        const { up, upText } = await import("./up");
        const report = await up(context.project, name, wishes, context.progress, context.signal);
        context.result(report, upText(report));
        return 0;
      }),
    );
  command(
    "down <name>",
    "take a preview down for good, and prove it: a receipt of what Azure and Entra still hold",
  ).action(
    ofOne(async ({ project, progress, result }, name) => {
      const { down } = await import("./down");
      const { exitCodeOf, receiptText } = await import("./receipt");
      const receipt = await down(project, name, (line) => progress.say(line));
      result(receipt, receiptText(receipt));
      return exitCodeOf(receipt);
    }),
  );
  command("list", "all previews: owner, age, expiry, health, chat address, cost a month").action((options: Json) =>
    run(options, async ({ project, result }) => {
      const { list, listText } = await import("./list");
      const rows = await list(project);
      result(rows, listText(rows, project.now()));
      return 0;
    }),
  );
  command("show <name>", "one preview with its marks, settings, secrets' ends, resources and cost").action(
    ofOne(async ({ project, result }, name) => {
      const { show, showText } = await import("./show");
      const details = await show(project, name);
      result(details, showText(details, project.now()));
      return 0;
    }),
  );
  command("sweep", "take down what has expired, and what carries our marks and belongs to no stack; shows it first")
    .option("--yes", "do it without asking; without it and without a terminal it is only shown")
    .action((options: Json & { yes?: boolean }) =>
      run(options, async ({ project, progress, result }) => {
        const { sweep, sweepExitCode, sweepText } = await import("./sweep");
        const { ask } = await import("../ask");
        const terminal = process.stdin.isTTY && process.stderr.isTTY && !options.json;
        const report = await sweep(
          project,
          async (findings) => {
            if (options.yes || !terminal) return options.yes === true;
            progress.say(sweepText({ done: false, findings, receipts: [], failures: [] }));
            return ask("Take these down?");
          },
          (line) => progress.say(line),
        );
        result(report, sweepText(report));
        return sweepExitCode(report);
      }),
    );
  command("comment [name]", "a pull request's comment on its preview: what changes, chat address, picture, cost")
    .option("--up <file>", "what up --json wrote: how long it took, or why it failed")
    .option("--down <file>", "what down --json wrote: the receipt, or why it failed")
    .option("--swept <file>", "what sweep --json wrote, instead of a name: a comment for each that it took down")
    .option("--facts", "what there is to tell of an up, as JSON; for a job that has no right to the preview")
    .option("--up-facts <file>", "what --facts wrote: of such a file nothing is believed that does not look right")
    .option("--against <ref>", "what the changes are compared with (default: origin/main, or the pull request's base)")
    .option("--post", "put it on the pull request, in place of the last one; needs GITHUB_TOKEN")
    .action((typed: string | undefined, options: Json & CommentWishes & { facts?: boolean }) =>
      run({ json: options.json || options.facts }, async ({ project, result }) => {
        const { comments, commentsText, upFacts } = await import("./comment");
        if (options.facts && typed !== undefined) {
          result(await upFacts(project, previewName(typed), options), "");
          return 0;
        }
        const reports = await comments(project, typed === undefined ? undefined : previewName(typed), options);
        result(reports, commentsText(reports));
        return 0;
      }),
    );
  return program;
}
