import { minute } from "../contract/time";
import { deployerAccess } from "../infra/azure/access";
import { rotationKey } from "../infra/settings/settings";
import { ask } from "./cli/ask";
import { wholeNumber } from "../cli/arguments";
import { type Command, jsonOption } from "../cli/command";
import type { Ending } from "../cli/exit-codes";
import { runIfMain } from "../cli/run";
import { deploying } from "./pulumi/deploying";
import { projectOf } from "./pulumi/project";
import { PulumiStack } from "./pulumi/pulumi-stack";
import { locksOf, StackLocked } from "./pulumi/lock";
import { type Gap, measured } from "./rotate/gap";
import { planLines, planOf, type Step } from "./rotate/plan";
import { quietMinute } from "./rotate/quiet";
import { OpsError } from "./cli/ops-error";
import { type ComponentRotation, rotationsIn, secretsIn } from "./pulumi/stack-secrets";
import { endWarning, secretsTable } from "./pulumi/secrets-table";
import type { State } from "./pulumi/state";

export const command = {
  typed: "npm run rotate --",
  takes: "<stack>",
  describes: `
Renews the secrets of a deployed stack with proof: makes those anew that were not in use, asks Entra for three tokens in a row
with each new password, and only then has the bot use them; a new certificate the bot itself proves, which alone may sign with its
key. The ones before stay good until the next rotation. OAuth connections
with a client secret are replaced last, at a quiet minute. Shows its plan first and asks; without a terminal it only shows it,
unless --yes says to go on. A rotation that was begun and broke off is gone on with.`,
  options: {
    yes: { type: "boolean", does: "does it without asking" },
    "if-due": { type: "boolean", does: "does nothing while no secret is near its end" },
    quiet: {
      type: "string",
      value: "<minutes>",
      does: "how long to wait for a minute in which nobody writes to the bot, 0 to 1440 (15); 0 waits for none",
    },
    "policy-pack": {
      type: "string",
      value: "<folder>",
      multiple: true,
      does: "passed to pulumi up; may be given more than once",
    },
    json: jsonOption,
  },
  examples: ["npm run rotate -- prod", "npm run rotate -- prod --yes --if-due"],
  ends: {
    done: "it is done, or nothing was due",
    found: "it only showed its plan",
    left: "no minute was quiet: both passwords work, and the next run goes on",
    held: "a pulumi command works on the stack",
  },
} as const satisfies Command;

runIfMain(module, command, async ({ values, operands: [name = ""] }, { say, step: doing, result }) => {
  const minutes = wholeNumber("quiet", values.quiet ?? "15", 0, 1440);
  const project = await projectOf(process.cwd());
  // What a running command has begun looks in the state like what a killed one left.
  const locks =
    (await locksOf({ folder: process.cwd(), project, environment: process.env }, name.split("/").at(-1) ?? name)) ?? [];
  if (locks.length > 0) throw new StackLocked(name, locks);
  const stack = new PulumiStack(name, {
    fix: `What was in use still is. Correct what it says, then npm run rotate -- ${name} goes on.`,
  });
  doing("Reading the state.");
  const state = await stack.export("encrypted");
  refuseKilledRun(state.deployment, name);
  const components = rotationsIn(state);
  if (components.length === 0) {
    throw new OpsError("nothing-deployed", `The stack ${name} has no secrets yet`, deploying(name));
  }
  const plan = planOf(components);
  const due = endWarning(secretsIn(state, new Date()), name);
  const finish = <Way extends Ending>(way: Way, text: string, done: readonly string[], gaps: readonly Gap[]): Way => {
    result({ stack: name, plan, done, gaps }, text);
    return way;
  };
  if (values["if-due"] && !due && !plan.goesOn) {
    return finish("done", `${name}: no secret is near its end.`, [], []);
  }
  say(planLines(name, plan).join("\n"));
  const agreed = values.yes ?? (process.stdin.isTTY && process.stderr.isTTY && (await ask("Do this?")));
  if (!agreed) {
    return finish("found", `Nothing was done. To do it: npm run rotate -- ${name} --yes`, [], []);
  }

  const done: string[] = [];
  const gaps: Gap[] = [];
  for (const [at, step] of plan.steps.entries()) {
    if (step.replaces.length > 0 && minutes > 0 && !(await isQuiet(components, minutes, say))) {
      const text = `No minute was quiet within ${minutes} minutes. Both passwords work; npm run rotate -- ${name} goes on.`;
      return finish("left", text, done, gaps);
    }
    doing(`${at + 1}. ${step.does}: pulumi up, some minutes.`);
    const run = (): Promise<string> => stack.up({ [rotationKey]: step.asked }, values["policy-pack"] ?? []);
    const [, away] = await measured(deployerAccess(process.env), step.replaces, run);
    gaps.push(...away);
    done.push(step.does);
    say(`${at + 1}. done${awayText(step, away)}`);
  }
  doing("Reading the state again.");
  const after = secretsIn(await stack.export("encrypted"), new Date());
  const text = [`${name}: rotation ${plan.number} is done.`, ...secretsTable(after, new Date())].join("\n");
  return finish("done", text, done, gaps);
});

/** What a killed run left half made would be made a second time. */
function refuseKilledRun({ pending_operations: pending }: State["deployment"], stack: string): void {
  if (!pending || pending.length === 0) return;
  throw new OpsError(
    "killed-run",
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
  const healthUrls = components.flatMap(({ healthUrl }) => healthUrl ?? []);
  const quiet = await quietMinute(deployerAccess(process.env), healthUrls, minutes * minute);
  if (quiet === "unknown") say("The bot does not say when somebody wrote to it last; going on.");
  return quiet !== "never";
}

function awayText({ replaces }: Step, gaps: readonly Gap[]): string {
  if (replaces.length === 0) return "";
  const each = gaps.map(({ connection, seconds }) => `${connection} was away for ${seconds} s`);
  return `: ${each.join(", ")}; sign-ins that met this failed`;
}
