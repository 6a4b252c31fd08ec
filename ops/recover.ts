import { parseArgs } from "node:util";
import { ask } from "./ask";
import { deploying } from "./deploying";
import { projectIn } from "./project";
import type { Plan } from "./recover/plan";
import { linesOf, Recovery } from "./recover/recovery";
import { RecoverError } from "./recover/recover-error";
import { removeTornAttributes } from "./recover/torn-attributes";

const usage = `npm run recover -- <stack> [--yes] [--json]

Cleans up after a pulumi up that was killed: ends the plugins it left running, cancels its lock, takes what it had half
made into the state or removes it, and removes what carries the marks of this stack and stands in no state. Shows its plan
first and asks; without a terminal it only shows it, unless --yes says to go on. Touches nothing that lacks the marks.

Ends with 0 where nothing is left to recover, with 2 where it only showed its plan, with 1 where it could not go on.
`;

async function projectHere(): Promise<string> {
  const name = await projectIn(process.cwd());
  if (name) return name;
  throw new RecoverError("ProjectMissing", "Here is no Pulumi project", "Run this in the folder of Pulumi.yaml.");
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean" }, yes: { type: "boolean" }, json: { type: "boolean" } },
  });
  const [name] = positionals;
  if (values.help || name === undefined || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 1;
  }
  const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);
  const list = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) say([title, ...lines.map((line) => `  - ${line}`)].join("\n"));
  };
  const finish = (code: number, plan: readonly string[], done: readonly string[], left: Plan["left"]): number => {
    list(
      "Left alone, for a person to judge:",
      left.map(({ what, why }) => `${what}: ${why}`),
    );
    if (values.json) process.stdout.write(`${JSON.stringify({ stack: name, plan, done, left }, null, 2)}\n`);
    return code;
  };

  const whose = { project: await projectHere(), stack: name.split("/").at(-1) ?? name };
  // Without this nothing could be looked at.
  await removeTornAttributes(process.env, whose.project);
  const recovery = new Recovery(whose, name);
  const shown = await recovery.look();
  const plan = linesOf(shown);
  if (plan.length === 0) {
    say(`${name}: nothing to recover.`);
    return finish(0, plan, [], shown.left);
  }
  list(`${name}: to recover, in this order:`, plan);
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  const agreed = values.yes ?? (terminal && (await ask("Do this?")));
  if (!agreed) {
    say(`Nothing was done. To do it: npm run recover -- ${name} --yes`);
    return finish(2, plan, [], shown.left);
  }
  const done = await recovery.do(shown, async (more) => {
    list("Found meanwhile:", more);
    return values.yes ?? (terminal && (await ask("Do this too?")));
  });
  list("Done:", done);
  const after = await recovery.look();
  const open = linesOf(after);
  list("Still open:", open);
  say(open.length > 0 ? `${name}: run it again.` : `${name}: recovered. Next: ${deploying(name)}`);
  return finish(open.length > 0 ? 1 : 0, plan, done, after.left);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
