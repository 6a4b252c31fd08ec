import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "./deployed";

const folder = join(root, ".github/workflows");

/** Names of the workflows' files: `deploy.yml`. */
export const workflowFiles: readonly string[] = readdirSync(folder).sort();

/** A workflow as it stands in its file. */
export const workflowText = (file: string): string => readFileSync(join(folder, file), "utf8");

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean | string;
}
export interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": boolean;
}
export interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs?: object;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly needs?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
}
export interface Workflow {
  readonly concurrency?: Concurrency;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const workflow = (file: string): Workflow => parse(workflowText(file)) as Workflow;

/** A job as it runs: of a workflow that calls another one, the other one's job with the inputs that it was given. */
export interface RunningJob extends Job {
  /** The file whose event starts it. */
  readonly file: string;
  readonly name: string;
  readonly on: readonly string[];
}

/** Every job that an event starts. */
export function runningJobs(): RunningJob[] {
  return workflowFiles
    .map((file) => ({ file, ...workflow(file) }))
    .filter(({ on }) => !("workflow_call" in on))
    .flatMap(({ file, on, jobs }) =>
      Object.entries(jobs).flatMap(([name, job]) =>
        called(job).map((one) => ({ ...one, file, name, on: Object.keys(on) })),
      ),
    );
}

function called(job: Job): Job[] {
  if (!job.uses) return [job];
  return Object.values(workflow(job.uses.split("/").at(-1)!).jobs).map((inner) => ({
    ...inner,
    environment: environmentOf(inner.environment ?? "", job.with ?? {}),
    ...(job.if && { if: job.if }),
  }));
}

/** The only expression that names an environment: a deployment's is its stack's, a plan's has `-plan` behind it. */
function environmentOf(expression: string, inputs: Readonly<Record<string, string>>): string {
  if (expression !== "${{ inputs.command == 'up' && inputs.stack || format('{0}-plan', inputs.stack) }}") {
    throw new Error(`This test does not know how to read the environment ${expression}`);
  }
  return inputs.command === "up" ? inputs.stack! : `${inputs.stack}-plan`;
}

/** Whether it runs what a pull request brings: its checkout is of the merge, unless it asks for another branch. */
export function runsPullRequestsCode({ on, steps = [] }: RunningJob): boolean {
  const ofPullRequest = on.includes("pull_request");
  const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
  return ofPullRequest && checkouts.some((step) => step.with?.ref === undefined);
}
