/** Why the program was not run to its end. The message names the resource or the setting and the cause. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";

  constructor(
    readonly code: "InvalidProject" | "ResourceFailed" | "ProgramFailed" | "ProgramEnded" | "Aborted",
    message: string,
    /** The resource that failed, where one did. */
    readonly resource?: { readonly type: string; readonly name: string },
  ) {
    super(message);
  }
}
