import { access } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { deployerCredential } from "../../infra/providers/deployer-credential";
import { nameOf, type State } from "../drift/state";
import { PulumiStack } from "../pulumi";
import { standingOf } from "../recover/half-made";
import { endProcesses, findLeftovers, runningProcesses } from "../recover/leftover-processes";
import { stillHeld } from "../recover/lock";
import { AzureCalls } from "./azure-calls";
import { refuseForeign } from "./foreign";
import { PreviewError, type PreviewErrorCode } from "./preview-error";
import { lockedError, previewFailure } from "./preview-failure";
import type { PreviewName } from "./preview-name";
import { type PreviewProject, PreviewStack } from "./preview-stack";
import { type Receipt, receiptOf } from "./receipt";
import { Removal } from "./removal";
import { Traces } from "./traces";
import { type Found, livingKinds } from "./traces/trace";
import { untilGone } from "./until-gone";

/** Failures of a destroy after which nothing else could go well either; after others it is done without the engine. */
const hopeless: readonly PreviewErrorCode[] = [
  ...(["Locked", "PassphraseMissing", "BackendMissing", "CliMissing", "ProjectMissing"] as const),
  ...(["SettingsMissing", "SettingsWrong", "SignInRefused"] as const),
];

/**
 * Takes a preview down for good, and draws up the receipt by what Azure, Entra and the backend tell afterwards, whatever
 * was answered on the way. Works on a whole preview, on one half made or half taken down, on one whose state is lost, and
 * on none at all. Throws a {@link PreviewError}: nothing was deleted where it is `Protected`, `ForeignResource`, `Locked`
 * or `SignInRefused`.
 * @param say takes a line about how far it is
 */
export async function down(project: PreviewProject, name: PreviewName, say: (line: string) => void): Promise<Receipt> {
  const began = performance.now();
  const file = join(project.folder, `Pulumi.${name.stack}.yaml`);
  const isThere = (): Promise<number> =>
    access(file).then(
      () => 1,
      () => 0,
    );
  const fileBefore = await isThere();
  const stack = await PreviewStack.find(project, name);
  const state = await stack?.state();
  refuseProtected(name, state);
  if (stack && state) await refuseHeld(stack, state);

  const calls = new AzureCalls(deployerCredential(project.environment));
  const whose = { project: project.project, stack: name.stack };
  const traces = new Traces(calls, `/subscriptions/${subscriptionOf(project, state)}`, whose);
  say("Asking Azure and Entra what there is.");
  const before = await traces.ask();
  const removal = new Removal(calls, traces, state);
  refuseForeign(name.title, traces.group, removal.foreign(before));
  if (stack) await freed(project, stack, say);

  const nothing = !stack && before.untold.length === 0 && before.traces.every(({ kept }) => kept);
  // Components and the stack itself count: with them in the state no stack can be removed.
  let holds = state !== undefined && standingOf(state).resources.length > 0;
  let why: string | undefined;
  const destroy = async (): Promise<void> => {
    say("Destroying what the state knows.");
    try {
      await stack!.destroy(() => undefined);
      holds = false;
    } catch (error) {
      if (!(error instanceof PreviewError) || hopeless.includes(error.code)) throw error;
      why = error.message;
      say(`Pulumi could not: ${error.message}`);
    }
  };
  const remove = async (): Promise<Found> => {
    await removal.workspaces(before);
    if (holds) await destroy();
    else await removal.living(before);
    say("Emptying the recycle bins.");
    await removal.bins(before);
    say("Asking again.");
    return untilGone(traces, removal, await traces.ask(before), say);
  };
  const after = nothing ? before : await remove();
  const lives = after.traces.some(({ kind }) => livingKinds.includes(kind));
  // What the engine could not delete and is gone now, it strikes from the state.
  if (holds && !lives) await destroy();
  if (stack && !holds && !lives) await stack.remove();
  const stackLeft = stack && (await PreviewStack.find(project, name)) ? 1 : 0;
  return receiptOf({
    ...{ name: stack?.name ?? name, before, after },
    stack: { before: stack ? 1 : 0, left: stackLeft, why: lives ? "kept, because what it made is still there" : why },
    file: { before: fileBefore, left: await isThere() },
    ...{ reasons: removal.reasons, now: project.now(), milliseconds: performance.now() - began, calls: calls.count },
  });
}

/** Throws where the state holds something that is not to be deleted. */
function refuseProtected({ title, stack }: PreviewName, state: State | undefined): void {
  const kept = state && protectedIn(state);
  if (kept === undefined) return;
  const cure = `If it is to go: pulumi state unprotect --all --yes --stack ${stack}, then run this again.`;
  throw new PreviewError("Protected", `Preview ${title} is protected: ${kept}`, cure);
}

/** What a state holds that is not to be deleted: `Vault vault and 2 more`; undefined where there is none. */
export function protectedIn(state: State): string | undefined {
  const [first, ...others] = standingOf(state).resources.filter(({ protect }) => protect === true);
  if (!first) return undefined;
  return `${nameOf(first)}${others.length > 0 ? ` and ${others.length} more` : ""}`;
}

/** Throws where another command works on the stack, here or on another machine. */
async function refuseHeld(stack: PreviewStack, state: State): Promise<void> {
  const locks = await stack.locks(standingOf(state).pending.length > 0);
  const running = locks.length > 0 ? await runningProcesses() : [];
  const held = locks.filter((lock) => lock.host !== hostname() || stillHeld(lock, running));
  if (held.length > 0) throw lockedError(stack.name.stack, held);
}

/**
 * Ends what a killed run left running, for it may still be writing, and takes its lock away. What it had half made needs
 * not be taken into the state: it is found by its marks.
 */
async function freed(project: PreviewProject, stack: PreviewStack, say: (line: string) => void): Promise<void> {
  if ((await stack.locks(false)).length === 0) return;
  say(`An earlier run of ${stack.name.stack} was killed; ending what it left.`);
  await endProcesses(await findLeftovers(project.folder), () => findLeftovers(project.folder));
  await new PulumiStack(stack.name.stack, previewFailure, { cwd: project.folder, env: project.environment }).cancel();
}

/** The subscription that the state's resources are in, or that deployments go to. */
export function subscriptionOf({ environment }: PreviewProject, state: State | undefined): string {
  const inState = (state?.deployment.resources ?? []).map(({ id }) => /^\/subscriptions\/([^/]+)/.exec(id ?? "")?.[1]);
  const subscription = inState.find(Boolean) ?? environment.ARM_SUBSCRIPTION_ID ?? environment.AZURE_SUBSCRIPTION_ID;
  if (subscription) return subscription;
  throw new PreviewError("SubscriptionUnknown", "No subscription is named", "Set ARM_SUBSCRIPTION_ID.");
}
