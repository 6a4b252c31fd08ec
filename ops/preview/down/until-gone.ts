import { setTimeout as wait } from "node:timers/promises";
import type { Removal } from "./removal";
import type { Inventory } from "../../azure/inventory";
import { type Found, same, type InventoryItem } from "../../azure/inventory/found";

/** How long and how often what is still there is asked about, in milliseconds: Azure and Entra show deleted things for a while. */
export interface Polling {
  readonly inAll: number;
  readonly first: number;
}

const usual: Polling = { inAll: 30_000, first: 1_000 };

/**
 * Removes and asks again until nothing is there that anybody could remove, or the time is over; gives what was told last.
 * @param found what was told just now
 */
export async function untilGone(
  inventory: Inventory,
  removal: Removal,
  found: Found,
  say: (line: string) => void,
  polling = usual,
): Promise<Found> {
  const end = performance.now() + polling.inAll;
  for (let pause = polling.first; ; pause = Math.min(pause * 2, 8_000)) {
    const open = removable(removal, found);
    if (open.length === 0 || performance.now() >= end || isHopeless(open, removal)) return found;
    say(`Still there: ${open.map(({ kind, name }) => `${kind} ${name}`).join(", ")}.`);
    await removal.living(found);
    await removal.bins({ ...found, items: open });
    await wait(pause);
    found = await inventory.ask(found);
  }
}

/** Refusals that no second try meets differently: a missing right, a lock on the resource, a thing that cannot be purged. */
const final =
  /^(Forbidden\w*|AuthorizationFailed|LinkedAuthorizationFailed|Authorization_RequestDenied|ScopeLocked|MethodNotAllowed):/;

/** Whether everything that is open was refused for good; a resource shares the fate of its group. */
function isHopeless(open: readonly InventoryItem[], { reasons }: Removal): boolean {
  const refused = open.filter(({ id }) => final.test(reasons.get(id.toLowerCase()) ?? ""));
  const groups = refused.filter(({ kind }) => kind === "resource group");
  const inRefused = ({ kind, group }: InventoryItem): boolean =>
    kind === "resource" && groups.some((one) => same(one.name, group));
  return open.every((item) => refused.includes(item) || inRefused(item));
}

/** What is worth another try. A group into which somebody has put something meanwhile is not. */
function removable(removal: Removal, { items: all }: Found): InventoryItem[] {
  const others = removal.others({ items: all });
  return all.filter((item) => {
    if (item.kept) return false;
    if (item.kind === "resource elsewhere" && !removal.goesAlone(item)) {
      const why = "it is in a group that is not the preview's, so a person has to judge";
      removal.reasons.set(item.id.toLowerCase(), why);
      return false;
    }
    const beside = others.filter(({ group }) => same(group, item.group));
    if (beside.length === 0 || !item.kind.startsWith("resource")) return true;
    const names = beside.map(({ name }) => name).join(", ");
    removal.reasons.set(item.id.toLowerCase(), `the group holds what is not the preview's: ${names}`);
    return false;
  });
}
