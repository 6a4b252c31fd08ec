import { spawn } from "node:child_process";
import { inSeconds, median, type Row } from "./row";

/** What a person may have to wait, in milliseconds. */
const goal = 10_000;

/** Time from `npm start` to its line `Chat: ...`, whole processes, beside the goal. */
export async function startRow(root: string, runs = 3): Promise<Row> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await startOnce(root));
  const ours = median(times);
  return {
    name: "npm start to ready",
    ours: inSeconds(ours),
    rival: `${goal / 1000} s (the goal)`,
    ratio: ours / goal,
    note: `median of ${runs}`,
  };
}

/** Milliseconds from `npm start` in a checkout to its line `Chat: ...`. */
export function startOnce(root: string): Promise<number> {
  const began = performance.now();
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  let output = "";
  let ready: number | undefined;
  return new Promise((done, failed) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (ready !== undefined || !output.includes("Chat: ")) return;
      ready = performance.now() - began;
      if (child.pid) process.kill(-child.pid, "SIGINT");
    });
    child.on("close", () => (ready === undefined ? failed(new Error(output)) : done(ready)));
  });
}
