import type { StatePart, WantedPipeline } from "../wanted";

/** Days that deleted blobs of a state are kept. */
export const retentionDays = 30;

/** How the parts of a state are called. */
export function namesOf(
  { group, account, vault }: WantedPipeline["place"],
  level: string,
): Readonly<Record<StatePart, string>> {
  return {
    group: `resource group ${group}`,
    account: `storage account ${account}`,
    blobService: `versions and deleted blobs of ${account}, kept ${retentionDays} days`,
    container: `container ${level} of ${account}`,
    vault: `vault ${vault}`,
    key: `key ${level} of ${vault}`,
  };
}

/** How a role of our own is called. */
export const roleName = (role: string): string => `role ${role}`;

/** How the parts of an identity are called. */
export const applicationName = (environment: string): string => `application of ${environment}`;

/** How an environment at GitHub is called. */
export const environmentName = (environment: string): string => `environment ${environment}`;

/** How those are called who let its jobs run. */
export const reviewersName = (environment: string): string => `reviewers of ${environment}`;
