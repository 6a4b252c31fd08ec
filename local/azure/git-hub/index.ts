import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import { createApi } from "./api";
import { Environments } from "./environments";
import { GitHubGrants } from "./grants";
import { Jobs } from "./jobs";
import { Repositories } from "./repositories";
import { createWebSite } from "./web-site";

/** GitHub beside its web pages: what who starts the local Azure may want to set, or to start. */
export interface GitHub {
  readonly repositories: Repositories;
  readonly environments: Environments;
  readonly jobs: Jobs;
}

/**
 * GitHub, as far as a sign-in, the bot's skill and a pipeline need it: github.com, api.github.com, and the issuer of the tokens
 * of its jobs. People are the local Azure's.
 */
export function createGitHub(azure: Azure): { readonly gitHub: GitHub; readonly services: readonly Service[] } {
  const grants = new GitHubGrants(azure);
  const repositories = new Repositories(azure);
  const environments = new Environments(azure);
  const jobs = new Jobs(azure, repositories, environments);
  return {
    gitHub: { repositories, environments, jobs },
    services: [createWebSite(azure, grants), createApi(azure, grants, repositories, environments), ...jobs.services()],
  };
}
