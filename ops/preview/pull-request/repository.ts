import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { OpsError } from "../../cli/ops-error";
import type { Comparison } from "./changes";
import type { SettingsText } from "./settings-changes";

const run = promisify(execFile);

/**
 * What HEAD has changed since it left the main branch.
 * @param folder the project's folder
 * @param main a ref such as `origin/main`
 * Throws an {@link OpsError} `history-missing` where git cannot tell: no repository, no such ref, a shallow clone.
 */
export async function comparisonWith(folder: string, main: string): Promise<Comparison> {
  const git = async (...args: readonly string[]): Promise<string> => {
    try {
      return (await run("git", [...args], { cwd: folder, maxBuffer: 64 * 1024 * 1024 })).stdout;
    } catch (error) {
      const { stderr = "", message } = error as { stderr?: string; message: string };
      const [said = ""] = (stderr || message).trim().split("\n");
      const fix = `Fetch the whole history: git fetch --unshallow origin, or name another branch with --against.`;
      throw new OpsError("history-missing", `git cannot compare with ${main}: ${said || "they share no history"}`, fix);
    }
  };
  const list = async (...args: readonly string[]): Promise<string[]> =>
    (await git(...args)).split("\0").filter(Boolean);
  const base = (await git("merge-base", `refs/remotes/${main}`, "HEAD")).trim();
  const textAt = async (commit: string, path: string, files: readonly string[]): Promise<string | undefined> =>
    files.includes(path) ? git("show", `${commit}:./${path}`) : undefined;

  const paths = await list("diff", "--name-only", "--no-renames", "--relative", "-z", base, "HEAD");
  const [old, now] = await Promise.all(
    [base, "HEAD"].map((commit) => list("ls-tree", "--name-only", "-z", commit, "./")),
  );
  const both = async (path: string): Promise<SettingsText> => ({
    before: await textAt(base, path, old ?? []),
    after: await textAt("HEAD", path, now ?? []),
  });
  const files = [...new Set([...(old ?? []), ...(now ?? [])])].filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  const settings = await Promise.all(files.map(async (path) => [path, await both(path)] as const));
  return { paths, settings: Object.fromEntries(settings), lock: await both("package-lock.json") };
}

/** The branch that a pull request goes to: in a workflow GitHub names it, elsewhere it is main. */
export function mainBranch(environment: NodeJS.ProcessEnv): string {
  return `origin/${environment.GITHUB_BASE_REF || "main"}`;
}

/** `origin/main` as people call it: `main`. */
export function branchName(ref: string): string {
  return ref.replace(/^origin\//, "");
}
