import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { permissionsFor } from "../../ops/azure/graph-permissions";
import { GitHubStandIn } from "../support/git-hub";
import { type Ended, runJob, runnerTemp } from "../support/run-job";
import { Checkouts } from "./support/checkouts";
import { cliVersion, findCli } from "./support/cli";
import { cutRights } from "./support/least-rights";
import { everythingIn } from "./support/portal";
import { Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

/** Permissions at Microsoft Graph that the pipeline gives to the identity of previews: it has to do with no others. */
const permissions = permissionsFor({ adminConsent: false, preview: true }).map(({ id }) => id);

let workshop: Workshop;
let gitHub: GitHubStandIn;
let checkouts: Checkouts;
let before: string[];

beforeAll(async () => {
  workshop = await Workshop.open();
  gitHub = await GitHubStandIn.open();
  checkouts = await Checkouts.in(join(workshop.folder, "checkouts"));
  // Where the npm package looks for the CLI that it starts.
  const versions = join(workshop.environment.PULUMI_HOME!, "versions", cliVersion);
  await mkdir(versions, { recursive: true });
  await symlink(dirname(findCli()!), join(versions, "bin"));
  await cutRights(workshop.azure, ["Contributor", "Role Based Access Control Administrator"], permissions);
  before = everythingIn(workshop.azure);
});
afterAll(async () => {
  await gitHub?.close();
  await workshop?.close();
});

/** Runs a job of a workflow for a pull request, in a checkout. */
function job(
  file: string,
  name: string,
  folder: string,
  number = "",
  head = "",
  backend = workshop.environment.PULUMI_BACKEND_URL!,
): Promise<Ended> {
  const environment = workshop.environment;
  const { GITHUB_TOKEN, ...ofGitHub } = gitHub.environment;
  return runJob(file, name, {
    folder,
    // The deployer's secret wins over OIDC: for this, the local Azure would have to trust an issuer first
    // (test/end-to-end/credentials.test.ts).
    environment: { HOME: workshop.folder, ...environment, ...ofGitHub, GITHUB_ACTOR: "kim", GITHUB_BASE_REF: "main" },
    expressions: {
      "vars.AZURE_CLIENT_ID": environment.ARM_CLIENT_ID!,
      "vars.AZURE_TENANT_ID": environment.ARM_TENANT_ID!,
      "vars.AZURE_SUBSCRIPTION_ID": environment.ARM_SUBSCRIPTION_ID!,
      "vars.PULUMI_BACKEND_URL": backend,
      "github.event.pull_request.number": number,
      "inputs.number": number,
      "github.event.pull_request.head.sha": head,
      "github.token": GITHUB_TOKEN!,
    },
  });
}

/** The artifact between two jobs: GitHub unpacks it where the second one asks for it. */
async function handOver(from: string, to: string, file: string): Promise<void> {
  const folder = join(runnerTemp(to), "handed-over");
  await mkdir(folder, { recursive: true });
  await cp(join(from, file), join(folder, file)).catch(() => undefined);
}

/** What preview.yml does at a push: both jobs, and the artifact between them. */
async function pushed(
  number: string,
  change: Parameters<Checkouts["pullRequest"]>[1],
): Promise<{ head: string; up: Ended; comment: Ended }> {
  const { folder, head } = await checkouts.pullRequest(`branch-${number}`, change);
  const up = await job("preview.yml", "up", folder, number, head);
  const main = await checkouts.main();
  await handOver(folder, main, "facts.json");
  const comment = await job("preview.yml", "comment", main, number);
  expect(comment).toMatchObject({ steps: { Comment: 0, Post: 0 } });
  return { head, up, comment };
}

/** What preview-down.yml does: both jobs, and the artifact between them. */
async function closed(number: string, backend?: string): Promise<{ down: Ended; comment: Ended }> {
  const folder = await checkouts.main();
  const down = await job("preview-down.yml", "down", folder, number, "", backend);
  const main = await checkouts.main();
  await handOver(folder, main, "receipt.json");
  return { down, comment: await job("preview-down.yml", "comment", main, number) };
}

const commentOn = (number: string): string => {
  const [comment, ...others] = gitHub.comments.filter(({ pullRequest }) => pullRequest === number);
  expect(others).toEqual([]);
  expect(comment).toMatchObject({ login: "github-actions[bot]" });
  return comment!.body;
};
const settings = (edit: (text: string) => string): Parameters<Checkouts["pullRequest"]>[1] => ({
  "Pulumi.preview.yaml": edit,
});

test("a pull request is opened: its set-up comes up, and one comment says where, what changes and until when", async () => {
  const {
    head,
    up,
    comment: told,
  } = await pushed("42", {
    ...settings((text) => text.replace("User.Read,", "User.Read, Files.Read,")),
    "bot/skills/new.ts": () => "export {};\n",
  });
  expect(up).toMatchObject({ steps: { Preflight: 0, Up: 0, Facts: 0 } });
  expect(up.log).toContain("pr-42: nothing is missing. Next: npm run preview -- up 42\n");
  const outputs = await new Stack(workshop, "pr-42").outputs();
  const comment = commentOn("42");
  expect(comment).toContain(`**[Open the chat](${String(outputs.chatAddress)})**`);
  expect(comment).toMatch(/^\| Expires \| 20\d\d-\d\d-\d\d \d\d:\d\d UTC; every push begins the time anew \|$/m);
  expect(comment).toContain(`| Commit | \`${head.slice(0, 12)}\` |`);
  expect(comment).toContain("| Owner | `kim` |");
  expect(comment).toMatch(/^\| Took \| (\d+ min )?\d+ s \|$/m);
  expect(comment).toMatch(/^\| Costs \| \$\d+\.\d\d a month \(an estimate at list price\) \|$/m);
  expect(comment).toContain(
    "#### What changes against main\n\n- adds scope `Files.Read` to `GraphConnection` (previews)\n- changes the bot's code (1 file)\n",
  );
  expect(comment).toMatch(
    /\[consented for everyone\]\(https:\/\/login\.microsoftonline\.com\/[^/]+\/adminconsent\?client_id=/,
  );
  expect(comment).toMatch(/```mermaid\nflowchart LR\n[^]*OAuth connection<br>GraphConnection<br>openid [^]*\n```\n/);
  expect(told.summary).toBe(`${comment}\n`);
  expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
});

test("another push changes that comment, and adds none", async () => {
  const { head } = await pushed(
    "42",
    settings((text) => text.replace(" Files.Read,", "")),
  );
  expect(commentOn("42")).toContain(`| Commit | \`${head.slice(0, 12)}\` |`);
  expect(commentOn("42")).toContain("#### What changes against main\n\n- changes the bot's code (1 file)\n");
});

test("a push that cannot come up: the job is red, and the comment says why", async () => {
  const { up } = await pushed(
    "43",
    settings((text) => text.replace("Mail.Send", "Mail.Sent")),
  );
  expect(up).toMatchObject({ steps: { Up: 1, Facts: 0 } });
  const comment = commentOn("43");
  expect(comment).toMatch(
    /^<!-- bot-sign-in preview pr-43 -->\n### Preview 43 did not come up\n\n```\n.*Mail\.Sent[^]*Did you mean Mail\.Send by Mail\.Sent/,
  );
  expect(comment).toContain(
    "[The run](https://github.com/contoso/mail-bot/actions/runs/1234567890) has the whole log.",
  );
});

test("a job that broke off before it could say anything is told of, too", async () => {
  const main = await checkouts.main();
  expect(await job("preview.yml", "comment", main, "44")).toMatchObject({ steps: { Comment: 0, Post: 0 } });
  expect(commentOn("44")).toContain(
    "### Preview 44 did not come up\n\n```\nThe run ended before it could say anything.\n```",
  );
});

test("what a pull request's code hands over in place of facts is posted nowhere", async () => {
  const main = await checkouts.main();
  const folder = join(runnerTemp(main), "handed-over");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "facts.json"), '{ "text": "<!-- bot-sign-in preview pr-44 -->\\nhello @everyone" }');
  expect(await job("preview.yml", "comment", main, "44")).toMatchObject({ steps: { Comment: 1 }, summary: "" });
  expect(commentOn("44")).not.toContain("hello");
});

