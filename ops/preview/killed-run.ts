import { hostname } from "node:os";
import { standingOf } from "../recover/half-made";
import { runningProcesses } from "../recover/leftover-processes";
import { stillHeld } from "../recover/lock";
import { RecoverError } from "../recover/recover-error";
import { Recovery } from "../recover/recovery";
import { lockedError } from "./preview-failure";
import type { PreviewProject, PreviewStack } from "./preview-stack";

/**
 * Puts right what a killed run of this preview left, if one did; gives what was done. A lock whose owner may still live,
 * here or on another machine, is never taken away: throws a {@link PreviewError} `Locked` that names the owner.
 */
export async function recoverKilledRun(
  project: PreviewProject,
  stack: PreviewStack,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const { stack: name } = stack.name;
  const half = standingOf(await stack.state()).pending.length > 0;
  const locks = await stack.locks(half);
  const running = locks.length > 0 ? await runningProcesses() : [];
  const held = locks.filter((lock) => lock.host !== hostname() || stillHeld(lock, running));
  if (held.length > 0) throw lockedError(name, held);
  if (locks.length === 0 && !half) return [];
  say(`An earlier run of ${name} was killed; putting right what it left.`);
  const recovery = new Recovery({ project: project.project, stack: name }, name);
  try {
    const done = await recovery.do(await recovery.look(), () => Promise.resolve(true));
    done.forEach((line) => say(`  ${line}`));
    return done;
  } catch (error) {
    if (error instanceof RecoverError && error.code === "StillRunning")
      throw lockedError(name, [...(await stack.locks(half))]);
    throw error;
  }
}
