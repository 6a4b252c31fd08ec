import { botServiceErrors } from "./bot-services";
import { keyVaultErrors, storageErrors } from "./vault-and-storage";
import { directoryErrors } from "./directory";
import { deployerErrors } from "./deployer";
import { deploymentServiceErrors } from "./deployment-service";
import { entraErrors } from "./entra";
import { gitHubErrors } from "./git-hub";
import type { KnownError } from "./known-error";
import { logAnalyticsErrors } from "./log-analytics";
import { pulumiErrors } from "./pulumi";
import { resourceManagerErrors } from "./resource-manager";
import { userServiceErrors } from "./user-services";

/** What one service refuses, and where a person reads of it. */
export interface Catalogue {
  readonly by: string;
  readonly seen: string;
  readonly errors: readonly KnownError[];
}

const deploying = "below the error of `pulumi up`, in preflight and in the local page";

/** All catalogues, in the order in which a person meets them. */
export const catalogues: readonly Catalogue[] = [
  { by: "Pulumi's CLI", seen: "in the commands that run it", errors: pulumiErrors },
  {
    by: "The deployer's sign-in",
    seen: "below the error of `pulumi up`, and in every command that asks Azure",
    errors: deployerErrors,
  },
  {
    by: "Azure Resource Manager",
    seen: deploying,
    errors: resourceManagerErrors,
  },
  {
    by: "Microsoft Graph, of applications",
    seen: deploying,
    errors: directoryErrors,
  },
  { by: "App Service's deployment service", seen: "below the error of `pulumi up`", errors: deploymentServiceErrors },
  { by: "GitHub, of a repository", seen: "in pipeline and preview", errors: gitHubErrors },
  {
    by: "Entra ID",
    seen: "on the bot's health page, in its log and in the local page; who signs in reads in the chat what it means to them",
    errors: entraErrors,
  },
  { by: "Key Vault", seen: "in the local page", errors: keyVaultErrors },
  { by: "Blob Storage", seen: "in the local page", errors: storageErrors },
  { by: "Token Service, Bot Connector and Direct Line", seen: "in the local page", errors: botServiceErrors },
  { by: "Log Analytics", seen: "by `npm run logs`", errors: logAnalyticsErrors },
  {
    by: "Outlook and GitHub, called as the user",
    seen: "in the bot's log and in the local page; the user reads their part of it in the chat",
    errors: userServiceErrors,
  },
];
