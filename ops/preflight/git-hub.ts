import type { Environment } from "../../infra/azure/credential";
import { originRepository, said, subjectPrefixIn, type SubjectForm } from "../git-hub/repository";

/** The repository's pipeline, as git and GitHub's CLI tell of it. What neither tells is undefined. */
export interface PipelineAtGitHub {
  /** `contoso/mail-bot`; undefined where the project's folder comes from elsewhere. */
  repository(): Promise<string | undefined>;
  /** How the subject of its jobs' tokens begins: `repo:contoso/mail-bot`. */
  subjectPrefix(repository: string): Promise<string | undefined>;
  /** Client id of the application as which the jobs of an environment sign in. */
  clientId(repository: string, environment: string): Promise<string | undefined>;
}

/**
 * Asks git for the remote `origin`, and `gh` for the rest, each as whoever runs this.
 * https://docs.github.com/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository
 */
export function pipelineAtGitHub(folder: string, environment: Environment): PipelineAtGitHub {
  const asked = (...args: readonly string[]): Promise<string | undefined> => said(folder, environment, "gh", ...args);
  return {
    repository: () => originRepository(folder, environment),
    async subjectPrefix(repository) {
      const answer = await asked("api", `repos/${repository}/actions/oidc/customization/sub`);
      if (answer === undefined) return undefined;
      return subjectPrefixIn(JSON.parse(answer) as SubjectForm, () =>
        asked("api", `repos/${repository}`, "--jq", ".full_name"),
      );
    },
    clientId: (repository, name) => asked("variable", "get", "AZURE_CLIENT_ID", "--env", name, "--repo", repository),
  };
}
