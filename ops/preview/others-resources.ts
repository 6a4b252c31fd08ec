import { shellWord } from "../../cli/shell-word";
import type { Deployment } from "../../infra/deployment/tags";
import type { State } from "../pulumi/state";
import { OpsError } from "../cli/ops-error";
import { type Found, belongsTo, same, type InventoryItem } from "../azure/inventory/found";

/**
 * What is in a preview's resource groups and is not the preview's: neither in its state, nor tagged, nor part of or made
 * by Azure for something that is. A group itself, where it lacks the tags and the state does not know it.
 */
export function othersResources(
  { items }: Pick<Found, "items">,
  deployment: Deployment,
  state: State | undefined,
): InventoryItem[] {
  const known = new Set((state?.deployment.resources ?? []).flatMap(({ id }) => id?.toLowerCase() ?? []));
  const isOwn = ({ id, tags }: InventoryItem): boolean => known.has(id.toLowerCase()) || belongsTo(tags, deployment);
  return items.flatMap((group) => {
    if (group.kind !== "resource group") return [];
    if (!isOwn(group)) return [group];
    const inside = items.filter((item) => item.kind === "resource" && same(item.group, group.name));
    const own = inside.filter(isOwn);
    return inside.filter((item) => !own.includes(item) && !own.some((other) => isPartOf(item, other)));
  });
}

/** Azure's own companions of a resource: what is below it, and the topic that Defender for Storage makes (assumed: its name). */
function isPartOf(item: InventoryItem, owner: InventoryItem): boolean {
  if (item.id.toLowerCase().startsWith(`${owner.id.toLowerCase()}/`)) return true;
  return (
    same(item.type, "Microsoft.EventGrid/systemTopics") &&
    same(owner.type, "Microsoft.Storage/storageAccounts") &&
    item.name.toLowerCase().startsWith(`${owner.name.toLowerCase()}-`)
  );
}

/** Throws an {@link OpsError} `others-resource` that names everything, so that nothing is deleted with a group. */
export function refuseOthers(title: string, { project, stack }: Deployment, others: readonly InventoryItem[]): void {
  const [first] = others;
  if (!first) return;
  const whole = others.find(({ kind }) => kind === "resource group");
  const names = others.map(({ name, type, id }) => `${name} (${type ?? id})`).join(", ");
  const groups = [...new Set(others.flatMap(({ group }) => group ?? []))];
  throw new OpsError(
    "others-resource",
    whole
      ? `The resource group ${whole.name} has the name of preview ${title}'s and lacks its tags`
      : `The resource group ${groups.join(", ")} of preview ${title} holds what is not the preview's: ${names}. Nothing was deleted`,
    whole
      ? `Ask whose it is. If it is the preview's: az tag update --operation Merge --resource-id ${shellWord(whole.id)} --tags project=${project} stack=${stack}`
      : `Move it away or delete it, then run this again: az resource delete --ids ${others.map(({ id }) => shellWord(id)).join(" ")}`,
  );
}

/** Throws an {@link OpsError} `azure-refused` where nobody can see whether a group holds somebody else's resource. */
export function refuseUnseen({ untold, groups }: Pick<Found, "untold" | "groups">): void {
  const unseen = untold.find(({ kind }) => kind === "resource");
  if (!unseen) return;
  const fix = "Nothing was deleted. Whoever takes a preview down needs to read its resources (Contributor, or Reader).";
  throw new OpsError("azure-refused", `Azure does not tell what ${groups.join(", ")} holds: ${unseen.why}`, fix);
}
