/** Why a data folder was not opened. */
export type DataFolderProblem =
  "InUse" | "OtherVersion" | "Damaged" | "NotAFolder" | "IsLink" | "OfAnotherUser" | "OpenToOthers" | "HoldsOther";

/** A refusal of a data folder: which one, why, and what cures it. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";

  constructor(
    readonly code: DataFolderProblem,
    readonly folder: string,
    what: string,
    readonly cure: string,
  ) {
    super(`The data folder ${folder} ${what}. ${cure}`);
  }
}
