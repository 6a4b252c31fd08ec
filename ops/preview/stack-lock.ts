import { hour } from "../../contract/time";
import { hostname } from "node:os";
import type { State } from "../pulumi/state";
import { PulumiStack } from "../pulumi/pulumi-stack";
import { standingOf } from "../pulumi/pending-operations";
import { endProcesses, findLeftovers, type Process, runningProcesses } from "../pulumi/processes";
import { type Lock, StackLocked, stillHeld } from "../pulumi/lock";
import type { PreviewStack } from "./preview-stack";
import type { PreviewProject } from "./project";

/**
 * Milliseconds after which a lock that was taken on another machine is a killed run's: that of a job which GitHub ended, say,
 * whose machine nobody can ask any more. No command on a preview lasts so long, and its workflows end after an hour.
 */
const longest = 2 * hour;

/** Throws an {@link OpsError} `stack-locked` where another command works on the stack, here or on another machine. */
export async function refuseLocked(stack: PreviewStack, state: State): Promise<void> {
  await refuseHeld(stack, await stack.locks(standingOf(state).pending.length > 0));
}

async function refuseHeld(stack: PreviewStack, locks: readonly Lock[]): Promise<void> {
  const processes = locks.length > 0 ? await runningProcesses() : [];
  const running = locks.filter((lock) => mayRun(lock, processes));
  if (running.length > 0) throw new StackLocked(stack.name.stack, running);
}

function mayRun(lock: Lock, processes: readonly Process[]): boolean {
  if (lock.host === hostname()) return stillHeld(lock, processes);
  // What cannot be read as a time is not old.
  return !(Date.now() - Date.parse(lock.at) > longest);
}

/**
 * Ends what a killed run left running, for it may still be writing, and takes its lock away. What it had half made needs
 * not be taken into the state, for whoever takes a preview down: it is found by its tags. Throws an {@link OpsError}
 * `stack-locked` where somebody has begun to work on the stack since {@link refuseLocked} looked.
 */
export async function endKilledRun(
  { folder, environment }: PreviewProject,
  stack: PreviewStack,
  say: (line: string) => void,
): Promise<void> {
  const locks = await stack.locks(false);
  if (locks.length === 0) return;
  await refuseHeld(stack, locks);
  say(`An earlier run of ${stack.name.stack} was killed; ending what it left.`);
  await endProcesses(await findLeftovers(folder), () => findLeftovers(folder));
  await new PulumiStack(stack.name.stack, { cwd: folder, env: environment }).cancel();
}
