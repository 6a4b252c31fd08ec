import { standingOf } from "../../pulumi/pending-operations";
import { OpsError } from "../../cli/ops-error";
import { Recovery } from "../../recovery/recovery";
import { refuseLocked } from "../stack-lock";
import { StackLocked } from "../../pulumi/lock";
import type { PreviewStack } from "../preview-stack";
import type { PreviewProject } from "../project";

/**
 * Puts right what a killed run of this preview left, if one did; gives what was done. A lock whose owner may still live,
 * here or on another machine, is never taken away: throws an {@link OpsError} `stack-locked` that names the owner.
 */
export async function recoverKilledRun(
  project: PreviewProject,
  stack: PreviewStack,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const { stack: name } = stack.name;
  const state = await stack.state();
  await refuseLocked(stack, state);
  const half = standingOf(state).pending.length > 0;
  if (!half && (await stack.locks(false)).length === 0) return [];
  say(`An earlier run of ${name} was killed; putting right what it left.`);
  const recovery = new Recovery({ project: project.project, stack: name }, name);
  try {
    const done = await recovery.do(await recovery.look(), () => Promise.resolve(true));
    done.forEach((line) => say(`  ${line}`));
    return done;
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "still-running") throw error;
    throw new StackLocked(name, await stack.locks(half));
  }
}
