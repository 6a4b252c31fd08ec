export type TeamsErrorCode = "NothingDeployed" | "ManifestWrong" | "IconWrong";

/** Why no app package was written: what is wrong, and the command or the place that mends it. */
export class TeamsError extends Error {
  override readonly name = "TeamsError";

  constructor(
    readonly code: TeamsErrorCode,
    problem: string,
    readonly fix: string,
  ) {
    super(`${problem}. ${fix}`);
  }
}
