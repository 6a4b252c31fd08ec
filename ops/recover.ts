import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import type { Marked } from "../infra/decisions/marks";
import { deployerCredential } from "../infra/providers/deployer-credential";
import { AzureSide } from "./recover/azure";
import { asWritten, standingOf, takenIn } from "./recover/half-made";
import { endProcesses, findLeftovers, type Leftover, runningProcesses } from "./recover/leftover-processes";
import { fileLocks, type Lock, locksIn, sentenceOfLock, stillHeld } from "./recover/lock";
import { type Plan, planFor, sentenceOf } from "./recover/plan";
import { recoverFailure, StackLocked } from "./recover/pulumi-failure";
import { RecoverError } from "./recover/recover-error";
import { PulumiStack } from "./pulumi";

const usage = `npm run recover -- <stack> [--yes] [--json]

Cleans up after a pulumi up that was killed: ends the plugins it left running, cancels its lock, takes what it had half
made into the state or removes it, and removes what carries the marks of this stack and stands in no state. Shows its plan
first and asks; without a terminal it only shows it, unless --yes says to go on. Touches nothing that lacks the marks.

Ends with 0 where nothing is left to recover, with 2 where it only showed its plan, with 1 where it could not go on.
`;

/** All that there is to do, before anything is done. */
interface Situation extends Plan {
  readonly azure: AzureSide;
  readonly processes: readonly Leftover[];
  readonly locks: readonly Lock[];
}

class Recovery {
  readonly #stack: PulumiStack;
  readonly #folder = process.cwd();

  constructor(
    private readonly whose: Marked,
    name: string,
  ) {
    this.#stack = new PulumiStack(name, recoverFailure);
  }

  /** Looks at the state, at this machine and at Azure, and changes nothing. */
  async look(): Promise<Situation> {
    const standing = standingOf(await this.#stack.export("encrypted"));
    const processes = await findLeftovers(this.#folder);
    const locks = await fileLocks(process.env.PULUMI_BACKEND_URL, this.whose.project, this.whose.stack);
    await refuseRunning(locks);
    const subscription = subscriptionOf(standing.resources.map(({ id }) => id));
    const azure = new AzureSide(deployerCredential(process.env), subscription);
    const found = await azure.find(this.whose, standing);
    return { azure, processes, locks, ...planFor(this.whose, standing, found, subscription) };
  }

  /**
   * Ends the processes first, for they may still be writing; then looks again, because of what they wrote meanwhile.
   * @param allowed asks for what was not in the plan that was shown
   */
  async do(shown: Situation, allowed: (lines: readonly string[]) => Promise<boolean>): Promise<readonly string[]> {
    // Everything that writes the state opens its secrets: without the passphrase nothing is begun.
    await this.#stack.export("shown");
    const still = await endProcesses(shown.processes, () => findLeftovers(this.#folder));
    const done = shown.processes.filter(({ pid }) => !still.some((one) => one.pid === pid)).map(sentenceOfProcess);
    if (shown.locks.length > 0) {
      await this.#stack.cancel();
      done.push(...shown.locks.map(sentenceOfLock));
    }
    const now = await this.look();
    const before = new Set(shown.steps.map(sentenceOf));
    const more = now.steps.map(sentenceOf).filter((line) => !before.has(line));
    if (more.length > 0 && !(await allowed(more))) return done;
    const { azure } = now;
    const settled = await Promise.all(
      now.steps.map((step) => (step.kind === "import" && step.arm ? azure.settle(step.arm) : undefined)),
    );
    // What settled as failed is to be removed instead of taken in.
    const { steps } = settled.every((state) => state === undefined || state === "Succeeded") ? now : await this.look();
    for (const step of steps) {
      await azure.remove(step);
      if (step.kind !== "import" && step.kind !== "clear") done.push(sentenceOf(step));
    }
    const state = await this.#stack.export("encrypted");
    const standing = standingOf(state);
    if (standing.pending.length > 0) {
      const imports = steps.flatMap((step) => (step.kind === "import" ? [step] : []));
      await this.#unlocked(() => this.#stack.import(takenIn(state, imports)), allowed);
      await this.#stack.refresh();
      const urns = imports.flatMap(({ urn, arm }) => (arm ? [urn] : []));
      if (urns.length > 0) await this.#stack.import(asWritten(await this.#stack.export("encrypted"), standing, urns));
      done.push(...steps.filter(({ kind }) => kind === "import" || kind === "clear").map(sentenceOf));
    }
    return done;
  }

  /** Does what needs the lock. A backend of blobs tells of somebody else's only now. */
  async #unlocked(act: () => Promise<void>, allowed: (lines: readonly string[]) => Promise<boolean>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof StackLocked)) throw error;
      const locks = locksIn(error.message);
      await refuseRunning(locks);
      if (!(await allowed(locks.length > 0 ? locks.map(sentenceOfLock) : ["cancel the lock"]))) throw error;
      await this.#stack.cancel();
      await act();
    }
  }
}

async function refuseRunning(locks: readonly Lock[]): Promise<void> {
  const processes = await runningProcesses();
  const held = locks.find((lock) => stillHeld(lock, processes));
  if (!held) return;
  const cure = "Wait for it, or end it with Ctrl-C in its terminal.";
  throw new RecoverError("StillRunning", `pulumi still runs here (pid ${held.pid}) and holds the stack`, cure);
}

/** The subscription that deployments go to, or that the state's resources are in. */
function subscriptionOf(ids: readonly (string | undefined)[]): string {
  const named = process.env.ARM_SUBSCRIPTION_ID ?? process.env.AZURE_SUBSCRIPTION_ID;
  const inState = ids.map((id) => /^\/subscriptions\/([^/]+)/.exec(id ?? "")?.[1]).find(Boolean);
  const subscription = inState ?? named;
  if (subscription) return subscription;
  throw new RecoverError("SubscriptionUnknown", "No subscription is named", "Set ARM_SUBSCRIPTION_ID.");
}

function sentenceOfProcess({ pid, name }: Leftover): string {
  return `end the process ${name} (pid ${pid})`;
}

function linesOf({ processes, locks, steps }: Situation): string[] {
  return [...processes.map(sentenceOfProcess), ...locks.map(sentenceOfLock), ...steps.map(sentenceOf)];
}

async function projectHere(): Promise<string> {
  const text = await readFile("Pulumi.yaml", "utf8").catch(() => "");
  const name = text ? (parse(text) as { name?: string }).name : undefined;
  if (name) return name;
  throw new RecoverError("ProjectMissing", "Here is no Pulumi project", "Run this in the folder of Pulumi.yaml.");
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
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
  say(open.length > 0 ? `${name}: run it again.` : `${name}: recovered. Next: pulumi up --stack ${name}`);
  return finish(open.length > 0 ? 1 : 0, plan, done, after.left);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
