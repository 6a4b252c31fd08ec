import { ask } from "./cli/ask";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";
import { deploying } from "./pulumi/deploying";
import { projectOf } from "./pulumi/project";
import type { Plan } from "./recovery/plan";

export const command = {
  typed: "npm run recover --",
  takes: "<stack>",
  describes: `
Cleans up after a pulumi up that was killed: ends the plugins it left running, cancels its lock, takes what it had half
made into the state or removes it, and removes what carries the tags of this stack and stands in no state. Shows its plan
first and asks; without a terminal it only shows it, unless --yes says to go on. Touches nothing that lacks the tags.`,
  options: {
    yes: { type: "boolean", does: "does it without asking" },
    json: jsonOption,
  },
  examples: ["npm run recover -- prod", "npm run --silent recover -- prod --yes --json"],
  ends: {
    done: "nothing is left to recover",
    found: "it only showed its plan",
    left: "something is still open: run it again",
    held: "the pulumi that holds the stack still runs",
  },
} as const satisfies Command;

runIfMain(module, command, async ({ values, operands: [name = ""] }, { say, step, result, paint }) => {
  const { linesOf, Recovery } = await import("./recovery/recovery");
  const { removeTornAttributes } = await import("./pulumi/torn-attributes");
  const list = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) say([paint("strong", title), ...lines.map((line) => `  - ${line}`)].join("\n"));
  };
  const finish = (plan: readonly string[], done: readonly string[], left: Plan["left"], text: string): void => {
    list(
      "Left alone, for a person to judge:",
      left.map(({ what, why }) => `${what}: ${why}`),
    );
    if (values.json) say(text);
    result({ stack: name, plan, done, left }, text);
  };

  const deployment = { project: await projectOf(process.cwd()), stack: name.split("/").at(-1) ?? name };
  // Without this nothing could be looked at.
  await removeTornAttributes({ folder: process.cwd(), project: deployment.project, environment: process.env });
  const recovery = new Recovery(deployment, name);
  step("Looking at the state, at this machine and at Azure.");
  const shown = await recovery.look();
  const plan = linesOf(shown);
  if (plan.length === 0) {
    finish(plan, [], shown.left, paint("good", `${name}: nothing to recover.`));
    return "done";
  }
  list(`${name}: to recover, in this order:`, plan);
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  const agreed = values.yes ?? (terminal && (await ask("Do this?")));
  if (!agreed) {
    finish(plan, [], shown.left, `Nothing was done. To do it: npm run recover -- ${name} --yes`);
    return "found";
  }
  step("Recovering.");
  const done = await recovery.do(shown, async (more) => {
    list("Found meanwhile:", more);
    return values.yes ?? (terminal && (await ask("Do this too?")));
  });
  list("Done:", done);
  step("Looking again.");
  const after = await recovery.look();
  const open = linesOf(after);
  list("Still open:", open);
  const next = open.length > 0 ? `${name}: run it again.` : `${name}: recovered. Next: ${deploying(name)}`;
  finish(plan, done, after.left, next);
  return open.length > 0 ? "left" : "done";
});
