import { OpsError } from "../cli/ops-error";
import { find, type GitHub, listed } from "../git-hub/api";
import { type SubjectForm, subjectPrefixIn } from "../git-hub/repository";
import type { Reviewer } from "./wanted";

/** An environment of a repository, as far as a pipeline has to do with it. */
export interface EnvironmentAtGitHub {
  readonly reviewers: readonly Reviewer[];
  readonly preventSelfReview: boolean;
  /** Whether administrators may let a job go on without its reviewers. */
  readonly adminsBypass: boolean;
  /** Minutes that a job waits. */
  readonly waitTimer: number;
  /** Whether its branches are those of a list of its own; else all, or all protected ones, may be in it. */
  readonly ownBranches: boolean;
  readonly branches: readonly { readonly id: number; readonly name: string }[];
  readonly variables: ReadonlyMap<string, string>;
  /** How many secrets it has: a pipeline makes none. */
  readonly secrets: number;
}

interface Rule {
  readonly type: string;
  readonly wait_timer?: number;
  readonly prevent_self_review?: boolean;
  readonly reviewers?: readonly {
    readonly type: Reviewer["type"];
    readonly reviewer: { readonly id: number; readonly login?: string; readonly slug?: string };
  }[];
}

/** https://docs.github.com/rest/repos/repos#get-a-repository */
interface Repository {
  readonly full_name: string;
  readonly owner: { readonly login: string };
  readonly permissions?: { readonly admin?: boolean };
}

/** The path of an environment: a name may have a slash in it. */
export const environmentPath = (repository: string, name: string): string =>
  `/repos/${repository}/environments/${encodeURIComponent(name)}`;

/**
 * The repository as GitHub writes its name, and how the subject of its jobs' tokens begins.
 * Throws an {@link OpsError} where it is not there, where GitHub does not tell, and where whoever asks is no administrator.
 */
export async function repositoryAtGitHub(gitHub: GitHub): Promise<{ fullName: string; subjectPrefix: string }> {
  const { repository } = gitHub;
  const found = await find<Repository>(gitHub, `/repos/${repository}`);
  if (!found) {
    const cause = `GitHub has no repository ${repository}, or the token may not see it`;
    throw new OpsError("repository-unknown", cause, "say which with --repo owner/name, or sign in with gh auth login");
  }
  const fullName = found.full_name;
  if (found.permissions?.admin === false) {
    const cause = `Whoever is signed in to GitHub is no administrator of ${fullName}, and only one may read and make its environments`;
    throw new OpsError("right-missing", cause, "have one run this, or be made one");
  }
  const form = await find<SubjectForm>(gitHub, `/repos/${fullName}/actions/oidc/customization/sub`);
  const subjectPrefix = form && (await subjectPrefixIn(form, () => Promise.resolve(fullName)));
  // Entra compares a subject as a whole: one that is put together of other claims cannot be told before a job has sent it.
  if (subjectPrefix === undefined || form?.use_default === false) {
    throw new OpsError(
      "subject-unknown",
      `The subject of the tokens of ${fullName} is made of claims of its own, and Entra has to know it letter by letter`,
      `gh api --method PUT repos/${fullName}/actions/oidc/customization/sub -F use_default=true`,
    );
  }
  return { fullName, subjectPrefix };
}

/**
 * An environment with its branches and variables; undefined where there is none.
 * https://docs.github.com/rest/deployments/environments, https://docs.github.com/rest/deployments/branch-policies,
 * https://docs.github.com/rest/actions/variables#list-environment-variables
 */
export async function environmentAtGitHub(gitHub: GitHub, name: string): Promise<EnvironmentAtGitHub | undefined> {
  const path = environmentPath(gitHub.repository, name);
  const found = await find<{
    readonly protection_rules?: readonly Rule[];
    readonly deployment_branch_policy: { readonly custom_branch_policies: boolean } | null;
    readonly can_admins_bypass?: boolean;
  }>(gitHub, path);
  if (!found) return undefined;
  const rules = found.protection_rules ?? [];
  const reviewing = rules.find(({ type }) => type === "required_reviewers");
  const ownBranches = found.deployment_branch_policy?.custom_branch_policies === true;
  const [branches, variables, secrets] = await Promise.all([
    ownBranches
      ? listed<{ id: number; name: string; type?: string }>(
          gitHub,
          `${path}/deployment-branch-policies?per_page=100`,
          "branch_policies",
        )
      : [],
    listed<{ name: string; value: string }>(gitHub, `${path}/variables?per_page=30`, "variables"),
    find<{ readonly total_count: number }>(gitHub, `${path}/secrets?per_page=1`),
  ]);
  const [owner] = gitHub.repository.split("/");
  return {
    reviewers: (reviewing?.reviewers ?? []).map(({ type, reviewer: { id, login, slug } }) => ({
      type,
      id,
      name: type === "Team" ? `${owner}/${slug}` : String(login),
    })),
    preventSelfReview: reviewing?.prevent_self_review === true,
    adminsBypass: found.can_admins_bypass !== false,
    waitTimer: rules.find(({ type }) => type === "wait_timer")?.wait_timer ?? 0,
    ownBranches,
    branches,
    variables: new Map(variables.map(({ name, value }) => [name, value])),
    secrets: secrets?.total_count ?? 0,
  };
}

/**
 * A person by login, or a team by `owner/team`. https://docs.github.com/rest/users/users#get-a-user,
 * https://docs.github.com/rest/teams/teams#get-a-team-by-name
 * Throws an {@link OpsError} `reviewer-unknown`.
 */
export async function reviewerNamed(gitHub: GitHub, name: string): Promise<Reviewer> {
  const [, owner, slug] = /^@?(\w[\w-]*)(?:\/(\w[\w.-]*))?$/.exec(name) ?? [];
  const path = slug === undefined ? `/users/${owner}` : `/orgs/${owner}/teams/${slug}`;
  const found = owner === undefined ? undefined : await find<{ id: number }>(gitHub, path);
  if (found) return { type: slug === undefined ? "User" : "Team", id: found.id, name: name.replace(/^@/, "") };
  const cause = `GitHub has no ${name.includes("/") ? "team" : "person"} ${name}, or the token may not see it`;
  const fix = "say --reviewer with a login, or with owner/team; a team wants a token that may read the organisation";
  throw new OpsError("reviewer-unknown", cause, fix);
}
