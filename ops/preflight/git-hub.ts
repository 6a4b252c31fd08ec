import type { Environment } from "../../infra/azure/credential";
import { apiOf, ask, type GitHub } from "../git-hub/api";
import { gitHubToken, originRepository, subjectPrefixIn, type SubjectForm } from "../git-hub/repository";

/** The repository's pipeline, as git and GitHub tell of it. What neither tells is undefined. */
export interface PipelineAtGitHub {
  /** `contoso/mail-bot`; undefined where the project's folder comes from elsewhere. */
  repository(): Promise<string | undefined>;
  /** How the subject of its jobs' tokens begins: `repo:contoso/mail-bot`. */
  subjectPrefix(repository: string): Promise<string | undefined>;
  /** Client id of the application as which the jobs of an environment sign in. */
  clientId(repository: string, environment: string): Promise<string | undefined>;
}

/**
 * Asks git for the remote `origin`, and GitHub for the rest, as whoever runs this; without a token of GitHub nothing.
 * https://docs.github.com/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository
 */
export function pipelineAtGitHub(folder: string, environment: Environment): PipelineAtGitHub {
  let asking: Promise<string | undefined> | undefined;
  /** Once: what GitHub does not tell, for whatever reason, is no fault of the set-up, and the finding says how to ask. */
  const asked = async <Found>(repository: string, path: string): Promise<Found | undefined> => {
    const token = await (asking ??= gitHubToken(folder, environment));
    if (token === undefined) return undefined;
    const gitHub: GitHub = apiOf(environment, { repository, token });
    const answer = await ask(gitHub, "GET", `/repos/${repository}${path}`).catch(() => undefined);
    return answer?.content as Found | undefined;
  };
  return {
    repository: () => originRepository(folder, environment),
    async subjectPrefix(repository) {
      const form = await asked<SubjectForm>(repository, "/actions/oidc/customization/sub");
      const fullName = async () => (await asked<{ full_name?: string }>(repository, ""))?.full_name;
      return form && subjectPrefixIn(form, fullName);
    },
    clientId: async (repository, name) =>
      (
        await asked<{ value?: string }>(
          repository,
          `/environments/${encodeURIComponent(name)}/variables/AZURE_CLIENT_ID`,
        )
      )?.value,
  };
}
