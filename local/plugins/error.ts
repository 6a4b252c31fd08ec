export type PluginErrorCode =
  | "unknown-type"
  | "unknown-function"
  | "unknown-package"
  | "unmapped-input"
  | "invalid-input"
  | "missing-credential"
  | "already-exists"
  | "request-refused"
  | "operation-failed";

/** Why a plugin did not do what the program asked. The message names the value at fault and, where there is one, the fix. */
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

/**
 * A resource that was made and not finished. The engine keeps it, so that it is no orphan, and the next `up` goes on with
 * an update.
 */
export class PartlyMade extends PluginError {
  constructor(
    why: PluginError,
    readonly id: string,
    /** What the state keeps of it, with Pulumi's envelopes. */
    readonly properties: Readonly<Record<string, unknown>> = {},
  ) {
    super(why.code, why.message, why.status);
  }
}
