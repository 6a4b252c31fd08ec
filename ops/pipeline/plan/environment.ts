import type { EnvironmentBody, Part } from "../part";
import type { FoundIdentity } from "../read";
import type { WantedIdentity, WantedPipeline } from "../wanted";
import { applicationName, environmentName, reviewersName } from "./names";
import { sameList } from "./same-list";

/** GitHub refuses "prevent self-review" where nobody reviews: https://github.com/github-community-projects/safe-settings/issues/628 */
export function environmentParts(
  wanted: WantedPipeline,
  identity: WantedIdentity,
  { environment }: FoundIdentity,
): Part[] {
  const { name, reviewed } = identity;
  const said = reviewed ? wanted.reviewers : undefined;
  const reviewers = said ?? environment?.reviewers ?? [];
  const prevents = reviewers.length > 0 && (reviewed || environment?.preventSelfReview === true);
  const body: EnvironmentBody = {
    wait_timer: environment?.waitTimer ?? 0,
    prevent_self_review: prevents,
    ...(environment?.adminsBypass === false && { can_admins_bypass: false }),
    reviewers: reviewers.map(({ type, id }) => ({ type, id })),
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  };
  const undecided = reviewed && said === undefined && reviewers.length === 0;
  const step = { do: "environment", identity: name, body, make: environment === undefined } as const;
  const after = [applicationName(name), ...(undecided ? [reviewersName(name)] : [])];
  const part = { where: "GitHub", what: environmentName(name) } as const;
  const differs = environment
    ? [
        ...(environment.ownBranches ? [] : ["branches of other rules may be in it"]),
        ...(sameReviewers(environment.reviewers, reviewers)
          ? []
          : [`its reviewers are ${environment.reviewers.map((one) => one.name).join(", ") || "nobody"}`]),
        ...(environment.preventSelfReview === prevents ? [] : ["who starts a job may let it go on himself"]),
      ]
    : [];
  const own: Part = !environment
    ? { ...part, found: "missing", after, step }
    : differs.length === 0
      ? { ...part, found: "there" }
      : { ...part, found: "differs", because: differs.join(", "), after, step };
  if (!reviewed) return [own];
  const names = reviewers.map((one) => one.name).join(", ");
  const who: Part = undecided
    ? {
        where: "GitHub",
        what: reviewersName(name),
        found: "missing",
        because: "who lets its jobs go on, only a person can say",
        fix: `npm run pipeline -- github ${wanted.stack} --reviewer <login or owner/team>; where nobody is to, --reviewer none`,
      }
    : {
        where: "GitHub",
        what: reviewersName(name),
        found: "there",
        because: names || "nobody, as --reviewer none says",
      };
  return [who, own];
}

const sameReviewers = (one: EnvironmentBody["reviewers"], other: EnvironmentBody["reviewers"]): boolean =>
  sameList(
    one.map(({ type, id }) => `${type}${id}`),
    other.map(({ type, id }) => `${type}${id}`),
  );

/** Without this any branch could be in it, by a workflow of its own. */
export function branchParts({ name, branches }: WantedIdentity, { environment }: FoundIdentity): Part[] {
  const found = environment?.branches ?? [];
  const after = [environmentName(name)];
  return [
    ...branches.map((branch): Part => {
      const what = `${branch} may be in ${name}`;
      return found.some((one) => one.name === branch)
        ? { where: "GitHub", what, found: "there" }
        : { where: "GitHub", what, found: "missing", after, step: { do: "branch", identity: name, branch } };
    }),
    ...found
      .filter((one) => !branches.includes(one.name))
      .map((one): Part => ({
        where: "GitHub",
        what: `${one.name} may be in ${name}`,
        found: "differs",
        because: "it must not",
        step: { do: "remove branch", identity: name, id: one.id },
      })),
  ];
}

/** What the environment's jobs are told. */
export function variableParts(
  { name, variables }: WantedIdentity,
  { application, environment }: FoundIdentity,
): Part[] {
  const wanted: Record<string, string | undefined> = { AZURE_CLIENT_ID: application?.appId, ...variables };
  return Object.entries(wanted).map(([variable, value]): Part => {
    const what = `${variable} of ${name}`;
    const current = environment?.variables.get(variable);
    if (current !== undefined && current === value) return { where: "GitHub", what, found: "there" };
    const step = { do: "variable", identity: name, name: variable, value, exists: current !== undefined } as const;
    const after = [applicationName(name), environmentName(name)];
    return current === undefined
      ? { where: "GitHub", what, found: "missing", after, step }
      : { where: "GitHub", what, found: "differs", because: `it is ${current}`, after, step };
  });
}
