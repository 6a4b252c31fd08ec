import { deployerAccess } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { type Paint, plain } from "../../cli/paint";
import { deploying } from "../pulumi/deploying";
import { holdsMovedTypes, withMovedTypes } from "../pulumi/moved-types";
import { PulumiStack } from "../pulumi/pulumi-stack";
import { otherVersions, unseenDifferences } from "./blind-spots";
import { OpsError } from "../cli/ops-error";
import { type Finding, refreshed } from "./finding";
import { isEmpty, type State } from "../pulumi/state";

/**
 * What was changed by hand in Azure since a stack was deployed. Writes it into the state, so that the next `pulumi up` puts it
 * right.
 * @param step is told what is being done
 * @throws OpsError where it cannot find out
 */
export async function driftOf(name: string, step: (text: string) => void): Promise<Finding[]> {
  const stack = new PulumiStack(name);
  const found = await stack.export("shown");
  if (isEmpty(found)) {
    throw new OpsError(
      "nothing-deployed",
      `${name} was never deployed, or was destroyed: nothing can differ`,
      deploying(name),
    );
  }
  step(
    "Asking Azure for each resource of the state, and for what a refresh does not see: app settings, secrets, channels.",
  );
  const moves = holdsMovedTypes(found);
  const before = moves ? withMovedTypes(found) : found;
  const arm = armClient(deployerAccess());
  // While the refresh asks, too. What it finds gone answers nothing: then all is asked again, of what is left.
  const meanwhile = unseenDifferences(before, arm).catch(() => undefined);
  await stack.refresh([], moves ? ["--run-program"] : []);
  const after = await stack.export("shown");
  const asked = isWhole(before, after) ? await meanwhile : undefined;
  const unseen = [...otherVersions(before, after), ...(asked ?? (await unseenDifferences(after, arm)))];
  if (unseen.length > 0) {
    const state = await stack.export("encrypted");
    for (const { mark } of unseen) mark(state);
    await stack.import(state);
  }
  return [...refreshed(before, after), ...unseen];
}

/** Whether the refresh found all resources that the state had. */
function isWhole(before: State, after: State): boolean {
  const left = new Set(after.deployment.resources?.map(({ urn }) => urn));
  return before.deployment.resources?.every(({ urn }) => left.has(urn)) ?? true;
}

/** The findings as people read them, each with its live value and the deployed one. */
export function driftReport(stack: string, findings: readonly Finding[], paint: Paint = plain): string {
  if (findings.length === 0) return paint("good", `${stack}: Azure is as it was deployed.`);
  const lines = findings.map(
    ({ resource, field, live, deployed }) =>
      `${paint("strong", resource)}\n  ${field}\n    live:     ${paint("warning", live)}\n    deployed: ${deployed}`,
  );
  const count = findings.length === 1 ? "1 field differs" : `${findings.length} fields differ`;
  return `${lines.join("\n")}\n${stack}: ${count}. The next command puts it right: ${deploying(stack)}`;
}

/** The same for programs: without the functions that write a finding into the state. */
export function driftDocument(stack: string, findings: readonly Finding[]): object {
  return {
    stack,
    findings: findings.map(({ resource, field, live, deployed }) => ({ resource, field, live, deployed })),
  };
}
