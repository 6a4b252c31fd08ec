import { hostname } from "node:os";
import type { State } from "../drift/state";
import { PulumiStack } from "../pulumi";
import { standingOf } from "../recover/half-made";
import { endProcesses, findLeftovers, runningProcesses } from "../recover/leftover-processes";
import { stillHeld } from "../recover/lock";
import { lockedError, previewFailure } from "./preview-failure";
import type { PreviewProject, PreviewStack } from "./preview-stack";

/** Throws a {@link PreviewError} `Locked` where another command works on the stack, here or on another machine. */
export async function refuseHeld(stack: PreviewStack, state: State): Promise<void> {
  const locks = await stack.locks(standingOf(state).pending.length > 0);
  const running = locks.length > 0 ? await runningProcesses() : [];
  const held = locks.filter((lock) => lock.host !== hostname() || stillHeld(lock, running));
  if (held.length > 0) throw lockedError(stack.name.stack, held);
}

/**
 * Ends what a killed run left running, for it may still be writing, and takes its lock away. What it had half made needs
 * not be taken into the state, for whoever takes a preview down: it is found by its marks.
 */
export async function endKilledRun(
  { folder, environment }: PreviewProject,
  stack: PreviewStack,
  say: (line: string) => void,
): Promise<void> {
  if ((await stack.locks(false)).length === 0) return;
  say(`An earlier run of ${stack.name.stack} was killed; ending what it left.`);
  await endProcesses(await findLeftovers(folder), () => findLeftovers(folder));
  await new PulumiStack(stack.name.stack, previewFailure, { cwd: folder, env: environment }).cancel();
}
