/** Why the program was not run to its end. The message names the resource or the setting and the cause. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";

  constructor(
    readonly code: "invalid-project" | "resource-failed" | "program-failed" | "program-ended" | "aborted",
    message: string,
    /** The resource that failed, where one did. */
    readonly resource?: { readonly type: string; readonly name: string },
  ) {
    super(message);
  }
}
