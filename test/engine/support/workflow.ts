import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const folder = resolve(__dirname, "../../../.github/workflows");

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
  readonly "continue-on-error"?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** What a runner gives to a job. */
export interface Runner {
  /** The checkout. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What `${{ ... }}` stands for: `github.event.pull_request.number`. One that is not here is a mistake. */
  readonly expressions: Readonly<Record<string, string>>;
}

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
  const { jobs } = parse(readFileSync(join(folder, file), "utf8")) as { jobs: Record<string, Job> };
  const job = jobs[name]!;
  const summary = join(runner.folder, "..", `summary-${file}-${name}-${process.hrtime.bigint()}.md`);
  const codes: Record<string, number> = {};
  let failed = false;
  let log = "";
  for (const step of job.steps) {
    if (!step.run || step.run === "npm ci") continue;
    if (failed && step.if !== "${{ !cancelled() }}") continue;
    const environment = {
      ...runner.environment,
      ...filled({ ...job.env, ...step.env }, runner.expressions),
      GITHUB_STEP_SUMMARY: summary,
    };
    const { code, text } = await bash(step.run, runner.folder, environment);
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

function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number; text: string }> {
  const child = spawn("bash", ["-e", "-c", script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", (code) => done({ code: code ?? -1, text }));
  });
}
