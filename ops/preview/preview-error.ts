/** Why a preview could not be brought up, taken down or looked at; the message is for a person and ends with the cure. */
export class PreviewError extends Error {
  override readonly name = "PreviewError";

  constructor(
    readonly code: PreviewErrorCode,
    cause: string,
    cure: string,
  ) {
    super(`${cause}. ${cure}`);
  }
}

export type PreviewErrorCode =
  /** What was typed is no pull request's number and no branch's name, or an option has a wrong value. */
  | "WrongName"
  | "WrongOption"
  /** Another command works on the same preview. */
  | "Locked"
  | "Protected"
  | "StackUnknown"
  /** Somebody else's resource is in the preview's resource group. */
  | "ForeignResource"
  | "PassphraseMissing"
  | "BackendMissing"
  | "CliMissing"
  | "ProjectMissing"
  | "SettingsMissing"
  | "SettingsWrong"
  | "SubscriptionUnknown"
  | "SignInRefused"
  | "RightMissing"
  | "NotRegistered"
  /** The wanted vault's name is in Key Vault's recycle bin. */
  | "VaultNameTaken"
  /** The wanted resource group is there, and is not this preview's. */
  | "GroupTaken"
  /** Azure or Entra refused a call; the cause has its own words. */
  | "AzureRefused"
  /** Pulumi failed in another way; the cause has its last words. */
  | "DeploymentFailed"
  /** git cannot tell what a pull request changes. */
  | "HistoryMissing"
  /** What another job handed over is not what it should be. */
  | "NotHandedOver"
  /** A variable that GitHub sets in its workflows is not there. */
  | "NotOnGitHub"
  | "GitHubRefused";
