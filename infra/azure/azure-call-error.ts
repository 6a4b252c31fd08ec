import { fixes } from "../../contract/known-errors/fixes";

/**
 * A call to Azure that did not give what the deployment needs. The message is all that a person sees of it, so it says
 * which resource, what Azure said, and what to do.
 */
export class AzureCallError extends Error {
  override readonly name = "AzureCallError";

  constructor(
    /** Azure's own code (`AuthorizationFailed`) where Azure refused, else a name of ours (`enhanced-authentication-off`). */
    readonly code: string,
    /** The resource at fault: an ARM id without its subscription, a host, or a setting's name. */
    readonly resource: string,
    /** What was seen. Never holds a secret. */
    override readonly cause: string,
    /** What the person can do about it. */
    readonly fix: string,
    /** HTTP status of the refusal; absent where nothing was refused over HTTP. */
    readonly status?: number,
  ) {
    super(`${resource}: ${cause} [${code}] ${fix}`);
  }
}

/** No answer came. `who` is who was asked, `why` what the network says. */
export function unreachable(resource: string, who: string, why: string): AzureCallError {
  const fix = fixes.checkNetwork;
  return new AzureCallError("unreachable", resource, `${who} cannot be reached: ${why}`, fix);
}
