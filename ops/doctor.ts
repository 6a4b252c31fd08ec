import { type Command, jsonOption } from "./cli/command";
import { UsageError } from "./cli/arguments";
import { runIfMain } from "./cli/run";

export const command = {
  typed: "npm run doctor --",
  takes: "[<stack>]",
  describes: `
Looks for whatever keeps people from signing in to a bot: the bot that a stack deployed, or any bot by its resource id. Reads
Azure, Entra, vault and web app as whoever deploys (ARM_* variables, else the Azure CLI), asks for the bot's own token, and
walks each connection as the Token Service does, up to the page on which a person signs in. Changes nothing. What may not be
read is said to be not checked, with the right that it takes.`,
  options: {
    bot: { type: "string", value: "<id>", does: "a bot that was not made here, by its resource id in Azure" },
    json: jsonOption,
  },
  examples: [
    "npm run doctor -- prod",
    "npm run --silent doctor -- prod --json",
    'npm run doctor -- --bot "$(az bot show --resource-group chat --name mail-bot --query id --output tsv)"',
  ],
  ends: { done: "nothing is wrong, as far as could be looked", found: "something is wrong" },
} as const satisfies Command;

runIfMain(module, command, async ({ values, operands: [stack] }, { step, result, paint }) => {
  if ((stack === undefined) === (values.bot === undefined)) {
    throw stack === undefined
      ? new UsageError("nothing-named", `${command.typed} wants a stack, or --bot <id>`)
      : new UsageError("too-many", "npm run doctor takes a stack or --bot <id>, and was given both");
  }
  const [{ deployerAccess }, { stackSettings }, doctor, report] = await Promise.all([
    import("../infra/azure/access"),
    import("./pulumi/stack-settings"),
    import("./doctor/doctor"),
    import("./doctor/report"),
  ]);
  const access = deployerAccess(process.env);
  const target =
    stack === undefined
      ? doctor.targetOfBot(values.bot!)
      : await doctor.targetOfStack(access, await stackSettings(process.cwd(), stack, process.env), stack);
  step("Reading Azure and Entra, and walking each connection up to the sign-in page.");
  const diagnosis = await doctor.diagnose(access, target);
  result(report.document(diagnosis, stack), report.reportText(diagnosis, stack, paint));
  return diagnosis.findings.length > 0 ? "found" : "done";
});
