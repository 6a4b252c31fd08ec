import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Step, workflow } from "./workflows";

/** What a runner gives to a job. */
export interface Runner {
  /** The checkout. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What `${{ ... }}` stands for: `github.event.pull_request.number`. One that is not here is a mistake. */
  readonly expressions: Readonly<Record<string, string>>;
}

/** Where a runner keeps what a job puts beside its checkout, and where actions unpack what another job has handed over. */
export const runnerTemp = (folder: string): string => `${folder}-temp`;

/** How a job ended. */
export interface Ended {
  /** Exit code of every step that ran, by its name. */
  readonly steps: Readonly<Record<string, number>>;
  readonly log: string;
  /** What the steps wrote for the page of the run. */
  readonly summary: string;
}

/**
 * Runs the `run:` lines of a job as GitHub's runner does, in bash, with the workflow's own environment. What only brings
 * the code and the sign-in (actions, `npm ci`) is left out. After a step that failed only those run that say so.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export async function runJob(file: string, name: string, runner: Runner): Promise<Ended> {
  const job = workflow(file).jobs[name]!;
  const summary = join(runner.folder, "..", `summary-${file}-${name}-${process.hrtime.bigint()}.md`);
  await mkdir(runnerTemp(runner.folder), { recursive: true });
  const codes: Record<string, number> = {};
  let failed = false;
  let log = "";
  for (const step of job.steps ?? []) {
    if (!step.run || step.run.startsWith("npm ci")) continue;
    if (failed && step.if !== "${{ !cancelled() }}") continue;
    const environment = {
      ...runner.environment,
      ...filled({ ...job.env, ...step.env }, runner.expressions),
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: runnerTemp(runner.folder),
    };
    const { code, text } = await bash(step, runner.folder, environment);
    codes[step.name ?? step.run] = code;
    failed ||= code !== 0 && !step["continue-on-error"];
    log += text;
  }
  return { steps: codes, log, summary: existsSync(summary) ? readFileSync(summary, "utf8") : "" };
}

function filled(values: Readonly<Record<string, string>>, known: Runner["expressions"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_all, expression: string) => {
        const text = known[expression];
        if (text === undefined) throw new Error(`The workflow reads ${expression}, which the test does not know`);
        return text;
      }),
    ]),
  );
}

function bash({ run, shell }: Step, cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number; text: string }> {
  const options = shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"];
  const child = spawn("bash", [...options, "-c", run!], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", (code) => done({ code: code ?? -1, text }));
  });
}
