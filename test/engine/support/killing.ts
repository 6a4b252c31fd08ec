import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import type { LocalAzure } from "../../../local/azure/azure";
import type { Exchange } from "../../../local/azure/exchange";
import { findCli } from "./cli";
import type { Stack, Workshop } from "./stack";

const root = resolve(__dirname, "../../..");

export interface Ended {
  readonly code: number;
  readonly text: string;
}

/**
 * Waits for a process that leads its own group, and kills it, with all that it started, the moment Azure has done something
 * of which `here` is true, before it hears of it. Gives whether it was killed, and what it said.
 */
export async function killedWhen<Said>(
  { trace }: LocalAzure,
  child: ChildProcess,
  said: Promise<Said>,
  here: (exchange: Exchange) => boolean,
): Promise<readonly [killed: boolean, said: Said]> {
  let killed = false;
  const end = trace.subscribe((exchange) => {
    if (killed || !here(exchange)) return;
    killed = true;
    process.kill(-child.pid!, "SIGKILL");
  });
  const all = await said;
  end();
  return [killed, all];
}

/** Runs `up` one step at a time and kills it when `here` is true of what Azure has done. Gives whether it was killed. */
export function killedUp(workshop: Workshop, stack: Stack, here: (exchange: Exchange) => boolean): Promise<boolean> {
  return killedCommand("up", workshop, stack, here);
}

/** The same of `destroy`. */
export function killedDestroy(
  workshop: Workshop,
  stack: Stack,
  here: (exchange: Exchange) => boolean,
): Promise<boolean> {
  return killedCommand("destroy", workshop, stack, here);
}

async function killedCommand(
  command: "up" | "destroy",
  workshop: Workshop,
  stack: Stack,
  here: (exchange: Exchange) => boolean,
): Promise<boolean> {
  const options = ["--yes", "--skip-preview", "--parallel=1", "--non-interactive"];
  const child = start(workshop, stack, findCli()!, [command, "--stack", stack.name, ...options], true);
  const [killed, { code, text }] = await killedWhen(workshop.azure, child, ended(child), here);
  if (!killed && code !== 0) throw new Error(`${command} ended with ${code}\n${text}`);
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

/** `npm run <command> -- <options>` in the project's folder: a command of `ops/`. */
export function operate(
  workshop: Workshop,
  stack: Stack,
  command: "rotate" | "secrets",
  options: readonly string[],
): Promise<Ended> {
  const tsx = resolve(root, "node_modules/tsx/dist/cli.mjs");
  return ended(start(workshop, stack, process.execPath, [tsx, resolve(root, `ops/${command}.ts`), ...options], false));
}

/** Rotates a stack and kills that when `here` is true of what Azure has done. Gives whether it was killed, and how it ended. */
export async function killedRotate(
  workshop: Workshop,
  stack: Stack,
  options: readonly string[],
  here: (exchange: Exchange) => boolean,
): Promise<readonly [killed: boolean, ended: Ended]> {
  const tsx = resolve(root, "node_modules/tsx/dist/cli.mjs");
  const args = [tsx, resolve(root, "ops/rotate.ts"), stack.name, ...options];
  const child = start(workshop, stack, process.execPath, args, true);
  return killedWhen(workshop.azure, child, ended(child), here);
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
