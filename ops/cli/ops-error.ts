/** Stable codes of why a command could not go on; with --json they are `error.code`. */
export type OpsErrorCode =
  /** What was typed is no pull request's number and no branch's name. */
  | "wrong-name"
  /** An option has a value that it does not take. */
  | "wrong-option"
  | "project-missing"
  /** The settings' file is not there, or cannot be read. */
  | "settings-missing"
  | "settings-wrong"
  | "stack-unknown"
  /** Nothing of the stack is in Azure. */
  | "nothing-deployed"
  /** What the web app writes goes to no log workspace. */
  | "logs-not-kept"
  | "bot-id-wrong"
  | "bot-missing"
  /** Somebody else works on the same stack. */
  | "stack-locked"
  /** A pulumi that holds the stack still runs on this machine. */
  | "still-running"
  /** A pulumi was killed in the middle, and what it had half made stands in the way. */
  | "killed-run"
  | "backend-missing"
  | "passphrase-missing"
  | "passphrase-wrong"
  | "pulumi-cli-missing"
  /** Pulumi failed in a way that no row knows; the cause has its last words. */
  | "pulumi-failed"
  | "azure-cli-missing"
  | "other-cloud"
  | "subscription-unknown"
  | "wrong-tenant"
  | "login-expired"
  | "sign-in-refused"
  /** The application that signs in does not trust the token that it was shown. */
  | "subject-not-trusted"
  | "right-missing"
  | "not-registered"
  /** The wanted vault's name is in Key Vault's recycle bin. */
  | "vault-name-taken"
  /** The wanted resource group is there, and is not this stack's. */
  | "group-taken"
  /** A wanted resource is there, and the stack's state does not know it. */
  | "resource-taken"
  /** Azure or Entra refused a call, or cannot be reached; the cause has its own words. */
  | "azure-refused"
  | "protected"
  /** Somebody else's resource is in the stack's resource group. */
  | "others-resource"
  /** git cannot tell what a pull request changes. */
  | "history-missing"
  /** What another job handed over is not what it should be. */
  | "not-handed-over"
  | "sweep-failed"
  /** A variable that GitHub sets in its workflows is not there. */
  | "not-on-github"
  | "github-refused"
  | "not-signed-in-at-github"
  | "repository-unknown"
  | "reviewer-unknown"
  /** The subject of a repository's tokens cannot be told before a job has sent one. */
  | "subject-unknown"
  /** Nobody has said in which account and vault the states are kept. */
  | "state-unnamed"
  | "manifest-wrong"
  | "icon-wrong";

/**
 * The one error of ops: a command cannot go on. The message is all that a person reads of it: cause, then fix. Codes of ours
 * are in kebab-case in every room, so that they are told from Azure's own (`AuthorizationFailed`).
 */
export class OpsError extends Error {
  override readonly name = "OpsError";

  /**
   * @param cause what is wrong, with the setting, file or value at fault and no full stop at its end
   * @param fix the command that puts it right, or a sentence that says what does
   * @param ending how a command ends that meets it: `held` where somebody else works on the stack
   */
  constructor(
    readonly code: OpsErrorCode,
    override readonly cause: string,
    readonly fix: string,
    readonly ending: "failed" | "held" = "failed",
  ) {
    // A command is written as it is typed, so it follows a colon; a sentence follows a full stop.
    super(`${cause}${/^[a-z]/.test(fix) ? ":" : "."} ${fix}`);
  }
}
