import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Row } from "./row";
import { bot, environment, installHosts } from "./turns";
import { startStandIn } from "./turns/stand-in";

/** Processor time of each kind of call that a turn makes, by itself: what `turns` is made of. */
export async function turnCallsRow(root: string): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "bench-turn-calls-"));
  const standIn = await startStandIn(bot);
  try {
    installHosts(join(root, "bench"));
    const env = { PATH: process.env.PATH, ...environment(standIn, folder), CHANNEL_TOKEN: standIn.channelToken };
    const options = [`--require=${join(__dirname, "turns", "preload.cjs")}`, join(__dirname, "turns", "calls.mjs")];
    const costs = JSON.parse(await output(spawn(process.execPath, options, { env }))) as Record<string, number>;
    return {
      name: "processor time of one call of a turn",
      ours: Object.entries(costs)
        .map(([what, milliseconds]) => `${what} ${milliseconds.toFixed(2)} ms`)
        .join(", "),
    };
  } finally {
    standIn.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function output(child: ReturnType<typeof spawn>): Promise<string> {
  let [said, wrong] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (wrong += text));
  return new Promise((done, failed) => {
    child.once("close", (code) => (code === 0 ? done(said) : failed(new Error(`ended with ${code}\n${wrong}`))));
  });
}
