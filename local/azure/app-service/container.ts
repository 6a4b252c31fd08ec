import { spawn, type ChildProcess } from "node:child_process";
import { get } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { exposedListeners } from "./exposed";
import type { Guard } from "./guard";

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ContainerOptions {
  /** Content folder; the process's working directory. */
  readonly folder: string;
  /** Path of the generated start script. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  readonly guard: Guard;
  /** Gets each line of stdout and stderr, unchanged. */
  onLine(line: string, isError: boolean): void;
}

/** Milliseconds between two looks whether the app answers. */
const probeInterval = 40;

/** One run of an app: its process, as App Service's container is to it. */
export class Container {
  readonly port: number;
  /** Settles when the process has ended and its last line was read. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #guard: Guard;
  #stopping?: Promise<void>;
  #exit?: Exit;

  /** Starts the process. It sees the given environment and nothing else. */
  constructor(options: ContainerOptions) {
    this.port = options.port;
    this.#guard = options.guard;
    const windows = process.platform === "win32";
    // Its own group: Ctrl-C in the terminal must not reach it before the platform asks it to stop.
    this.#child = spawn(windows ? "cmd.exe" : "/bin/sh", windows ? ["/c", options.script] : [options.script], {
      cwd: options.folder,
      env: { ...options.environment },
      detached: !windows,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const group = this.#child.pid;
    if (group) this.#guard.add(group);
    const lines = [this.#child.stdout!, this.#child.stderr!].map((input) => {
      const reader = createInterface({ input, crlfDelay: Infinity });
      reader.on("line", (line) => options.onLine(line, input === this.#child.stderr));
      return new Promise<void>((resolve) => reader.once("close", resolve));
    });
    const ended = new Promise<Exit>((resolve) => {
      this.#child.once("error", (error) => {
        options.onLine(error.message, true);
        resolve({ code: 127, signal: null });
      });
      this.#child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    this.exited = ended.then(async (exit) => {
      this.#exit = exit;
      // A start command without exec leaves the app behind its shell; the container's end takes it along.
      this.#kill("SIGKILL");
      if (group) this.#guard.remove(group);
      await Promise.all(lines);
      return exit;
    });
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  /**
   * Waits until the app answers anything at `/robots933456.txt`, the path with which App Service tries a new container.
   * @param limit milliseconds
   * Gives `exited` or `timeout` where it does not come to that.
   */
  async ready(limit: number): Promise<"ready" | "exited" | "timeout"> {
    const end = Date.now() + limit;
    while (this.running) {
      if (await answers(this.port)) return this.running ? "ready" : "exited";
      if (Date.now() > end) return "timeout";
      await Promise.race([pause(probeInterval), this.exited]);
    }
    return "exited";
  }

  /** Addresses on which the app listens and that other machines reach. */
  async exposed(): Promise<string[]> {
    const { pid } = this.#child;
    return pid && this.running ? exposedListeners(pid) : [];
  }

  /**
   * Asks the process to end with SIGTERM and ends it with SIGKILL after the limit.
   * @param limit milliseconds: WEBSITES_CONTAINER_STOP_TIME_LIMIT, default 5 s
   */
  stop(limit: number): Promise<void> {
    this.#stopping ??= (async () => {
      if (!this.running) return;
      this.#child.kill("SIGTERM");
      const timer = setTimeout(() => this.#kill("SIGKILL"), limit);
      await this.exited;
      clearTimeout(timer);
    })();
    return this.#stopping;
  }

  /** Signals the whole group, the shell's children included. */
  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (!pid) return;
    try {
      if (process.platform === "win32") this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // The group has ended already.
    }
  }
}

/** A port that is free on loopback now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: "127.0.0.1", port, path: "/robots933456.txt", agent: false, timeout: 5_000 },
      (response) => {
        response.resume();
        resolve(true);
      },
    );
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}
