import { readFileSync } from "node:fs";
import { inParallel } from "../ops/pulumi/concurrency";
import { asInAzure } from "./as-in-azure";
import { findCli } from "../test/engine/support/cli";
import { now } from "../test/engine/support/azure-calls";
import { Previews } from "../test/engine/support/previews";
import { Workshop } from "../test/engine/support/stack";
import { inSeconds, median, type Row } from "./row";

/** Seconds that a command which only looks may add to what it cannot do without. */
const goal = 3;
const rounds = 3;

/**
 * Time of the commands that only look, into a local Azure that is as slow as Azure: `drift` beside `pulumi refresh
 * --preview-only` of the same stack, in turn, which asks Azure for each resource and no more; `preview list` beside the time in
 * which it waits for an answer of Azure. Whole commands, from their start to their end.
 */
export async function looksRows(many = 4): Promise<Row[]> {
  const names = ["drift", `preview list of ${many}`];
  if (!findCli()) return names.map((name) => ({ name, ours: "skipped: Pulumi's CLI is not on this machine" }));
  let slow = false;
  const latency: typeof asInAzure = (call, caller) => (slow ? asInAzure(call, caller) : 0);
  const workshop = await Workshop.open({ latency });
  try {
    const { azure } = workshop;
    const stack = await workshop.stack("dev");
    await ended("up", stack.up());
    const previews = await Previews.in(workshop);
    await inParallel(
      2,
      Array.from({ length: many }, (_, at) => String(at + 1)),
      (number) => ended("preview up", previews.run("up", number)),
    );
    slow = true;
    const timed = async (what: string, run: () => Promise<{ code: number }>): Promise<Timed> => {
      const [since, began, before] = [now(azure), performance.now(), processorOfChildren()];
      await ended(what, run());
      const whole = performance.now() - began;
      const calls = azure.trace.exchanges(since).filter(({ caller }) => caller === "deployer");
      const spans = calls.map(({ at, milliseconds }) => [at.getTime(), at.getTime() + milliseconds] as const);
      return { whole, azure: covered(spans), processor: processorOfChildren() - before };
    };
    const [refreshes, drifts, lists]: Timed[][] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      const look = ["--stack", "dev", "--preview-only"];
      refreshes!.push(await timed("refresh", () => stack.run("refresh", look)));
      drifts!.push(await timed("drift", () => stack.drift()));
      lists!.push(await timed("preview list", () => previews.run("list")));
    }
    const middle = (all: readonly Timed[], of: keyof Timed): number => median(all.map((one) => one[of]));
    const row = (name: string, ours: readonly Timed[], rival: number, whose: string, processor: number): Row => {
      const whole = middle(ours, "whole");
      const added = `adds ${inSeconds(whole - rival)}, goal ${goal} s, and ${inSeconds(processor)} of processor time`;
      return {
        name,
        ours: inSeconds(whole),
        rival: `${whose} ${inSeconds(rival)}`,
        ratio: whole / rival,
        note: `${added}; it waits ${inSeconds(middle(ours, "azure"))} for Azure; the middle of ${rounds}`,
      };
    };
    const more = middle(drifts!, "processor") - middle(refreshes!, "processor");
    const waits = "the time in which it waits for Azure,";
    return [
      row(names[0]!, drifts!, middle(refreshes!, "whole"), "pulumi refresh --preview-only's", more),
      row(names[1]!, lists!, middle(lists!, "azure"), waits, middle(lists!, "processor")),
    ];
  } finally {
    await workshop.close();
  }
}

/** Milliseconds of a command, those of them in which a call of Azure was under way, and what its processes computed. */
interface Timed {
  readonly whole: number;
  readonly azure: number;
  readonly processor: number;
}

/**
 * Milliseconds of processor time of all processes that this one started and that have ended, with theirs; NaN where no Linux
 * says so. Of a busy machine it says more than the clock. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function processorOfChildren(): number {
  try {
    const [user, system] = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
      .slice(13, 15);
    return (Number(user) + Number(system)) * 10;
  } catch {
    return Number.NaN;
  }
}

async function ended(what: string, run: Promise<{ code: number }>): Promise<void> {
  const { code } = await run;
  if (code !== 0) throw new Error(`${what} ended with ${code}`);
}

/** How much of time spans cover together. */
function covered(spans: readonly (readonly [begin: number, end: number])[]): number {
  let [sum, until] = [0, Number.NEGATIVE_INFINITY];
  for (const [begin, end] of spans.toSorted(([one], [other]) => one - other)) {
    sum += Math.max(0, end - Math.max(begin, until));
    until = Math.max(until, end);
  }
  return sum;
}
