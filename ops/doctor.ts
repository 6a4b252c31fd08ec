import { minute } from "../contract/time";
import { type Command, jsonOption } from "../cli/command";
import { UsageError, wholeNumber } from "../cli/arguments";
import { runIfMain } from "../cli/run";
import type { Person } from "./doctor/sign-in";

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
    "sign-in": {
      type: "boolean",
      does: "has you sign in for real, in a conversation with the bot, and shows what it says then",
    },
    say: {
      type: "string",
      value: "<text>",
      does: "what --sign-in writes to the bot (mail, or what the stack's connection is for)",
    },
    minutes: { type: "string", value: "<n>", does: "how long --sign-in waits for you (default 5)" },
    json: jsonOption,
  },
  examples: [
    "npm run doctor -- prod",
    "npm run doctor -- prod --sign-in",
    "npm run --silent doctor -- prod --json",
    'npm run doctor -- --bot "$(az bot show --resource-group chat --name mail-bot --query id --output tsv)"',
  ],
  ends: { done: "nothing is wrong, as far as could be looked", found: "something is wrong" },
} as const satisfies Command;

runIfMain(module, command, async ({ values, operands: [stack] }, { say, step, result, paint }) => {
  if ((stack === undefined) === (values.bot === undefined)) {
    throw stack === undefined
      ? new UsageError("nothing-named", `${command.typed} wants a stack, or --bot <id>`)
      : new UsageError("too-many", "npm run doctor takes a stack or --bot <id>, and was given both");
  }
  const minutes = wholeNumber("minutes", values.minutes ?? "5", 1, 60);
  const [{ deployerAccess }, { stackSettings }, doctor, report] = await Promise.all([
    import("../infra/azure/access"),
    import("./pulumi/stack-settings"),
    import("./doctor/doctor"),
    import("./doctor/report"),
  ]);
  const access = deployerAccess(process.env);
  step("Looking for the bot.");
  const target =
    stack === undefined
      ? doctor.targetOfBot(values.bot!)
      : await doctor.targetOfStack(access, await stackSettings(process.cwd(), stack, process.env), stack);
  step("Reading Azure and Entra, and walking each connection up to the sign-in page.");
  const person = values["sign-in"] ? await personHere(say) : undefined;
  const asked = person && { say: values.say, within: minutes * minute, person };
  const diagnosis = await doctor.diagnose(access, target, asked).finally(() => person?.close());
  result(report.document(diagnosis, stack), report.reportText(diagnosis, stack, paint));
  return diagnosis.findings.length > 0 ? "found" : "done";
});

/** Whoever sits at this terminal: is shown the address, in the browser too, and types the code of the page. */
async function personHere(say: (text: string) => void): Promise<Person & { close(): void }> {
  const [{ createInterface }, { openInBrowser }, { pageAddress }] = await Promise.all([
    import("node:readline"),
    import("./cli/open-in-browser"),
    import("../cli/page-address"),
  ]);
  const lines: string[] = [];
  const terminal = createInterface({ input: process.stdin }).on("line", (line) => void lines.push(line.trim()));
  return {
    shown(address) {
      const here = pageAddress(address);
      say(`Sign in at ${here}\nIf the page shows a code of six digits, type it here.`);
      openInBrowser(here);
    },
    told: say,
    typed: () => lines.shift(),
    close: () => terminal.close(),
  };
}
