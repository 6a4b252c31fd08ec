import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Environment } from "../../infra/azure/credential";

const run = promisify(execFile);

/** What a tool writes, without blanks around it; undefined where it is not there, or refuses. */
async function said(
  folder: string,
  environment: Environment,
  file: string,
  ...args: readonly string[]
): Promise<string | undefined> {
  try {
    const { stdout } = await run(file, [...args], { cwd: folder, env: { ...environment }, timeout: 20_000 });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The repository at GitHub that a folder's remote `origin` is, `contoso/mail-bot`; undefined where it comes from elsewhere. */
export async function originRepository(folder: string, environment: Environment): Promise<string | undefined> {
  return repositoryIn((await said(folder, environment, "git", "remote", "get-url", "origin")) ?? "");
}

/** `git@github.com:contoso/mail-bot.git` -> `contoso/mail-bot` */
export function repositoryIn(remote: string): string | undefined {
  return /^(?:https:\/\/(?:[^/@]+@)?|ssh:\/\/git@|git@)(?:ssh\.)?github\.com(?::\d+)?[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/i.exec(
    remote,
  )?.[1];
}

/**
 * The token with which GitHub is asked, as its CLI takes it: from the environment, else from that CLI's own login. Never among
 * the arguments of a process. https://cli.github.com/manual/gh_help_environment
 */
export async function gitHubToken(folder: string, environment: Environment): Promise<string | undefined> {
  return environment.GH_TOKEN || environment.GITHUB_TOKEN || (await said(folder, environment, "gh", "auth", "token"));
}

/**
 * GitHub's answer on how a repository's tokens are made; older servers give no prefix.
 * https://docs.github.com/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository
 */
export interface SubjectForm {
  readonly use_default?: boolean;
  readonly sub_claim_prefix?: string;
}

/**
 * How the subject of a repository's tokens begins: `repo:contoso/mail-bot`, or with the ids of owner and repository,
 * `repo:contoso@9919/mail-bot@1296269`. Undefined where GitHub does not tell.
 * @param fullName asks GitHub how it writes the name: Entra compares letters' case, and people type it in any
 */
export async function subjectPrefixIn(
  { use_default: plain, sub_claim_prefix: prefix }: SubjectForm,
  fullName: () => Promise<string | undefined>,
): Promise<string | undefined> {
  if (prefix) return prefix;
  const name = plain ? await fullName() : undefined;
  return name && `repo:${name}`;
}
