export type PluginErrorCode =
  | "UnknownType"
  | "UnknownFunction"
  | "UnmappedInput"
  | "InvalidInput"
  | "MissingCredential"
  | "AlreadyExists"
  | "RequestRefused"
  | "OperationFailed";

/** Why a plugin did not do what the program asked. The message names the value at fault and, where there is one, the cure. */
export class PluginError extends Error {
  override readonly name = "PluginError";

  constructor(
    readonly code: PluginErrorCode,
    message: string,
    /** HTTP status of the refusal, where a service refused. */
    readonly status?: number,
  ) {
    super(message);
  }
}
