import { readdir } from "node:fs/promises";
import { noticeDays } from "../infra/deployment/ends-ahead";
import { wholeNumber } from "../cli/arguments";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";

export const command = {
  typed: "npm run ends --",
  takes: "[<stack>...]",
  describes: `
Lists what of all that the stacks use ends on an announced day: api-versions, runtimes of App Service, parts of the Bot
Framework, TLS. Says what breaks, what to do and where it is announced. Without a stack it looks at every Pulumi.<stack>.yaml
in this folder. Asks nobody and changes nothing; when the secrets end, the output secretsExpire says.`,
  options: {
    within: { type: "string", value: "<days>", does: `how far ahead counts as near (default ${noticeDays})` },
    json: jsonOption,
  },
  examples: ["npm run ends", "npm run ends -- prod --within 365"],
  ends: { done: "nothing ends within those days", found: "something does, or has ended" },
} as const satisfies Command;

runIfMain(module, command, async ({ values, operands }, { result, paint }) => {
  const within = wholeNumber("within", values.within ?? String(noticeDays), 0, 36_500);
  const { endsOfStacks, table } = await import("./ends/stacks");
  const stacks = operands.length > 0 ? operands : await stacksIn(process.cwd());
  const found = await endsOfStacks(process.cwd(), stacks, new Date());
  result(found, table(found, within, paint));
  return found.some(({ daysLeft }) => daysLeft < within) ? "found" : "done";
});

/** Stacks that have a file here; what all previews share is none. */
async function stacksIn(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.flatMap((file) => /^Pulumi\.(?!preview\.)(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}
