/** The bot's code could not be made into a package. */
export class CodeError extends Error {
  override readonly name = "CodeError";

  constructor(
    readonly code:
      | "BundleFailed"
      | "FileMissing"
      | "WebChatMissing"
      | "WebChatAltered"
      | "PathMissing"
      | "BuildFailed"
      | "Empty"
      | "TooLarge"
      | "ZipRefused"
      | "LinkRefused"
      | "StartMissing"
      | "FileTaken"
      | "OpenBot",
    /** What is at fault: a file, or a package. */
    readonly subject: string,
    override readonly cause: string,
    /** What the person can do about it. */
    readonly cure: string,
  ) {
    super(`${subject}: ${cause} [${code}] ${cure}`);
  }
}
