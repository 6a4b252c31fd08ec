import { runGroup } from "../cli/run";
import { preview, previewCommands as commands } from "./preview/commands";
import { type PreviewCommand, previewCommand } from "./preview/context";
import { previewName } from "./preview/preview-name";
import { defaultTtl, readTtl } from "./preview/ttl";

// Each command loads what it needs when it runs: Pulumi's SDK and Azure's clients cost a second of every start.
const runs: Readonly<Record<keyof typeof commands, PreviewCommand>> = {
  up: previewCommand(commands.up, async ({ values, operands: [typed = ""] }, context) => {
    const { ttl = defaultTtl, owner, commit } = values;
    const name = previewName(typed);
    const wishes = {
      ...(owner !== undefined && { owner }),
      ...(commit !== undefined && { commit }),
      ttl: readTtl(ttl),
    };
    const { up, upText } = await import("./preview/up/up");
    const report = await up(context.project, name, wishes, context.progress, context.signal);
    context.result(report, upText(report));
    return "done";
  }),
  down: previewCommand(commands.down, async ({ operands: [typed = ""] }, { project, progress, result }) => {
    const name = previewName(typed);
    const { down } = await import("./preview/down/down");
    const { receiptEnding, receiptText } = await import("./preview/receipt");
    const receipt = await down(project, name, (line) => progress.say(line));
    result(receipt, receiptText(receipt));
    return receiptEnding(receipt);
  }),
  list: previewCommand(commands.list, async (_asked, { project, result, step, paint }) => {
    const { list, listEnding, listText } = await import("./preview/list");
    step("Reading each preview's state, and asking its bot.");
    const rows = await list(project);
    result(rows, listText(rows, project.now(), paint));
    return listEnding(rows);
  }),
  show: previewCommand(commands.show, async ({ operands: [typed = ""] }, { project, result, step, paint }) => {
    const name = previewName(typed);
    const { show, showText } = await import("./preview/show");
    step("Reading the preview's state, and asking its bot.");
    const details = await show(project, name);
    result(details, showText(details, project.now(), paint));
    return "done";
  }),
  sweep: previewCommand(commands.sweep, async ({ values }, { project, progress, step, json, result }) => {
    const { sweep, sweepEnding, sweepText } = await import("./preview/sweep/sweep");
    const { down } = await import("./preview/down/down");
    const { ask } = await import("./cli/ask");
    const terminal = process.stdin.isTTY && process.stderr.isTTY && !json;
    step("Looking at every preview, and at what Azure and Entra have of each that has expired.");
    const report = await sweep(
      project,
      down,
      async (findings) => {
        if (values.yes || !terminal) return values.yes === true;
        progress.say(sweepText({ done: false, findings, receipts: [], failures: [] }));
        return ask("Take these down?");
      },
      (line) => progress.say(line),
    );
    result(report, sweepText(report));
    return sweepEnding(report);
  }),
  comment: previewCommand(commands.comment, async ({ values, operands: [typed] }, { project, result, step }) => {
    const { "up-facts": upFactsFile, facts, json: _json, ...files } = values;
    const wishes = { ...files, ...(upFactsFile !== undefined && { upFacts: upFactsFile }) };
    const { comments, commentsText, upFacts } = await import("./preview/pull-request/comment");
    if (facts && typed !== undefined) {
      result(await upFacts(project, previewName(typed), wishes), "");
      return "done";
    }
    step("Comparing what the pull requests change, and asking their previews.");
    const reports = await comments(project, typed === undefined ? undefined : previewName(typed), wishes);
    result(reports, commentsText(reports));
    return "done";
  }),
};

if (require.main === module) {
  void runGroup(preview, process.argv.slice(2), (name, rest) => runs[name as keyof typeof runs](rest)).then(
    (code) => (process.exitCode = code),
  );
}
