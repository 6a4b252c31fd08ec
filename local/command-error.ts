/** Why a command of the local Azure cannot go on. The message is all that a person reads of it: what is wrong, and the fix. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    readonly code:
      "wrong-option" | "not-running" | "stack-unknown" | "not-kept" | "pulumi-cli-missing" | "pulumi-failed",
    message: string,
  ) {
    super(message);
  }
}
