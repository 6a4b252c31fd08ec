/**
 * The process in which the program runs: takes one job over the IPC channel, runs the program against a monitor of its
 * own, reports, ends. Uses internals of @pulumi/pulumi (a store of its own, a monitor that is an object instead of an
 * address), so its version is pinned and `test/local/embedded.test.ts` holds the contract.
 */
import { statSync } from "node:fs";
import { sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";
import { createPlugins } from "../plugins";
import { createSession } from "../plugins/session";
import { ProgramError } from "./error";
import type { Job, Report } from "./message";
import { CreatingMonitor } from "./monitor";
import { ownProviders } from "./own-providers";
import { readProject } from "./project";

/** Parts of the SDK that have no public type. */
interface Store {
  settings: { engine?: unknown; options: { rootDirectory?: string } };
}
const { waitForRPCs } = settings as unknown as { waitForRPCs: () => Promise<void> };
const { LocalStore } = state as unknown as { LocalStore: new () => Store };
const { asyncLocalStorage } = globalThis as unknown as {
  asyncLocalStorage: { run<T>(store: Store, work: () => T): T };
};

const report = (message: Report): void => void process.send?.(message);

async function run(job: Job): Promise<CreatingMonitor> {
  const {
    name: project,
    main,
    config,
    secretKeys,
    providers,
  } = readProject(job.root, job.stack, job.config, job.secrets);
  const warn = (message: string): void => report({ event: { kind: "warning", message } });
  const session = createSession({ environment: process.env, warn });
  const monitor = new CreatingMonitor({
    project,
    stack: job.stack,
    plugins: createPlugins(session),
    own: ownProviders(providers, warn),
    onEvent: (event) => report({ event }),
  });
  const logged: string[] = [];
  const engine = {
    log(request: LogRequest, callback: () => void) {
      const message = request.getMessage();
      if (request.getSeverity() === LogSeverity.WARNING) report({ event: { kind: "warning", message } });
      if (request.getSeverity() === LogSeverity.INFO) report({ event: { kind: "note", message } });
      if (request.getSeverity() === LogSeverity.ERROR) logged.push(message);
      callback();
    },
    setRootResource: (_request: unknown, callback: (error: null, response: unknown) => void) => callback(null, {}),
  };

  const store = new LocalStore();
  await asyncLocalStorage.run(store, async () => {
    settings.setMockOptions(monitor, project, job.stack, false, "organization");
    store.settings.engine = engine;
    store.settings.options.rootDirectory = job.root;
    pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
    const broken = new Promise<never>((_resolve, reject) => {
      // An exception in an `apply` is nobody's to catch; it surfaces here, once for each output that depends on it.
      process.on("unhandledRejection", reject);
      process.on("uncaughtException", reject);
    });
    const program = pulumi.runtime.runInPulumiStack(() => load(main)).then(() => waitForRPCs());
    const failed = monitor.failed.then((error) => Promise.reject(error));
    try {
      await Promise.race([program, failed, broken]);
    } catch (error) {
      await monitor.settled();
      throw error;
    }
  });
  if (logged.length > 0) throw new ProgramError("program-failed", logged.join("\n"));
  return monitor;
}

/** Runs the program as Pulumi's own executor does: a module whose export may be a function. */
async function load(main: string): Promise<Record<string, unknown>> {
  const path = statSync(main).isDirectory() && !main.endsWith(sep) ? main + sep : main;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is known only now, and ts-node hooks require
  const exported = require(path) as unknown;
  return (typeof exported === "function" ? await (exported as () => unknown)() : exported) as Record<string, unknown>;
}

/** One line of what went wrong; for a fault in the program's own code also where. */
function explained(error: unknown, root: string): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ProgramError || "__pulumiRunError" in error) return error.message;
  const place = error.stack
    ?.split("\n")
    .find((line) => line.includes(root + sep) && !line.includes(`${sep}node_modules${sep}`))
    ?.trim();
  const line = error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
  return place ? `${line}\n  ${place}` : line;
}

process.once("disconnect", () => process.exit(1));
process.once("message", (job: Job) => {
  const end = (message: Report, code: number): void => void process.send?.(message, () => process.exit(code));
  run(job).then(
    ({ outputs, resources }) => end({ done: { outputs, resources } }, 0),
    (error: unknown) => {
      const resource = error instanceof ProgramError ? error.resource : undefined;
      end({ failed: { message: explained(error, job.root), ...resource } }, 1);
    },
  );
});
