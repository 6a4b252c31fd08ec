import type { Command } from "./cli/command";
import { runIfMain } from "./cli/run";

export const command = {
  typed: "npm run logs --",
  takes: "<stack>",
  describes: `
Follows the console of a deployed stack's web app, until Ctrl-C: what the bot writes from now on. What it wrote before is in
the stack's Log Analytics workspace. Reads Azure as whoever deploys (ARM_* variables, else the Azure CLI), and changes
nothing.`,
  options: {},
  examples: ["npm run logs -- prod", "npm run --silent logs -- prod | grep error"],
  ends: { done: "it was ended by Ctrl-C" },
} as const satisfies Command;

/** Milliseconds after which somebody who sees nothing is told what may be off. */
const silent = 15_000;

runIfMain(module, command, async ({ operands: [stack = ""] }) => {
  const [{ deployerAccess }, { stackSettings }, { followConsole, webAppOfStack }] = await Promise.all([
    import("../infra/azure/access"),
    import("./pulumi/stack-settings"),
    import("./logs/console"),
  ]);
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
  const access = deployerAccess(process.env);
  const app = await webAppOfStack(access, await stackSettings(process.cwd(), stack, process.env), stack);
  process.stderr.write(`Following ${app.webAppName}; Ctrl-C ends it.\n`);
  // https://learn.microsoft.com/azure/app-service/troubleshoot-diagnostic-logs
  const hint = setTimeout(() => {
    const { webAppName, resourceGroupName } = app;
    const on = `az webapp log config --name ${webAppName} --resource-group ${resourceGroupName} --docker-container-logging filesystem`;
    process.stderr.write(`Nothing was written yet. If that stays so while people write to the bot: ${on}\n`);
  }, silent);
  const hear = (text: string): void => {
    // The first words are App Service's own.
    if (!/connected to log-streaming service/.test(text)) clearTimeout(hint);
    process.stdout.write(text);
  };
  await followConsole(access, app, hear, ending.signal).finally(() => clearTimeout(hint));
  return "done";
});
