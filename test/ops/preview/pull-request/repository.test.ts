import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changesOf } from "../../../../ops/preview/pull-request/changes";
import { comparisonWith, mainBranch } from "../../../../ops/preview/pull-request/repository";

let folder: string;
const here = (): string => join(folder, "clone");

function git(cwd: string, ...args: string[]): string {
  const author = ["-c", "user.name=Sam", "-c", "user.email=sam@contoso.example", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...author, ...args], { cwd, encoding: "utf8", stdio: "pipe" });
}

function write(files: Record<string, string>): void {
  mkdirSync(join(here(), "bot"), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(here(), path), text);
}

function commit(message: string): void {
  git(here(), "add", "--all", "--force");
  git(here(), "commit", "--quiet", "--message", message);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "repository-test-"));
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin");
  git(folder, "clone", "--quiet", "origin", "clone");
  write({
    "Pulumi.prod.yaml": "config: { bot-sign-in:location: westeurope }",
    "bot/ä b.ts": "1",
    "package-lock.json": "{}",
  });
  commit("main");
  git(here(), "push", "--quiet", "origin", "HEAD:main");
  git(here(), "checkout", "--quiet", "-b", "feature");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what the branch changed counts, and what main has changed meanwhile does not", async () => {
  write({ "bot/ä b.ts": "2", "Pulumi.prod.yaml": "config: { bot-sign-in:location: northeurope }" });
  commit("feature");
  git(here(), "checkout", "--quiet", "-b", "other", "origin/main");
  write({ "README.md": "new on main" });
  commit("meanwhile");
  git(here(), "push", "--quiet", "origin", "HEAD:main");
  git(here(), "checkout", "--quiet", "feature");
  // Only in the working tree: a preview's own file, which no commit holds.
  write({ "Pulumi.pr-42.yaml": "config: { bot-sign-in:owner: kim }" });

  expect(changesOf(await comparisonWith(here(), "origin/main"))).toEqual({
    deployed: ["changes `location` from `westeurope` to `northeurope` (prod)", "changes the bot's code (1 file)"],
    besides: [],
  });
});

test("a merge commit of both, as GitHub checks it out, tells the same", async () => {
  write({ "bot/ä b.ts": "2" });
  commit("feature");
  git(here(), "checkout", "--quiet", "--detach", "origin/main");
  git(here(), "merge", "--quiet", "--no-ff", "feature", "--message", "merge");
  expect((await comparisonWith(here(), "origin/main")).paths).toEqual(["bot/ä b.ts"]);
});

test("where git cannot tell, the sentence says so and how to fix it", async () => {
  await expect(comparisonWith(here(), "origin/gone")).rejects.toMatchObject({
    code: "history-missing",
    message: expect.stringMatching(
      /^git cannot compare with origin\/gone: fatal: .*\. Fetch the whole history: git fetch --unshallow origin, /,
    ) as string,
  });
  await expect(comparisonWith(folder, "origin/main")).rejects.toMatchObject({ code: "history-missing" });
});

test("a workflow's pull request may go to another branch than main", () => {
  expect(mainBranch({ GITHUB_BASE_REF: "release/2" })).toBe("origin/release/2");
  expect(mainBranch({ GITHUB_BASE_REF: "" })).toBe("origin/main");
});
