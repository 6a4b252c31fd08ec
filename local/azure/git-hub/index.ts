import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import { createApi } from "./api";
import { GitHubGrants } from "./grants";
import { Repositories } from "./repositories";
import { createWebSite } from "./web-site";

/** GitHub, as far as a sign-in and the bot's skill need it: github.com and api.github.com. People are the local Azure's. */
export function createGitHub(azure: Azure): Service[] {
  const grants = new GitHubGrants(azure);
  const repositories = new Repositories(azure);
  return [createWebSite(azure, grants), createApi(azure, grants, repositories)];
}
