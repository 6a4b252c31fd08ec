export type DoctorErrorCode = "BotMissing" | "BotIdWrong" | "NothingNamed";

/** Why nothing could be looked at: what is wrong, and the command that mends it. */
export class DoctorError extends Error {
  override readonly name = "DoctorError";

  constructor(
    readonly code: DoctorErrorCode,
    cause: string,
    readonly fix: string,
  ) {
    super(`${cause}. ${fix}`);
  }
}
