import { criticalPath } from "../ops/graph/critical-path";
import { graphOf } from "../ops/graph/dependency-graph";
import type { State } from "../ops/pulumi/state";
import type { Latencies } from "../local/door/dispatch";
import { findCli } from "../test/engine/support/cli";
import { Workshop } from "../test/engine/support/stack";
import { asInAzure } from "./as-in-azure";
import { inSeconds, type Row } from "./row";

/** Most that `up` may take, beside the engine's own time, of what the critical path takes. */
const goal = 1.1;

/**
 * Time of the first `pulumi up` by the real CLI into a local Azure that is as slow as Azure, beside the critical path of
 * its dependency graph. The engine's own time (its start, the program, the plugins, the bot's own start) is what the same
 * `up` takes into a local Azure without latency: the quicker of two, one before and one after, because a busy machine
 * would make that time longer and the ratio better than it is.
 */
export async function upTimeRow(): Promise<Row> {
  const name = "first pulumi up, with Azure's latencies";
  if (!findCli()) return { name, ours: "skipped: Pulumi's CLI is not on this machine" };
  const before = await firstUp(() => 0);
  const up = await firstUp(asInAzure);
  const after = await firstUp(() => 0);
  const engine = Math.min(before.milliseconds, after.milliseconds);
  const path = criticalPath(graphOf(up.state));
  return {
    name,
    ours: inSeconds(up.milliseconds),
    rival: `the critical path's ${inSeconds(path.milliseconds)} and the engine's own ${inSeconds(engine)}`,
    ratio: (up.milliseconds - engine) / path.milliseconds,
    note:
      `the ratio is that of up without the engine's own time to the critical path, its goal ${goal}; latencies in full, ` +
      `from ops/graph/latencies.ts; ${path.nodes.map(({ kind }) => kind).join(" -> ")}`,
  };
}

/** Deploys the settings of Pulumi.dev.yaml once, without a preview. */
async function firstUp(latency: Latencies): Promise<{ milliseconds: number; state: State }> {
  const workshop = await Workshop.open({ latency });
  try {
    const stack = await workshop.stack("dev");
    const began = performance.now();
    const run = await stack.up();
    const milliseconds = performance.now() - began;
    if (run.code !== 0) throw new Error(`pulumi up ended with ${run.code}\n${run.text}`);
    const { text } = await stack.mustRun("stack", ["export", "--stack", stack.name]);
    return { milliseconds, state: JSON.parse(text) as State };
  } finally {
    await workshop.close();
  }
}
