import { execFile } from "node:child_process";
import { OpsError } from "../../cli/ops-error";
import type { PreviewProject } from "../project";

/** Whose a preview is, and what of. */
export interface Ownership {
  readonly owner?: string;
  readonly commit?: string;
}

/**
 * Owner and commit as they were typed, else git's own `user.email` and HEAD, else what GitHub says of the run. Throws a
 * {@link OpsError} `wrong-option` where a typed one would be refused as a setting.
 */
export async function ownershipOf(project: PreviewProject, typed: Ownership): Promise<Ownership> {
  refuse("--owner", typed.owner, /^[\w .,@+-]{1,100}$/, "1 to 100 of A-Z a-z 0-9 _ . , @ + - and space");
  refuse("--commit", typed.commit, /^[0-9a-f]{7,64}$/, "a commit's hash, 7 to 64 of 0-9 a-f");
  const { folder, environment } = project;
  const owner = typed.owner ?? (await git(folder, "config", "user.email")) ?? environment.GITHUB_ACTOR;
  const commit = typed.commit ?? (await git(folder, "rev-parse", "HEAD")) ?? environment.GITHUB_SHA;
  return {
    // An account such as dependabot[bot] has letters that a tag may not have.
    ...(owner ? { owner: owner.replace(/[^\w .,@+-]/g, "-").slice(0, 100) } : {}),
    ...(commit ? { commit } : {}),
  };
}

function refuse(option: string, value: string | undefined, allowed: RegExp, words: string): void {
  if (value === undefined || allowed.test(value)) return;
  throw new OpsError("wrong-option", `${option} ${JSON.stringify(value)} cannot be a tag`, `Give ${words}.`);
}

/** What git says; undefined where there is no git, no repository or no answer. */
function git(folder: string, ...command: string[]): Promise<string | undefined> {
  return new Promise((done) => {
    execFile("git", command, { cwd: folder }, (error, out) => done(error ? undefined : out.trim() || undefined));
  });
}