test("a pull request is closed: by main's code, in a fresh checkout, all goes, and the comment is the receipt", async () => {
  const { down, comment } = await closed("42");
  expect([down.steps, comment.steps]).toEqual([{ Down: 0 }, { Receipt: 0, Post: 0 }]);
  expect(commentOn("42")).toMatch(/^<!-- bot-sign-in preview pr-42 -->\n### Preview 42 is gone\n/);
  expect(comment.summary).toBe(`${commentOn("42")}\n`);
});

test("what never came up, or only half, is closed green; where there was no comment, none is written", async () => {
  expect(await closed("43")).toMatchObject({
    down: { steps: { Down: 0 } },
    comment: { steps: { Receipt: 0, Post: 0 } },
  });
  expect(commentOn("43")).toMatch(/### (Preview 43 is gone|There is no preview 43)/);
  const count = gitHub.comments.length;
  expect(await closed("45")).toMatchObject({
    down: { steps: { Down: 0 } },
    comment: { steps: { Receipt: 0, Post: 0 } },
  });
  expect(gitHub.comments).toHaveLength(count);
  expect(everythingIn(workshop.azure)).toEqual(before);
});

test("a closing that cannot go on is red, and the comment says why", async () => {
  gitHub.add("46", "github-actions[bot]", "<!-- bot-sign-in preview pr-46 -->\nup");
  const { down, comment } = await closed("46", "file:///nowhere");
  expect([down.steps, comment.steps]).toEqual([{ Down: 1 }, { Receipt: 0, Post: 0 }]);
  expect(commentOn("46")).toMatch(/^<!-- .* -->\n### Preview 46 did not go down\n\n```\n.*\/nowhere/);
});

test("the nightly sweep takes down what has expired and tells its pull request, and no other", async () => {
  await pushed("47", {});
  expect(commentOn("47")).toContain("#### What changes against main\n\nChanges nothing that is deployed.\n");
  const stack = new Stack(workshop, "pr-47");
  await stack.mustRun("stack", ["tag", "set", "expires", "2026-01-01T00:00:00Z", "--stack", "pr-47"]);
  const other = gitHub.add("48", "github-actions[bot]", "<!-- bot-sign-in preview pr-48 -->\nup").body;
  const folder = await checkouts.main();
  expect(await job("preview-sweep.yml", "sweep", folder)).toMatchObject({ steps: { Sweep: 0 } });
  const main = await checkouts.main();
  await handOver(folder, main, "sweep.json");
  const ended = await job("preview-sweep.yml", "comment", main);
  expect(ended).toMatchObject({ steps: { Receipts: 0, Post: 0 } });
  const receipt = /^<!-- bot-sign-in preview pr-47 -->\nIt had expired\. [^\n]*\n\n### Preview 47 is gone\n/;
  expect(commentOn("47")).toMatch(receipt);
  expect(ended.summary).toMatch(receipt);
  expect(commentOn("48")).toBe(other);
  expect(everythingIn(workshop.azure)).toEqual(before);
});
