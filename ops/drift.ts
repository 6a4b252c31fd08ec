import { runIfMain } from "../cli/run";
import { type Command, jsonOption } from "../cli/command";

export const command = {
  typed: "npm run drift --",
  takes: "<stack>",
  describes: `
Finds what was changed by hand in Azure since the last pulumi up: refreshes the stack, then looks at what a refresh
cannot see (app settings, secrets, channels that the program never made). Names each field with its live value, and
writes the findings into the state, so that the next pulumi up puts them right. Changes nothing in Azure.`,
  options: { json: jsonOption },
  examples: ["npm run drift -- prod", "npm run --silent drift -- prod --json > drift.json"],
  ends: { done: "Azure is as it was deployed", found: "something differs", held: "somebody else works on the stack" },
} as const satisfies Command;

runIfMain(module, command, async ({ operands: [stack = ""] }, { step, result, paint }) => {
  const { driftDocument, driftOf, driftReport } = await import("./drift/drift");
  const findings = await driftOf(stack, step);
  result(driftDocument(stack, findings), driftReport(stack, findings, paint));
  return findings.length > 0 ? "found" : "done";
});
