import type { Deployment } from "../../infra/deployment/tags";
import { deployerAccess } from "../../infra/azure/access";
import { isMoved } from "../pulumi/moved-types";
import { PulumiStack } from "../pulumi/pulumi-stack";
import { subscriptionOf } from "../pulumi/subscription";
import { AzureSide } from "./azure";
import { asWritten, standingOf, takenIn, unsureOf } from "../pulumi/pending-operations";
import { endProcesses, findLeftovers, type Leftover, runningProcesses } from "../pulumi/processes";
import { locksOf, type Lock, sentenceOfLock, StackLocked, stillHeld, takenSince } from "../pulumi/lock";
import { type Plan, planFor, sentenceOf } from "./plan";
import { OpsError } from "../cli/ops-error";

/** All that there is to do, before anything is done. */
export interface Situation extends Plan {
  readonly azure: AzureSide;
  readonly processes: readonly Leftover[];
  readonly locks: readonly Lock[];
}

/** Brings a stack back after a run that was killed, in the project folder that this process runs in. */
export class Recovery {
  readonly #stack: PulumiStack;
  readonly #folder = process.cwd();

  constructor(
    private readonly deployment: Deployment,
    name: string,
  ) {
    this.#stack = new PulumiStack(name, { fix: "Nothing more was done." });
  }

  /** Looks at the state, at this machine and at Azure, and changes nothing. */
  async look(): Promise<Situation> {
    const standing = standingOf(await this.#stack.export("encrypted"));
    const processes = await findLeftovers(this.#folder);
    const locks = await this.#locks();
    await refuseRunning(locks);
    const subscription = subscriptionOf(standing.resources, process.env);
    const azure = new AzureSide(deployerAccess(), subscription);
    const found = await azure.find(this.deployment, standing);
    return { azure, processes, locks, ...planFor(this.deployment, standing, found, subscription) };
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
      await this.#cancel(shown.locks);
      done.push(...shown.locks.map(sentenceOfLock));
    }
    const now = await this.look();
    const before = new Set(shown.steps.map(sentenceOf));
    const more = now.steps.map(sentenceOf).filter((line) => !before.has(line));
    if (more.length > 0 && !(await allowed(more))) return done;
    const { azure } = now;
    const settled = await Promise.all(
      now.steps.map((step) => (step.action === "import" && step.arm ? azure.settle(step.arm) : undefined)),
    );
    // What settled as failed is to be removed instead of taken in.
    const { steps } = settled.every((state) => state === undefined || state === "Succeeded") ? now : await this.look();
    for (const step of steps) {
      await azure.remove(step);
      if (step.action !== "import" && step.action !== "clear") done.push(sentenceOf(step));
    }
    const state = await this.#stack.export("encrypted");
    const standing = standingOf(state);
    if (standing.pending.length > 0) {
      const imports = steps.flatMap((step) => (step.action === "import" ? [step] : []));
      await this.#unlocked(() => this.#stack.import(takenIn(state, imports)), allowed);
      const unsure = unsureOf(standing, imports);
      if (unsure.length > 0) await this.#stack.refresh(...refreshOf(unsure));
      const urns = imports.flatMap(({ urn, arm }) => (arm ? [urn] : []));
      if (urns.length > 0) await this.#stack.import(asWritten(await this.#stack.export("encrypted"), standing, urns));
      done.push(...steps.filter(({ action }) => action === "import" || action === "clear").map(sentenceOf));
    }
    return done;
  }

  /** Does what needs the lock. A backend of blobs tells of somebody else's only now. */
  async #unlocked(act: () => Promise<void>, allowed: (lines: readonly string[]) => Promise<boolean>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof StackLocked)) throw error;
      const { locks } = error;
      await refuseRunning(locks);
      if (!(await allowed(locks.length > 0 ? locks.map(sentenceOfLock) : ["cancel the lock"]))) throw error;
      await this.#cancel(locks);
      await act();
    }
  }

  /** Cancels the locks that were shown. Pulumi cancels whatever there is, and somebody may have begun since they were. */
  async #cancel(shown: readonly Lock[]): Promise<void> {
    const others = takenSince(shown, await this.#locks());
    if (others.length > 0) throw new StackLocked(this.deployment.stack, others);
    await this.#stack.cancel();
  }

  /** Those that the backend shows. */
  async #locks(): Promise<Lock[]> {
    const { project, stack } = this.deployment;
    return (await locksOf({ folder: this.#folder, project, environment: process.env }, stack)) ?? [];
  }
}

/**
 * What is refreshed of what nobody is sure of, and how. What an older version of the program made is asked for by an api-version that
 * ends, unless the program is run, and then it has other names: so all of the stack is.
 */
export function refreshOf(urns: readonly string[]): Parameters<PulumiStack["refresh"]> {
  return urns.some(isMoved) ? [[], ["--run-program"]] : [urns];
}

async function refuseRunning(locks: readonly Lock[]): Promise<void> {
  const processes = await runningProcesses();
  const running = locks.find((lock) => stillHeld(lock, processes));
  if (!running) return;
  const fix = "Wait for it, or end it with Ctrl-C in its terminal.";
  throw new OpsError("still-running", `pulumi still runs here (pid ${running.pid}) and holds the stack`, fix, "held");
}

function sentenceOfProcess({ pid, name }: Leftover): string {
  return `end the process ${name} (pid ${pid})`;
}

/** What is to be done, as people read it. */
export function linesOf({ processes, locks, steps }: Situation): string[] {
  return [...processes.map(sentenceOfProcess), ...locks.map(sentenceOfLock), ...steps.map(sentenceOf)];
}
