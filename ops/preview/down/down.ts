import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { deployerAccess } from "../../../infra/azure/access";
import type { State } from "../../pulumi/state";
import { AzureCalls } from "../../azure/azure-calls";
import { refuseOthers, refuseUnseen } from "../others-resources";
import { endKilledRun, refuseLocked } from "../stack-lock";
import { OpsError } from "../../cli/ops-error";
import { StateCopies } from "../../pulumi/state-copies";
import type { PreviewName } from "../preview-name";
import { subscriptionOf } from "../../pulumi/subscription";
import { protectedIn } from "../state";
import { PreviewStack } from "../preview-stack";
import type { PreviewProject } from "../project";
import { type Receipt, receiptOf } from "../receipt";
import { Removal } from "./removal";
import { StackRemoval } from "./stack-removal";
import { Inventory } from "../../azure/inventory";
import { type Found, livingKinds } from "../../azure/inventory/found";
import { untilGone } from "./until-gone";

/**
 * Takes a preview down for good, and draws up the receipt by what Azure, Entra and the backend tell afterwards, whatever
 * was answered on the way. Works on a whole preview, on one half made or half taken down, on one whose state is lost, and
 * on none at all. Throws an {@link OpsError}: nothing was deleted where it is `protected`, `others-resource`, `stack-locked`
 * or `sign-in-refused`.
 * @param say takes a line about how far it is
 */
export async function down(project: PreviewProject, name: PreviewName, say: (line: string) => void): Promise<Receipt> {
  const began = performance.now();
  const file = join(project.folder, `Pulumi.${name.stack}.yaml`);
  const fileBefore = await countOf(file);
  const stack = await PreviewStack.find(project, name);
  const state = await stack?.state();
  refuseProtected(name, state);
  if (stack && state) await refuseLocked(stack, state);
  const copies = await StateCopies.of(project, name.stack);

  const calls = new AzureCalls(deployerAccess(project.environment));
  const deployment = { project: project.project, stack: name.stack };
  const subscription = subscriptionOf(state?.deployment.resources ?? [], project.environment);
  const inventory = new Inventory(calls, `/subscriptions/${subscription}`, deployment, state);
  const removal = new Removal(calls, inventory, state);
  say("Asking Azure and Entra what there is.");
  const before = await inventory.ask();
  refuseUnseen(before);
  refuseOthers(name.title, deployment, removal.others(before));
  if (stack) await endKilledRun(project, stack, say);

  const pulumi = new StackRemoval(stack, state, say);
  const after = !stack && isNothing(before) ? before : await remove(inventory, removal, pulumi, before, say);
  await pulumi.remove(after.items.some((item) => livingKinds.includes(item.kind) || removal.goesAlone(item)));
  const left = stack && (await PreviewStack.find(project, name)) ? 1 : 0;
  if (left === 0) await rm(file, { force: true });
  // A stack that stays keeps its copies.
  const copiesAfter = left === 0 ? await copies?.remove() : { left: copies?.before ?? 0 };
  return receiptOf({
    name: stack?.name ?? name,
    before,
    after,
    stack: { before: stack ? 1 : 0, left, why: pulumi.why },
    file: { before: fileBefore, left: await countOf(file) },
    copies: copies && { before: copies.before, left: 0, ...copiesAfter },
    notChecked: StateCopies.notChecked(copies),
    reasons: removal.reasons,
    now: project.now(),
    milliseconds: performance.now() - began,
    calls: calls.count,
  });
}

/** Removes what was found, in the order that leaves the least behind, and gives what is told afterwards. */
async function remove(
  inventory: Inventory,
  removal: Removal,
  pulumi: StackRemoval,
  before: Found,
  say: (line: string) => void,
): Promise<Found> {
  await removal.workspaces(before);
  if (pulumi.holds) await pulumi.destroy();
  else await removal.living(before);
  say("Emptying the recycle bins.");
  await removal.bins(before);
  say("Asking again.");
  return untilGone(inventory, removal, await inventory.ask(before), say);
}

function isNothing({ items, untold }: Found): boolean {
  return untold.length === 0 && items.every(({ kept }) => kept);
}

/** 1 where a file is there. */
function countOf(file: string): Promise<number> {
  return access(file).then(
    () => 1,
    () => 0,
  );
}

/** Throws where the state holds something that is not to be deleted. */
function refuseProtected({ title, stack }: PreviewName, state: State | undefined): void {
  const kept = state && protectedIn(state);
  if (kept === undefined) return;
  const fix = `If it is to go: pulumi state unprotect --all --yes --stack ${stack}, then run this again.`;
  throw new OpsError("protected", `Preview ${title} is protected: ${kept}`, fix);
}
