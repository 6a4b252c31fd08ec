import { UsageError } from "../cli/arguments";
import { type Command, jsonOption } from "../cli/command";
import { shellWord } from "../cli/shell-word";
import { runIfMain, type Terminal } from "../cli/run";
import { day, hour, minute, second } from "../contract/time";
import type { Access } from "../infra/azure/access";
import type { WebAppAddress } from "../infra/code/web-app";

export const command = {
  typed: "npm run logs --",
  takes: "<stack>",
  describes: `
Follows the console of a deployed stack's web app, until Ctrl-C: what the bot writes from now on. With --since it gives what
the bot wrote before, from the stack's Log Analytics workspace, and ends; the last minutes may not be there yet. Reads Azure
as whoever deploys (ARM_* variables, else the Azure CLI), and changes nothing.`,
  options: {
    since: { type: "string", value: "<time>", does: "what it wrote since then, from the workspace: 30m, 6h, 2d" },
    json: { ...jsonOption, does: `with --since: ${jsonOption.does}` },
  },
  examples: [
    "npm run logs -- prod",
    "npm run --silent logs -- prod | grep error",
    "npm run logs -- prod --since 1h",
    "npm run --silent logs -- prod --since 2d --json",
  ],
  ends: { done: "it was ended by Ctrl-C, or gave what the workspace has" },
} as const satisfies Command;

const units: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day };

/** Milliseconds after which somebody who sees nothing is told what may be off. */
const silent = 15_000;

runIfMain(module, command, async ({ values, operands: [stack = ""] }, terminal) => {
  const since = values.since === undefined ? undefined : secondsOf(values.since);
  if (terminal.json && since === undefined) {
    throw new UsageError("wrong-value", "--json gives one document, and what is followed has no end: add --since 1h");
  }
  const [{ deployerAccess }, { stackSettings }, { webAppOfStack }] = await Promise.all([
    import("../infra/azure/access"),
    import("./pulumi/stack-settings"),
    import("./logs/console"),
  ]);
  const ending = new AbortController();
  if (since === undefined)
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
  const access = deployerAccess(process.env);
  terminal.step("Looking for the stack's web app.");
  const app = await webAppOfStack(access, await stackSettings(process.cwd(), stack, process.env), stack);
  if (since === undefined) await follow(access, app, ending);
  else await tell(access, app, stack, since, terminal);
  return "done";
});

/** Seconds of `90s`, `30m`, `6h` or `2d`. Throws a UsageError where it is none. */
function secondsOf(text: string): number {
  const [, amount, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = (Number(amount) * (units[unit] ?? Number.NaN)) / second;
  if (seconds > 0) return seconds;
  throw new UsageError("wrong-value", `--since is "${text}". Allowed: a number of s, m, h or d, for example 30m`);
}

async function tell(
  access: Access,
  app: WebAppAddress,
  stack: string,
  since: number,
  { json, result, step }: Terminal,
): Promise<void> {
  const { consoleLines } = await import("./logs/workspace");
  step("Asking the log workspace.");
  const { workspace, lines, partly } = await consoleLines(access, app, stack, since);
  const from = workspace.split("/").at(-1);
  if (partly !== undefined) process.stderr.write(`These are not all of them, ask for less by --since: ${partly}\n`);
  if (lines.length === 0) {
    process.stderr.write(
      `${from} has nothing that ${app.webAppName} wrote in that time; the last minutes may be missing.\n`,
    );
  }
  if (lines.length === 0 && !json) return;
  result(
    { stack, webApp: app.webAppName, workspace, whole: partly === undefined, lines },
    lines.map(({ time, text }) => `${time} ${text}`).join("\n"),
  );
}

async function follow(access: Access, app: WebAppAddress, ending: AbortController): Promise<void> {
  const { followConsole } = await import("./logs/console");
  // There is nothing else to do where nobody reads any more.
  process.stdout.once("error", () => ending.abort());
  process.stderr.write(`Following ${app.webAppName}; Ctrl-C ends it.\n`);
  // https://learn.microsoft.com/azure/app-service/troubleshoot-diagnostic-logs
  const hint = setTimeout(() => {
    const { webAppName, resourceGroupName } = app;
    const on = `az webapp log config --name ${webAppName} --resource-group ${shellWord(resourceGroupName)} --docker-container-logging filesystem`;
    process.stderr.write(`Nothing was written yet. If that stays so while people write to the bot: ${on}\n`);
  }, silent);
  const hear = (text: string): void => {
    // The first words are App Service's own.
    if (!/connected to log-streaming service/.test(text)) clearTimeout(hint);
    process.stdout.write(text);
  };
  await followConsole(access, app, hear, ending.signal).finally(() => clearTimeout(hint));
}
