import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isPulumi, type Process } from "./leftover-processes";
import { stateFolder } from "./state-folder";

/** Who holds a stack, as Pulumi notes it. */
export interface Lock {
  readonly pid: number;
  readonly host: string;
  readonly user: string;
  /** When it was taken, as Pulumi wrote it. */
  readonly at: string;
}

/**
 * The locks that Pulumi's own words tell of, which are the same for every backend of files and blobs:
 * `created by kim@laptop (pid 4711) at 2026-01-31T09:00:00Z`.
 */
export function locksIn(said: string): Lock[] {
  return [...said.matchAll(/created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g)].map(
    ([, user = "", host = "", pid = "", at = ""]) => ({ pid: Number(pid), host, user, at }),
  );
}

/** Whether Pulumi refuses because somebody holds the stack, here or in Pulumi Cloud. */
export function isLocked(said: string): boolean {
  return /the stack is currently locked by|Another update is currently in progress/.test(said);
}

/** Whether the lock's owner still runs on this machine: then nothing was killed. */
export function stillHeld({ pid, host }: Lock, processes: readonly Process[], here = hostname()): boolean {
  return host === here && isPulumi(processes.find((process) => process.pid === pid));
}

/** The locks in a backend of files; undefined for another backend, which tells of them only when a command meets them. */
export async function fileLocks(
  environment: NodeJS.ProcessEnv,
  project: string,
  stack: string,
): Promise<Lock[] | undefined> {
  const root = await stateFolder(environment);
  if (root === undefined) return undefined;
  const folder = join(root, ".pulumi/locks/organization", project, stack);
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  return Promise.all(
    files.map(async (file) => {
      const {
        pid,
        username,
        hostname: host,
        timestamp,
      } = JSON.parse(await readFile(join(folder, file), "utf8")) as {
        pid: number;
        username: string;
        hostname: string;
        timestamp: string;
      };
      return { pid, host, user: username, at: timestamp };
    }),
  );
}

export function sentenceOfLock({ user, host, pid, at }: Lock): string {
  return `cancel the lock of ${user}@${host} (pid ${pid}) of ${at}`;
}
