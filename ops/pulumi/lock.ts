import { hostname } from "node:os";
import { OpsError } from "../cli/ops-error";
import { isPulumi, type Process } from "./processes";
import type { PulumiProject } from "./project";
import { stateFiles } from "./state-files";

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

/** Somebody holds the stack; `locks` is empty where the backend does not say who. */
export class StackLocked extends OpsError {
  constructor(
    stack: string,
    readonly locks: readonly Lock[],
  ) {
    // Pulumi's words may reach us twice: from its output, and from the error that its API makes of it.
    const holders = new Set(locks.map(({ user, host, pid, at }) => `${user}@${host} (pid ${pid}) since ${at}`));
    const fix = `Wait for it to end; if it was killed: npm run recover -- ${stack}`;
    super("stack-locked", `${stack} is held by ${[...holders].join(", and by ") || "another update"}`, fix, "held");
  }
}

/** Whether the lock's owner still runs on this machine: then nothing was killed. */
export function stillHeld({ pid, host }: Lock, processes: readonly Process[], here = hostname()): boolean {
  return host === here && isPulumi(processes.find((process) => process.pid === pid));
}

/**
 * The locks of a stack in a backend of files or blobs; undefined for another backend, and for blobs that may not be read: these
 * tell of locks only when a command meets them.
 */
export async function locksOf(project: PulumiProject, stack: string): Promise<Lock[] | undefined> {
  const folder = `.pulumi/locks/organization/${project.project}/${stack}`;
  try {
    const files = await stateFiles(project);
    const names = (await files?.list(folder))?.filter((name) => name.endsWith(".json"));
    if (!files || !names) return undefined;
    // One that is gone meanwhile was taken away by its owner.
    const texts = await Promise.all(names.map((name) => files.read(`${folder}/${name}`)));
    return texts.flatMap((text) => (text === undefined ? [] : [lockFrom(text)]));
  } catch {
    return undefined;
  }
}

/** https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/backend/diy/lock.go */
function lockFrom(text: string): Lock {
  const { pid, username, hostname, timestamp } = JSON.parse(text) as {
    pid: number;
    username: string;
    hostname: string;
    timestamp: string;
  };
  return { pid, host: hostname, user: username, at: timestamp };
}

/** Those of the locks that were not there at an earlier look: whoever took one of them was not killed before it. */
export function takenSince(earlier: readonly Lock[], now: readonly Lock[]): Lock[] {
  const seen = new Set(earlier.map(sentenceOfLock));
  return now.filter((lock) => !seen.has(sentenceOfLock(lock)));
}

/** The taking away of a lock, as people read it. */
export function sentenceOfLock({ user, host, pid, at }: Lock): string {
  return `cancel the lock of ${user}@${host} (pid ${pid}) of ${at}`;
}
