import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Environment } from "../../infra/azure/credential";

const run = promisify(execFile);

/** The repository's pipeline, as git and GitHub's CLI tell of it. What neither tells is undefined. */
export interface PipelineAtGitHub {
  /** `contoso/mail-bot`; undefined where the project's folder comes from elsewhere. */
  repository(): Promise<string | undefined>;
  /** How the subject of its jobs' tokens begins: `repo:contoso/mail-bot`. */
  subjectPrefix(repository: string): Promise<string | undefined>;
  /** Client id of the application as which the jobs of an environment sign in. */
  clientId(repository: string, environment: string): Promise<string | undefined>;
}

/** GitHub's answer on how a repository's tokens are made; older servers give no prefix. */
interface SubjectForm {
  readonly use_default?: boolean;
  readonly sub_claim_prefix?: string;
}

/**
 * Asks git for the remote `origin`, and `gh` for the rest, each as whoever runs this.
 * https://docs.github.com/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository
 */
export function pipelineAtGitHub(folder: string, environment: Environment): PipelineAtGitHub {
  const said = async (file: string, ...args: readonly string[]): Promise<string | undefined> => {
    try {
      const { stdout } = await run(file, [...args], { cwd: folder, env: { ...environment }, timeout: 20_000 });
      return stdout.trim() || undefined;
    } catch {
      return undefined;
    }
  };
  return {
    repository: async () => repositoryIn((await said("git", "remote", "get-url", "origin")) ?? ""),
    async subjectPrefix(repository) {
      const answer = await said("gh", "api", `repos/${repository}/actions/oidc/customization/sub`);
      if (answer === undefined) return undefined;
      const { use_default: plain, sub_claim_prefix: prefix } = JSON.parse(answer) as SubjectForm;
      if (prefix) return prefix;
      // Entra compares letters' case, and people type a repository's name in any.
      const name = plain ? await said("gh", "api", `repos/${repository}`, "--jq", ".full_name") : undefined;
      return name && `repo:${name}`;
    },
    clientId: (repository, name) =>
      said("gh", "variable", "get", "AZURE_CLIENT_ID", "--env", name, "--repo", repository),
  };
}

/** `git@github.com:contoso/mail-bot.git` -> `contoso/mail-bot` */
export function repositoryIn(remote: string): string | undefined {
  return /^(?:https:\/\/(?:[^/@]+@)?|ssh:\/\/git@|git@)(?:ssh\.)?github\.com(?::\d+)?[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/i.exec(
    remote,
  )?.[1];
}
