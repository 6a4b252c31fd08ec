/** Why a data folder was not opened. */
export type DataFolderProblem =
  | "in-use"
  | "other-version"
  | "damaged"
  | "not-a-folder"
  | "is-link"
  | "of-another-user"
  | "open-to-others"
  | "holds-other";

/** A refusal of a data folder: which one, why, and what fixes it. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";

  constructor(
    readonly code: DataFolderProblem,
    readonly folder: string,
    what: string,
    readonly fix: string,
  ) {
    super(`The data folder ${folder} ${what}. ${fix}`);
  }
}
