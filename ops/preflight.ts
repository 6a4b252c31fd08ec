import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";

export const command = {
  typed: "npm run preflight --",
  takes: "<stack>",
  describes: `
Says what environment the stack is and what follows from it, then what a deployment of it needs and whether whoever is
signed in has it: Azure roles, rights in Entra, registered resource providers. Of a project at GitHub it says as which
subject its jobs sign in, and whether their applications trust exactly that. What is missing comes with the command that
fixes it. Signs in as Pulumi's providers do (the ARM_* variables, else the Azure CLI), creates nothing, and needs neither
Pulumi's CLI nor the state.`,
  options: { json: jsonOption },
  examples: ["npm run preflight -- prod", "npm run --silent preflight -- prod --json"],
  ends: { done: "nothing is missing", found: "something is missing" },
} as const satisfies Command;

runIfMain(module, command, async ({ operands: [stack = ""] }, { say, step, result, paint }) => {
  const { stackSettings } = await import("./pulumi/stack-settings");
  const { environmentText } = await import("../infra/settings/environment");
  const settings = await stackSettings(process.cwd(), stack, process.env);
  say(environmentText(stack, settings));
  step("Asking Azure, Entra and, where its jobs deploy, GitHub.");
  const { preflight } = await import("./preflight/preflight");
  const { document, report } = await import("./preflight/finding");
  const findings = await preflight(process.cwd(), stack, process.env);
  result(document(stack, settings.environment, findings), report(stack, findings, paint));
  return findings.some(({ state }) => state === "missing") ? "found" : "done";
});
