import type { Marked } from "../../infra/decisions/marks";
import { ownName } from "../../infra/decisions/names";
import type { AzureCalls } from "./azure-calls";
import { AzureRefusal } from "./azure-refusal";
import { bins, inBin } from "./traces/bins";
import { grantsOf, inEntra } from "./traces/entra";
import { inGroup, taggedResources } from "./traces/living";
import { deployments, roleAssignments } from "./traces/subscription";
import { type Found, marksSay, nothingFound, same, type Trace, type TraceKind } from "./traces/trace";

/**
 * Asks Azure and Entra what there is of a preview. Finds it by the marks and by names that follow from the stack's name
 * alone, so that the answer is the same whether the state is whole, half or gone.
 */
export class Traces {
  /** Name of the stack's resource group. */
  readonly group: string;

  constructor(
    private readonly calls: AzureCalls,
    /** `/subscriptions/<id>` */
    readonly subscription: string,
    readonly whose: Marked,
  ) {
    this.group = ownName(whose.project, whose.stack);
  }

  /**
   * @param earlier what an earlier asking found: grants and role assignments have no marks, and once their principal is
   * gone they are found by its id alone
   */
  async ask(earlier: Found = nothingFound): Promise<Found> {
    const { calls, subscription, group, whose } = this;
    const untold = new Map<TraceKind, string>();
    const told = <T>(kind: TraceKind, asking: Promise<T>, otherwise: T): Promise<T> =>
      asking.catch((error: unknown) => {
        if (!(error instanceof AzureRefusal)) throw error;
        untold.set(kind, error.message);
        return otherwise;
      });
    const marks = { project: whose.project, stack: whose.stack };
    const [living, everywhere, records, entra, ...binned] = await Promise.all([
      told("resource", inGroup(calls, subscription, group), { traces: [], principals: [] }),
      told("resource elsewhere", taggedResources(calls, subscription, "stack", whose.stack), []),
      told("deployment", deployments(calls, subscription, group), []),
      inEntra(calls, marks),
      ...bins.map((bin) => told(bin.kind, inBin(calls, subscription, bin), [])),
    ]);
    const applications = ours([...entra.traces, ...binned.flat()], whose, group);
    const principals = [
      ...new Set([
        ...earlier.principals,
        ...living.principals,
        ...applications.filter(({ kind }) => kind.endsWith("service principal")).map(({ id }) => id),
      ]),
    ];
    const [roles, grants] = await Promise.all([
      told("role assignment", roleAssignments(calls, subscription, group, principals), []),
      grantsOf(calls, principals),
    ]);
    const elsewhere = everywhere
      .filter((trace) => marksSay(trace.marks, whose) && !same(trace.group, group))
      .map((trace) => ({ ...trace, kind: "resource elsewhere" as const }));
    for (const { kind, why } of [...entra.untold, ...grants.untold]) untold.set(kind, why);
    return {
      traces: [...living.traces, ...elsewhere, ...roles, ...records, ...applications, ...grants.traces],
      untold: [...untold].map(([kind, why]) => ({ kind, why })),
      principals,
    };
  }
}

/**
 * Of what the tenant and the subscription hold, the preview's: by marks, by the group that it was in, and a deleted
 * service principal also by its application.
 */
export function ours(all: readonly Trace[], whose: Marked, group: string): Trace[] {
  const marked = all.filter((trace) => marksSay(trace.marks, whose) || same(trace.group, group));
  const appIds = new Set(marked.flatMap(({ appId }) => appId ?? []));
  return all.filter((trace) => marked.includes(trace) || (trace.appId !== undefined && appIds.has(trace.appId)));
}
