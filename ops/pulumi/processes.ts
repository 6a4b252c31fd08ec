import { readdir, readFile, readlink } from "node:fs/promises";
import { createConnection } from "node:net";
import { basename, sep } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A process as the system shows it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly folder: string;
  readonly command: readonly string[];
}

export interface Leftover {
  readonly pid: number;
  /** `pulumi-language-nodejs` */
  readonly name: string;
}

const pluginName = /^pulumi-(resource|language)-/;

/** The engine that a plugin serves: its last argument. */
function engineOf({ command }: Process): string | undefined {
  return command.find((argument) => /^127\.0\.0\.1:\d+$/.test(argument));
}

/**
 * The plugins that a killed CLI left in this project's folder: theirs is an engine that answers no more, no
 * CLI is their parent, and one at least that served the same engine is called as Pulumi's plugins are (a plugin may
 * be a script that becomes a process of another name). Their own children come along.
 * @param answering the engines' addresses at which something still listens
 */
export function leftovers(
  processes: readonly Process[],
  projectFolder: string,
  answering: ReadonlySet<string>,
): Leftover[] {
  const alive = new Map(processes.map((process) => [process.pid, process]));
  const here = processes.filter(({ folder }) => folder === projectFolder || folder.startsWith(projectFolder + sep));
  const dead = here.filter((process) => {
    const engine = engineOf(process);
    return engine !== undefined && !answering.has(engine);
  });
  const engines = new Set(dead.filter(({ command }) => pluginOf(command)).map(engineOf));
  const candidates = dead.filter((process) => engines.has(engineOf(process)));
  const pids = new Set(candidates.map(({ pid }) => pid));
  return candidates
    .filter(({ parent }) => pids.has(parent) || !isPulumi(alive.get(parent)))
    .map(({ pid, command }) => ({
      pid,
      name:
        pluginOf(command) ??
        command
          .map((part) => basename(part))
          .slice(0, 3)
          .join(" "),
    }));
}

function pluginOf(command: readonly string[]): string | undefined {
  return command.map((part) => basename(part)).find((name) => pluginName.test(name));
}

/** Whether a process is Pulumi's CLI itself. */
export function isPulumi(process: Process | undefined): boolean {
  return process?.command[0] !== undefined && basename(process.command[0]) === "pulumi";
}

/** Every process that can be seen; none where the system has no /proc. Those that have ended and wait are left out. */
export async function runningProcesses(): Promise<Process[]> {
  const entries = await readdir("/proc").catch(() => []);
  const found = entries
    .filter((entry) => /^\d+$/.test(entry))
    .map(async (entry): Promise<Process[]> => {
      try {
        const [status, line, folder] = await Promise.all([
          readFile(`/proc/${entry}/status`, "utf8"),
          readFile(`/proc/${entry}/cmdline`, "utf8"),
          readlink(`/proc/${entry}/cwd`),
        ]);
        const command = line.split("\0").filter(Boolean);
        if (command.length === 0 || /^State:\s+Z/m.test(status)) return [];
        return [{ pid: Number(entry), parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0), folder, command }];
      } catch {
        // It ended meanwhile, or is another user's.
        return [];
      }
    });
  return (await Promise.all(found)).flat();
}

/** The plugins that are left over in this project's folder now. */
export async function findLeftovers(projectFolder: string): Promise<Leftover[]> {
  const processes = await runningProcesses();
  const engines = [...new Set(processes.flatMap((process) => engineOf(process) ?? []))];
  const answers = await Promise.all(engines.map(listens));
  return leftovers(processes, projectFolder, new Set(engines.filter((_engine, at) => answers[at])));
}

function listens(address: string): Promise<boolean> {
  const [host = "", port] = address.split(":");
  return new Promise((done) => {
    const socket = createConnection({ host, port: Number(port) });
    const end = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code !== "ECONNREFUSED"));
    socket.setTimeout(2_000, () => end(true));
  });
}

/** Ends processes, first asking them to; gives those that are still there. */
export async function endProcesses(
  processes: readonly Leftover[],
  stillLeft: () => Promise<Leftover[]>,
): Promise<Leftover[]> {
  const pids = new Set(processes.map(({ pid }) => pid));
  let left: Leftover[] = [...processes];
  for (const [signal, within] of [
    ["SIGTERM", 1_500],
    ["SIGKILL", 1_500],
  ] as const) {
    for (const { pid } of left) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended before.
      }
    }
    for (const end = Date.now() + within; Date.now() < end && left.length > 0;) {
      await wait(100);
      left = (await stillLeft()).filter(({ pid }) => pids.has(pid));
    }
  }
  return left;
}
