import { inParallel } from "../ops/pulumi/concurrency";
import { findCli } from "../test/engine/support/cli";
import { Previews } from "../test/engine/support/previews";
import { Workshop } from "../test/engine/support/stack";
import { asInAzure } from "./as-in-azure";
import { inSeconds, type Row } from "./row";

/** Most that 20 previews, four at a time, may take, of five times what one takes alone. */
const goal = 1.5;
const together = 4;

/**
 * Time of many previews up and down, four at a time, beside what one takes, up and down, alone, times a quarter of their number; whole commands, into
 * a local Azure that is as slow as Azure.
 */
export async function previewsRow(many = 20): Promise<Row> {
  const name = `${many} previews up and down, ${together} at a time`;
  if (!findCli()) return { name, ours: "skipped: Pulumi's CLI is not on this machine" };
  const workshop = await Workshop.open({ latency: asInAzure });
  try {
    const previews = await Previews.in(workshop);
    // The first of all also fills the bot bundle's cache.
    await upAndDown(previews, ["1"]);
    const one = await upAndDown(previews, ["2"]);
    const all = await upAndDown(
      previews,
      Array.from({ length: many }, (_, at) => String(at + 3)),
    );
    return {
      name,
      ours: inSeconds(all),
      rival: `${many / together} times one preview's ${inSeconds(one)}`,
      ratio: all / (one * (many / together)),
      note: `goal ${goal}; latencies in full, from ops/graph/latencies.ts`,
    };
  } finally {
    await workshop.close();
  }
}

async function upAndDown(previews: Previews, numbers: readonly string[]): Promise<number> {
  const began = performance.now();
  for (const command of ["up", "down"]) {
    await inParallel(together, numbers, async (number) => {
      const { code, out, err } = await previews.run(command, number);
      if (code !== 0) throw new Error(`preview ${command} ${number} ended with ${code}\n${out}${err}`);
    });
  }
  return performance.now() - began;
}
