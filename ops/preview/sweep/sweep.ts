import type { Deployment } from "../../../infra/deployment/tags";
import { deployerAccess } from "../../../infra/azure/access";
import { AzureCallError } from "../../../infra/azure/azure-call-error";
import { inParallel } from "../../pulumi/concurrency";
import { AzureCalls } from "../../azure/azure-calls";
import type { PreviewName } from "../preview-name";
import { subscriptionOf } from "../../pulumi/subscription";
import { protectedIn } from "../state";
import { othersResources } from "../others-resources";
import { OpsError } from "../../cli/ops-error";
import { isOver } from "../instant";
import { listPreviews, PreviewStack, type UnreadPreview } from "../preview-stack";
import type { PreviewProject } from "../project";
import type { Receipt } from "../receipt";
import { type Finding, type KnownPreview, type Look, sweepables, sweepPlan } from "./plan";
import { bins, inBin } from "../../azure/inventory/bins";
import { inEntra } from "../../azure/inventory/entra";
import { ownGroups } from "../../azure/inventory";
import { inGroup, taggedGroups, taggedResources } from "../../azure/inventory/living";
import type { InventoryItem } from "../../azure/inventory/found";

/** Previews that are taken down side by side; each has Pulumi's CLI run. */
const sideBySide = 4;

export interface SweepReport {
  /** False where it was only shown. */
  readonly done: boolean;
  readonly findings: readonly Finding[];
  /** Of each that was taken down. */
  readonly receipts: readonly Receipt[];
  /** Those that could not be taken down, by stack. */
  readonly failures: readonly { readonly stack: string; readonly why: string }[];
}

/**
 * Takes down the previews that have expired, and what carries our tags and belongs to no stack of the backend. Touches
 * nothing that has not expired, is protected, lacks our tags, or lies beside somebody else's resource. Throws a
 * {@link OpsError} where it cannot look at all; what goes wrong with one preview is in the report.
 * @param takeDown takes one preview down for good, as `npm run preview -- down` does
 * @param agreed asked before anything is done, with what is found
 */
export async function sweep(
  project: PreviewProject,
  takeDown: (project: PreviewProject, name: PreviewName, say: (line: string) => void) => Promise<Receipt>,
  agreed: (findings: readonly Finding[]) => Promise<boolean>,
  say: (line: string) => void,
): Promise<SweepReport> {
  const known = await listPreviews(project);
  const calls = new AzureCalls(deployerAccess(project.environment));
  const subscription = `/subscriptions/${subscriptionOf([], project.environment)}`;
  const items = await tagged(calls, subscription, project.project);
  const all = sweepables(project.project, await Promise.all(known.map((stack) => knownOf(stack))), items);
  const now = project.now();
  const looks = new Map<string, Look>();
  // Only those whose time is over need to be looked at.
  const due = all.filter(({ expires }) => isOver(expires, now));
  await inParallel(sideBySide, due, async (one) => {
    const stack = known.filter((other) => other instanceof PreviewStack).find(({ name }) => name.stack === one.stack);
    const deployment = { project: project.project, stack: one.stack };
    const look = await lookAt(calls, subscription, deployment, items, stack).catch((error: unknown) => {
      return { others: [], failed: tellable(error) };
    });
    looks.set(one.stack, look);
  });
  const findings = sweepPlan(all, looks, now);
  const going = findings.filter(({ does }) => does === "take down");
  const done = going.length > 0 && (await agreed(findings));
  const receipts: Receipt[] = [];
  const failures: { stack: string; why: string }[] = [];
  await inParallel(sideBySide, done ? going : [], async ({ stack, title, kind }) => {
    try {
      if (await isRenewed(project, { stack, title, kind })) {
        failures.push({ stack, why: "It was brought up anew meanwhile." });
        return;
      }
      receipts.push(await takeDown(project, { stack, title }, (line) => say(`${stack}: ${line}`)));
    } catch (error) {
      failures.push({ stack, why: tellable(error) });
    }
  });
  return { done, findings, receipts, failures };
}

/** What is told of one preview with which something went wrong, while the sweep goes on, a fault of ours too. */
function tellable(error: unknown): string {
  if (error instanceof OpsError || error instanceof AzureCallError) return error.message;
  return `The command itself failed: ${error instanceof Error ? error.message : String(error)}`;
}

