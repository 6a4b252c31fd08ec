import { OpsError } from "../../cli/ops-error";
import { apiOf, type GitHub } from "../../git-hub/api";

/** GitHub as a job of a workflow has it, by what GitHub sets there. Throws an {@link OpsError} `not-on-github`. */
export function gitHubOf(environment: NodeJS.ProcessEnv): GitHub {
  const { GITHUB_REPOSITORY, GITHUB_TOKEN } = environment;
  const missing = Object.entries({ GITHUB_REPOSITORY, GITHUB_TOKEN }).find(([, value]) => !value)?.[0];
  if (missing) {
    const fix = "A workflow gives it to the step; elsewhere leave --post out, and the comment is printed.";
    throw new OpsError("not-on-github", `${missing} is not set`, fix);
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY!)) {
    throw new OpsError("not-on-github", `GITHUB_REPOSITORY is ${JSON.stringify(GITHUB_REPOSITORY)}`, "Set owner/name.");
  }
  return apiOf(environment, { repository: GITHUB_REPOSITORY!, token: GITHUB_TOKEN! });
}
