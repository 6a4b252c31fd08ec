/** Why no log can be followed: what is wrong, and the command that mends it. */
export class LogsError extends Error {
  override readonly name = "LogsError";

  constructor(
    readonly code: "NothingDeployed",
    cause: string,
    readonly fix: string,
  ) {
    super(`${cause}: ${fix}`);
  }
}
