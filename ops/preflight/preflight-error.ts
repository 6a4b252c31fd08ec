export type PreflightCode =
  | "UNKNOWN_STACK"
  | "PROJECT_MISSING"
  | "SUBJECT_NOT_TRUSTED"
  | "NO_SUBSCRIPTION"
  | "WRONG_TENANT"
  | "LOGIN_EXPIRED"
  | "CLI_MISSING"
  | "SIGN_IN_REFUSED"
  | "OTHER_CLOUD";

/** The preflight could not look. The message is one sentence with the cause, and the command that cures it. */
export class PreflightError extends Error {
  override readonly name = "PreflightError";

  constructor(
    readonly code: PreflightCode,
    cause: string,
    readonly cure: string,
  ) {
    super(`${cause}: ${cure}`);
  }
}
