import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Exchange } from "../../../local/azure/trace";
import { findCli } from "./cli";
import type { Stack, Workshop } from "./stack";

const root = resolve(__dirname, "../../..");

export interface Ended {
  readonly code: number;
  readonly text: string;
}

/**
 * Runs `up` one step at a time and kills it, with its whole process group, the moment Azure has done something of which
 * `here` is true, before it hears of it. Gives whether it was killed.
 */
export async function killedUp(
  workshop: Workshop,
  stack: Stack,
  here: (exchange: Exchange) => boolean,
): Promise<boolean> {
  const options = ["--yes", "--skip-preview", "--parallel=1", "--non-interactive"];
  const child = start(workshop, stack, findCli()!, ["up", "--stack", stack.name, ...options], true);
  let killed = false;
  const end = workshop.azure.trace.subscribe((exchange) => {
    if (killed || !here(exchange)) return;
    killed = true;
    process.kill(-child.pid!, "SIGKILL");
  });
  const { code, text } = await ended(child);
  end();
  if (!killed && code !== 0) throw new Error(`up ended with ${code}\n${text}`);
  return killed;
}

/** `npm run recover -- <options>` in the project's folder. `changed` goes before the workshop's environment. */
export function recover(
  workshop: Workshop,
  stack: Stack,
  options: readonly string[],
  changed: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  const tsx = resolve(root, "node_modules/tsx/dist/cli.mjs");
  return ended(
    start(workshop, stack, process.execPath, [tsx, resolve(root, "ops/recover.ts"), ...options], false, changed),
  );
}

function start(
  workshop: Workshop,
  stack: Stack,
  command: string,
  args: string[],
  detached: boolean,
  changed: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(command, args, {
    cwd: stack.project,
    env: { HOME: workshop.folder, ...workshop.environment, ...changed },
    stdio: ["ignore", "pipe", "pipe"],
    detached,
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  // "exit", not "close": the plugins of a killed CLI may keep its pipes.
  const code = await new Promise<number>((done) => child.once("exit", (status) => done(status ?? -1)));
  await new Promise((later) => setTimeout(later, 100));
  return { code, text };
}
