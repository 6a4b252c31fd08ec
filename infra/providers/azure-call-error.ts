/**
 * A call to Azure that did not give what the deployment needs. The message is all that a person sees of it, so it says
 * which resource, what Azure said, and what to do.
 */
export class AzureCallError extends Error {
  override readonly name = "AzureCallError";

  constructor(
    /** Azure's own code (`AuthorizationFailed`) where Azure refused, else a name of ours (`EnhancedAuthenticationOff`). */
    readonly code: string,
    /** The resource at fault: an ARM id without its subscription, a host, or a setting's name. */
    readonly resource: string,
    /** What was seen. Never holds a secret. */
    override readonly cause: string,
    /** What the person can do about it. */
    readonly cure: string,
    /** HTTP status of the refusal; absent where nothing was refused over HTTP. */
    readonly status?: number,
  ) {
    super(`${resource}: ${cause} [${code}] ${cure}`);
  }
}

/** A cure for refusals that ARM words for machines; the same words serve every resource type. */
export function cureOf(code: string, status: number, resource: string): string {
  const namespace = /providers\/([^/]+)/.exec(resource)?.[1] ?? "<namespace>";
  switch (code) {
    case "MissingSubscriptionRegistration":
      return `Register it once: az provider register --namespace ${namespace} --wait`;
    case "AuthorizationFailed":
    case "LinkedAuthorizationFailed":
      return "Give the deploying identity a role that allows this at the resource group (Contributor does), then deploy again.";
    case "InvalidAuthenticationToken":
    case "InvalidAuthenticationTokenTenant":
      return "Check that ARM_TENANT_ID is the subscription's tenant, and sign in again (az login) where the Azure CLI is used.";
    case "SubscriptionNotFound":
      return "Check ARM_SUBSCRIPTION_ID and that the deploying identity may see this subscription.";
  }
  if (status === 404)
    return "Check that the resource still exists; if it was deleted by hand, run pulumi refresh and deploy again.";
  if (status === 409) return "Another operation holds the resource; deploy again when it has ended.";
  if (status === 429) return "Azure limits the rate of calls; deploy again in some minutes.";
  if (status >= 500) return "Azure had a fault of its own; deploy again, and see https://status.azure.com if it stays.";
  return "Correct the value that Azure names, then deploy again.";
}