async function knownOf(stack: PreviewStack | UnreadPreview): Promise<KnownPreview> {
  const { stack: name, title } = stack.name;
  if (!(stack instanceof PreviewStack)) return { stack: name, title, unread: stack.unread };
  const { owner, expires } = await stack.tags();
  return { stack: name, title, ...(owner ? { owner } : {}), ...(expires ? { expires } : {}) };
}

/** Whether somebody brought it up since it was listed: others are taken down before it, which may last. */
async function isRenewed(
  project: PreviewProject,
  { stack, title, kind }: Pick<Finding, "stack" | "title" | "kind">,
): Promise<boolean> {
  const now = await PreviewStack.find(project, { stack, title });
  return now !== undefined && (kind === "orphan" || !isOver((await knownOf(now)).expires, project.now()));
}

/** All in Azure and Entra that carries the project's tag, in the bins too. */
async function tagged(calls: AzureCalls, subscription: string, project: string): Promise<InventoryItem[]> {
  const [groups, resources, entra, ...binned] = await Promise.all([
    taggedGroups(calls, subscription, "project", project),
    taggedResources(calls, subscription, "project", project),
    inEntra(calls, { project }),
    ...bins.map((bin) => inBin(calls, subscription, bin)),
  ]);
  const [untold] = entra.untold;
  if (untold) {
    throw new OpsError("azure-refused", "Entra does not tell its applications", `Nothing was done. ${untold.why}`);
  }
  return [...groups, ...resources, ...entra.items, ...binned.flat()];
}

async function lookAt(
  calls: AzureCalls,
  subscription: string,
  deployment: Deployment,
  all: readonly InventoryItem[],
  known: PreviewStack | undefined,
): Promise<Look> {
  const state = await known?.state();
  const groups = await Promise.all(
    ownGroups(deployment, all, state).map((group) => inGroup(calls, subscription, group)),
  );
  const others = othersResources({ items: groups.flatMap(({ items }) => items) }, deployment, state);
  return {
    protected: state && protectedIn(state),
    others: others.map(({ name, type }) => `${name} (${type ?? "?"})`),
  };
}

/** `found` where it was only shown, `left` where something is left or is for a person to judge. */
export function sweepEnding({ done, findings, receipts, failures }: SweepReport): "done" | "found" | "left" {
  if (!done && findings.some(({ does }) => does === "take down")) return "found";
  const left = failures.length > 0 || receipts.some((receipt) => receipt.left.length > 0);
  return left || findings.some(({ does }) => does === "leave") ? "left" : "done";
}

/** What was found, and what came of it, as people read it. */
export function sweepText({ done, findings, receipts, failures }: SweepReport): string {
  const came = ({ stack, does }: Finding): string => {
    if (!done || does !== "take down") return "";
    const receipt = receipts.find((one) => one.stack === stack);
    const why = failures.find((one) => one.stack === stack)?.why;
    if (!receipt) return `: not taken down. ${why}`;
    if (receipt.left.length === 0) return `: ${receipt.outcome}, in ${receipt.seconds} s`;
    return [`: not gone`, ...receipt.left.map((one) => `    - ${one.what}: ${one.why}`)].join("\n");
  };
  return [
    ...section(done ? "Taken down:" : "To take down:", findings, "take down", came),
    ...section("Left alone, for a person to judge:", findings, "leave", came),
    ...section("Kept:", findings, "keep", came),
    ...(findings.length === 0 ? ["There is no preview, and nothing that one left."] : []),
    ...(!done && findings.some(({ does }) => does === "take down")
      ? ["Nothing was done. To do it: npm run preview -- sweep --yes"]
      : []),
  ].join("\n");
}

function section(
  title: string,
  findings: readonly Finding[],
  does: Finding["does"],
  came: (finding: Finding) => string,
): string[] {
  const lines = findings
    .filter((finding) => finding.does === does)
    .map((finding) => {
      const { title: name, stack, owner, kind, holds, why } = finding;
      const of = [name === stack ? "" : stack, owner ?? "", kind === "orphan" ? `no stack, ${holds}` : ""].filter(
        Boolean,
      );
      return `  - ${name}${of.length > 0 ? ` (${of.join("; ")})` : ""}, ${why}${came(finding)}`;
    });
  return lines.length > 0 ? [title, ...lines] : [];
}
