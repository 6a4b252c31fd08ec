import { parseArgs } from "node:util";
import { lookAt } from "../infra/code/health";
import { deploying } from "./deploying";
import { PulumiStack } from "./pulumi";
import { RotateError, rotateFailure } from "./rotate/rotate-error";
import { rotationsIn, secretsIn } from "./secrets/stack-secrets";
import { endWarning, runningText, secretsTable } from "./secrets/table";

const usage = `npm run secrets -- <stack> [--json]

Lists every secret of a deployed stack: the rotation in which it was made, its state, when it ends, and when Entra last took it
three times in a row; then what the running bot itself uses. Never shows a value. Reads the state and the bot's health page.

State: in use; kept (used before the last rotation, good until the next); spare (never used yet); new (proved, and not used yet).

Ends with 0 where there is time, with 2 where a secret is near its end, with 1 where it could not find out.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean" }, json: { type: "boolean" } },
  });
  const [stack] = positionals;
  if (values.help || stack === undefined || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 1;
  }
  const state = await new PulumiStack(stack, rotateFailure).export("encrypted");
  const now = new Date();
  const secrets = secretsIn(state, now);
  if (secrets.length === 0) {
    throw new RotateError("NOTHING_DEPLOYED", `The stack ${stack} has no secrets yet`, deploying(stack));
  }
  const running = await Promise.all(
    rotationsIn(state).flatMap(({ component, healthUrl, number }) =>
      healthUrl === undefined
        ? []
        : [lookAt({ fetch }, healthUrl).then((look) => ({ component, says: runningText(look, number) }))],
    ),
  );
  const warning = endWarning(secrets, stack);
  if (values.json) process.stdout.write(`${JSON.stringify({ stack, secrets, running, warning }, null, 2)}\n`);
  else {
    const lines = [...secretsTable(secrets, now), ...running.map(({ says }) => says), ...(warning ? [warning] : [])];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  return warning ? 2 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
