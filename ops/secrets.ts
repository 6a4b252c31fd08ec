import { lookAt } from "../infra/code/health";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";
import { deploying } from "./pulumi/deploying";

export const command = {
  typed: "npm run secrets --",
  takes: "<stack>",
  describes: `
Lists every secret of a deployed stack: the rotation in which it was made, its state, when it ends, and when Entra last took it
three times in a row; then what the running bot itself uses. Never shows a value. Reads the state and the bot's health page.

State: in use; kept (used before the last rotation, good until the next); spare (never used yet); new (proved, and not used yet).`,
  options: { json: jsonOption },
  examples: ["npm run secrets -- prod", "npm run --silent secrets -- prod --json"],
  ends: { done: "there is time", found: "a secret is near its end" },
} as const satisfies Command;

runIfMain(module, command, async ({ operands: [stack = ""] }, { result, step }) => {
  const [{ PulumiStack }, { OpsError }, { rotationsIn, secretsIn }, table] = await Promise.all([
    import("./pulumi/pulumi-stack"),
    import("./cli/ops-error"),
    import("./pulumi/stack-secrets"),
    import("./pulumi/secrets-table"),
  ]);
  step("Reading the state, and asking the bot what it uses.");
  const state = await new PulumiStack(stack).export("encrypted");
  const now = new Date();
  const secrets = secretsIn(state, now);
  if (secrets.length === 0) {
    throw new OpsError("nothing-deployed", `The stack ${stack} has no secrets yet`, deploying(stack));
  }
  const running = await Promise.all(
    rotationsIn(state).flatMap(({ component, healthUrl, number }) =>
      healthUrl === undefined
        ? []
        : [lookAt({ fetch }, healthUrl).then((look) => ({ component, says: table.runningText(look, number) }))],
    ),
  );
  const warning = table.endWarning(secrets, stack);
  const lines = [
    ...table.secretsTable(secrets, now),
    ...running.map(({ says }) => says),
    ...(warning ? [warning] : []),
  ];
  result({ stack, secrets, running, warning }, lines.join("\n"));
  return warning ? "found" : "done";
});
