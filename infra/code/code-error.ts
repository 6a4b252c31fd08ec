/** The bot's code could not be made into a package. */
export class CodeError extends Error {
  override readonly name = "CodeError";

  constructor(
    readonly code:
      | "bundle-failed"
      | "file-missing"
      | "web-chat-missing"
      | "web-chat-altered"
      | "path-missing"
      | "build-failed"
      | "empty"
      | "too-large"
      | "zip-refused"
      | "link-refused"
      | "start-missing"
      | "file-taken"
      | "open-bot",
    /** What is at fault: a file, or a package. */
    readonly subject: string,
    override readonly cause: string,
    /** What the person can do about it. */
    readonly fix: string,
  ) {
    super(`${subject}: ${cause} [${code}] ${fix}`);
  }
}
