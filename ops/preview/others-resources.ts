import type { Marked } from "../../infra/deployment/tags";
import type { State } from "../pulumi/state";
import { OpsError } from "../cli/ops-error";
import { type Found, marksSay, same, type Trace } from "../azure/inventory/found";

/**
 * What is in a preview's resource groups and is not the preview's: neither in its state, nor marked, nor part of or made
 * by Azure for something that is. A group itself, where it lacks the marks and the state does not know it.
 */
export function foreignIn({ traces }: Pick<Found, "traces">, whose: Marked, state: State | undefined): Trace[] {
  const known = new Set((state?.deployment.resources ?? []).flatMap(({ id }) => id?.toLowerCase() ?? []));
  const isOwn = ({ id, marks }: Trace): boolean => known.has(id.toLowerCase()) || marksSay(marks, whose);
  return traces.flatMap((group) => {
    if (group.kind !== "resource group") return [];
    if (!isOwn(group)) return [group];
    const inside = traces.filter((trace) => trace.kind === "resource" && same(trace.group, group.name));
    const own = inside.filter(isOwn);
    return inside.filter((trace) => !own.includes(trace) && !own.some((other) => belongsTo(trace, other)));
  });
}

/** Azure's own companions of a resource: what is below it, and the topic that Defender for Storage makes (assumed: its name). */
function belongsTo(trace: Trace, owner: Trace): boolean {
  if (trace.id.toLowerCase().startsWith(`${owner.id.toLowerCase()}/`)) return true;
  return (
    same(trace.type, "Microsoft.EventGrid/systemTopics") &&
    same(owner.type, "Microsoft.Storage/storageAccounts") &&
    trace.name.toLowerCase().startsWith(`${owner.name.toLowerCase()}-`)
  );
}

/** Throws an {@link OpsError} `others-resource` that names everything, so that nothing is deleted with a group. */
export function refuseForeign(title: string, foreign: readonly Trace[]): void {
  const [first] = foreign;
  if (!first) return;
  const whole = foreign.find(({ kind }) => kind === "resource group");
  const names = foreign.map(({ name, type, id }) => `${name} (${type ?? id})`).join(", ");
  const groups = [...new Set(foreign.flatMap(({ group }) => group ?? []))];
  throw new OpsError(
    "others-resource",
    whole
      ? `The resource group ${whole.name} has the name of preview ${title}'s and lacks its marks`
      : `The resource group ${groups.join(", ")} of preview ${title} holds what is not the preview's: ${names}. Nothing was deleted`,
    whole
      ? "Ask whose it is, and delete or mark it by hand: az group update --name <group> --tags project=... stack=..."
      : `Move it away or delete it, then run this again: az resource delete --ids ${foreign.map(({ id }) => id).join(" ")}`,
  );
}

/** Throws an {@link OpsError} `azure-refused` where nobody can see whether a group holds somebody else's resource. */
export function refuseUnseen({ untold, groups }: Pick<Found, "untold" | "groups">): void {
  const unseen = untold.find(({ kind }) => kind === "resource");
  if (!unseen) return;
  const fix = "Nothing was deleted. Whoever takes a preview down needs to read its resources (Contributor, or Reader).";
  throw new OpsError("azure-refused", `Azure does not tell what ${groups.join(", ")} holds: ${unseen.why}`, fix);
}
