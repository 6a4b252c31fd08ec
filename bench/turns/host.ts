import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

/** What a host's process has used: milliseconds of processor since its start, bytes of memory now. */
export interface Used {
  readonly cpu: number;
  readonly rss: number;
}

/** A host that is measured, in a process of its own on one core, where the system can hold it there. */
export interface Host {
  readonly name: string;
  readonly address: string;
  /** The end of what it has written. */
  said(): string;
  used(): Promise<Used>;
  stop(): Promise<void>;
}

export interface HostStart {
  readonly name: string;
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folder for a profile of its processor time; without one none is made. */
  readonly profiles: string | undefined;
}

/** Whether `taskset` can hold a process on one core. */
export const oneCore = (): boolean => spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** Starts a host and waits until it listens. What it wrote ends the error of a start that fails. */
export async function startHost({ name, script, env, profiles }: HostStart): Promise<Host> {
  const port = await freePort();
  const options = [
    `--require=${join(__dirname, "preload.cjs")}`,
    ...(profiles
      ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${name.replaceAll(/\W+/g, "-")}.cpuprofile`]
      : []),
    script,
  ];
  const [command, ...rest] = [...(oneCore() ? ["taskset", "-c", "0"] : []), process.execPath, ...options];
  const child = spawn(command as string, rest, {
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
  const address = `http://127.0.0.1:${port}/api/messages`;
  await listening(child, address).catch((error: unknown) => {
    child.kill();
    throw new Error(`${name}: ${String(error)}\n${said}`);
  });
  return {
    name,
    address,
    said: () => said,
    used: () =>
      new Promise((done) => {
        child.once("message", (used) => done(used as Used));
        child.send("used");
      }),
    stop: async () => {
      const ended = new Promise((done) => child.once("exit", done));
      if (child.exitCode === null && child.kill()) await ended;
    },
  };
}

async function listening(child: ChildProcess, address: string): Promise<void> {
  for (const until = Date.now() + 60_000; ; await new Promise((next) => setTimeout(next, 50))) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    if (await fetch(address, { method: "HEAD" }).catch(() => undefined)) return;
    if (Date.now() > until) throw new Error("does not listen after 60 s");
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
