/**
 * Runs the unchanged Pulumi program without Pulumi's CLI, into the local Azure.
 *
 * This is not Pulumi's engine, and it does not want to be: it creates everything once, into an Azure that lives in
 * memory, and keeps no state. Whoever wants to preview, update, refresh or destroy uses `pulumi` itself; the same
 * stand-ins for the plugins serve it there.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { ProgramError } from "./error";
import type { Job, ProgramEvent, Report } from "./message";

export { ProgramError } from "./error";
export type { ProgramEvent } from "./message";

export interface ProgramOptions {
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  readonly stack: string;
  /** What the program's process gets besides this one's environment: the deployer's `ARM_*`, the way to Azure. */
  readonly environment: Readonly<Record<string, string>>;
  /** Settings that go before those of the stack's file; a key without a namespace is the project's. */
  readonly config?: Readonly<Record<string, string>>;
  /** The same for settings that are secret, as if the stack's file held them encrypted. */
  readonly secretConfig?: Readonly<Record<string, string>>;
  onEvent(event: ProgramEvent): void;
  /** Ends the program's process. */
  readonly signal?: AbortSignal;
}

export interface ProgramResult {
  /** The stack's outputs; a secret one reads `[secret]`. */
  readonly outputs: Record<string, unknown>;
  /** How many resources were made, components not counted. */
  readonly resources: number;
}

/** What this process knows about Azure, Pulumi or proxies must not reach the program: the caller's word alone counts. */
const foreign = /^(ARM_|AZURE_|PULUMI_|NODE_OPTIONS$|TS_NODE_)|^(https?|no|all)_proxy$/i;

/**
 * Runs the program of a project to its end, in a process of its own.
 * @throws ProgramError `ResourceFailed` naming the first resource that failed and the cause, after the creations then
 *   under way have ended; `ProgramFailed` for a fault of the program or its settings; `Aborted` by the signal
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const child = spawn(
    process.execPath,
    ["-r", require.resolve("ts-node/register/transpile-only"), join(__dirname, "child.ts")],
    {
      cwd: options.root,
      env: { ...Object.fromEntries(inherited), ...options.environment },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", reject);
  });
  const abort = (): void => void child.kill();
  options.signal?.addEventListener("abort", abort, { once: true });
  if (options.signal?.aborted) abort();

  let end: Exclude<Report, { event: ProgramEvent }> | undefined;
  const lastWords: string[] = [];
  child.on("message", (report: Report) => {
    if ("event" in report) options.onEvent(report.event);
    else end = report;
  });
  forEachLine(child.stdout, (message) => options.onEvent({ kind: "warning", message }));
  forEachLine(child.stderr, (line) => lastWords.push(line) > 10 && lastWords.shift());

  const { root, stack, config = {}, secretConfig = {} } = options;
  const job: Job = { root, stack, config: { ...config, ...secretConfig }, secrets: Object.keys(secretConfig) };
  child.send(job, () => undefined);
  const code = await exited;
  options.signal?.removeEventListener("abort", abort);

  if (options.signal?.aborted) throw new ProgramError("aborted", "the program was ended before it was done");
  if (end && "done" in end) return end.done;
  if (!end)
    throw new ProgramError("program-ended", `the program's process ended with ${code}\n${lastWords.join("\n")}`);
  const { message, type, name } = end.failed;
  if (type !== undefined && name !== undefined) throw new ProgramError("resource-failed", message, { type, name });
  throw new ProgramError("program-failed", message);
}

function forEachLine(stream: Readable | null, take: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on("line", take);
}
