import { parseArgs } from "node:util";
import { deployerAccess } from "../infra/azure/access";
import { rotationKey } from "../infra/settings";
import { ask } from "./ask";
import { deploying } from "./deploying";
import { projectIn } from "./project";
import { PulumiStack } from "./pulumi";
import { type Gap, measured } from "./rotate/gap";
import { planLines, planOf, type Step } from "./rotate/plan";
import { quietMinute } from "./rotate/quiet";
import { RotateError, rotateFailure } from "./rotate/rotate-error";
import { type ComponentRotation, rotationsIn, secretsIn } from "./secrets/stack-secrets";
import { endWarning, secretsTable } from "./secrets/table";

const usage = `npm run rotate -- <stack> [--yes] [--if-due] [--quiet <minutes>] [--policy-pack <folder>] [--json]

Renews the secrets of a deployed stack with proof: makes those anew that were not in use, asks Entra for three tokens in a row
with each new password, and only then has the bot use them; the ones before stay good until the next rotation. OAuth connections
with a client secret are replaced last, at a quiet minute. Shows its plan first and asks; without a terminal it only shows it,
unless --yes says to go on. A rotation that was begun and broke off is gone on with.

--if-due       does nothing while no secret is near its end
--quiet        how long to wait for a minute in which nobody writes to the bot (default 15; 0 waits for none)
--policy-pack  passed to pulumi up; may be given more than once

Ends with 0 where it is done or nothing was due, with 2 where it only showed its plan or no minute was quiet, else with 1.
`;

const options = {
  help: { type: "boolean" },
  yes: { type: "boolean" },
  json: { type: "boolean" },
  "if-due": { type: "boolean" },
  quiet: { type: "string" },
  "policy-pack": { type: "string", multiple: true },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [name] = positionals;
  const minutes = Number(values.quiet ?? 15);
  if (values.help || name === undefined || positionals.length > 1 || !(minutes >= 0 && minutes <= 1440)) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 1;
  }
  const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);
  if (!(await projectIn(process.cwd())))
    throw new RotateError("NO_PROJECT", "Here is no Pulumi.yaml", "run it again in the project's folder");
  const stack = new PulumiStack(name, rotateFailure);
  const state = await stack.export("encrypted");
  refuseKilledRun(state.deployment, name);
  const components = rotationsIn(state);
  if (components.length === 0) {
    throw new RotateError("NOTHING_DEPLOYED", `The stack ${name} has no secrets yet`, deploying(name));
  }
  const plan = planOf(components);
  const due = endWarning(secretsIn(state, new Date()), name);
  const finish = (code: number, done: readonly string[], gaps: readonly Gap[]): number => {
    if (values.json) process.stdout.write(`${JSON.stringify({ stack: name, plan, done, gaps }, null, 2)}\n`);
    return code;
  };
  if (values["if-due"] && !due && !plan.goesOn) {
    say(`${name}: no secret is near its end.`);
    return finish(0, [], []);
  }
  say(planLines(name, plan).join("\n"));
  const agreed = values.yes ?? (process.stdin.isTTY && process.stderr.isTTY && (await ask("Do this?")));
  if (!agreed) {
    say(`Nothing was done. To do it: npm run rotate -- ${name} --yes`);
    return finish(2, [], []);
  }

  const done: string[] = [];
  const gaps: Gap[] = [];
  for (const [at, step] of plan.steps.entries()) {
    if (step.replaces.length > 0 && minutes > 0 && !(await isQuiet(components, minutes, say))) {
      say(`No minute was quiet within ${minutes} minutes. Both passwords work; npm run rotate -- ${name} goes on.`);
      return finish(2, done, gaps);
    }
    const run = (): Promise<string> => stack.up({ [rotationKey]: step.asked }, values["policy-pack"] ?? []);
    const [, away] = await measured(deployerAccess(process.env), step.replaces, run);
    gaps.push(...away);
    done.push(step.does);
    say(`${at + 1}. done${awayText(step, away)}`);
  }
  const after = secretsIn(await stack.export("encrypted"), new Date());
  say([`${name}: rotation ${plan.number} is done.`, ...secretsTable(after, new Date())].join("\n"));
  return finish(0, done, gaps);
}

/** What a killed run left half made would be made a second time. */
function refuseKilledRun(deployment: object, stack: string): void {
  const { pending_operations: pending = [] } = deployment as { pending_operations?: readonly unknown[] | null };
  if (!pending || pending.length === 0) return;
  throw new RotateError(
    "KILLED_RUN",
    `A pulumi command on the stack ${stack} was killed in the middle of ${pending.length} operations`,
    `npm run recover -- ${stack}, then npm run rotate -- ${stack} goes on`,
  );
}

async function isQuiet(
  components: readonly ComponentRotation[],
  minutes: number,
  say: (text: string) => void,
): Promise<boolean> {
  say("Waiting for a quiet minute.");
  const access = deployerAccess(process.env);
  const waits = components.flatMap(({ healthUrl }) =>
    healthUrl === undefined ? [] : [quietMinute(access, healthUrl, minutes * 60_000)],
  );
  const ends = await Promise.all(waits);
  if (ends.includes("unknown")) say("The bot does not say when somebody wrote to it last; going on.");
  return !ends.includes("never");
}

function awayText({ replaces }: Step, gaps: readonly Gap[]): string {
  if (replaces.length === 0) return "";
  const each = gaps.map(({ connection, seconds }) => `${connection} was away for ${seconds} s`);
  return `: ${each.join(", ")}; sign-ins that met this failed`;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
