import type { Removal } from "./removal";
import type { Traces } from "../../azure/inventory";
import { type Found, same, type Trace } from "../../azure/inventory/found";

/** How patiently what is still there is asked about, in milliseconds: Azure and Entra show deleted things for a while. */
export interface Patience {
  readonly inAll: number;
  readonly first: number;
}

const usual: Patience = { inAll: 30_000, first: 1_000 };

/**
 * Removes and asks again until nothing is there that anybody could remove, or patience ends; gives what was told last.
 * @param found what was told just now
 */
export async function untilGone(
  traces: Traces,
  removal: Removal,
  found: Found,
  say: (line: string) => void,
  patience = usual,
): Promise<Found> {
  const end = performance.now() + patience.inAll;
  for (let pause = patience.first; ; pause = Math.min(pause * 2, 8_000)) {
    const open = removable(removal, found);
    if (open.length === 0 || performance.now() >= end || isHopeless(open, removal)) return found;
    say(`Still there: ${open.map(({ kind, name }) => `${kind} ${name}`).join(", ")}.`);
    await removal.living(found);
    await removal.bins({ ...found, traces: open });
    await new Promise((done) => setTimeout(done, pause));
    found = await traces.ask(found);
  }
}

/** Refusals that no second try meets differently: a missing right, a lock on the resource, a thing that cannot be purged. */
const final =
  /^(Forbidden|AuthorizationFailed|LinkedAuthorizationFailed|Authorization_RequestDenied|ScopeLocked|MethodNotAllowed):/;

/** Whether everything that is open was refused for good; a resource shares the fate of its group. */
function isHopeless(open: readonly Trace[], { reasons }: Removal): boolean {
  const refused = open.filter(({ id }) => final.test(reasons.get(id.toLowerCase()) ?? ""));
  const groups = refused.filter(({ kind }) => kind === "resource group");
  const inRefused = ({ kind, group }: Trace): boolean =>
    kind === "resource" && groups.some((one) => same(one.name, group));
  return open.every((trace) => refused.includes(trace) || inRefused(trace));
}

/** What is worth another try. A group into which somebody has put something meanwhile is not. */
function removable(removal: Removal, { traces: all }: Found): Trace[] {
  const foreign = removal.foreign({ traces: all });
  return all.filter((trace) => {
    if (trace.kept) return false;
    if (trace.kind === "resource elsewhere" && !removal.goesAlone(trace)) {
      const why = "it is in a group that is not the preview's, so a person has to judge";
      removal.reasons.set(trace.id.toLowerCase(), why);
      return false;
    }
    const beside = foreign.filter(({ group }) => same(group, trace.group));
    if (beside.length === 0 || !trace.kind.startsWith("resource")) return true;
    const names = beside.map(({ name }) => name).join(", ");
    removal.reasons.set(trace.id.toLowerCase(), `the group holds what is not the preview's: ${names}`);
    return false;
  });
}
