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

interface Cure {
  readonly code: string;
  /** What Azure's sentence must say besides: some codes stand for many mistakes. */
  readonly says?: RegExp;
  readonly cure: string;
}

/** Refusals of the resource types that this program uses, each with what a person can do. */
const cures: readonly Cure[] = [
  {
    code: "InvalidBotCreationData",
    says: /multitenant/i,
    cure: "Make it a SingleTenant bot, which still talks to every channel: pulumi config rm botAppType, then deploy again.",
  },
  {
    code: "InvalidBotData",
    says: /app id is already registered/i,
    cure: "One application belongs to one bot: give this bot an application of its own, as the program does for each stack.",
  },
  {
    code: "InvalidBotData",
    says: /bot name is already registered/i,
    cure: "Bot names are taken for the whole world: pulumi config rm botHandle (the program then makes one), or choose another.",
  },
  {
    code: "InvalidBotData",
    says: /cannot be changed/i,
    cure: "Application id, type and tenant of a bot are for ever: the program makes a new registration instead.",
  },
  {
    code: "InvalidBotData",
    says: /service provider/i,
    cure: "Take the provider's id from the program: it follows from provider in the setting connections.",
  },
  {
    code: "InvalidChannelData",
    says: /trusted origin/i,
    cure: "Enhanced authentication needs the chat page's origin, for example https://contoso.com: npm run drift, then pulumi up.",
  },
  {
    code: "ConflictError",
    says: /deleted state/i,
    cure: "Purge the deleted vault (az keyvault purge --name <vault>), recover it, or take another name.",
  },
  {
    code: "BadRequest",
    says: /enablePurgeProtection/,
    cure: "Leave enablePurgeProtection out instead of setting it to false.",
  },
  {
    code: "BadRequest",
    says: /LinuxFxVersion/i,
    cure: "Name a runtime that az webapp list-runtimes --os linux lists (NODE|24-lts), on a plan with reserved: true.",
  },
  {
    code: "Conflict",
    says: /AlwaysOn/i,
    cure: "Set alwaysOn to false on the free size, or choose a larger one: pulumi config set hostingSize B1.",
  },
  {
    code: "InvalidResourceType",
    cure: "Use one of the api-versions that the type has today (az provider show --namespace <namespace>), or a newer azure-native.",
  },
  {
    code: "NoRegisteredProviderFound",
    cure: "Use one of the api-versions that Azure names, or a newer azure-native: older ones are retired.",
  },
  {
    code: "InvalidRequestContent",
    cure: "Correct or remove the property that Azure names: it knows no other spelling.",
  },
  {
    code: "AuthorizationFailed",
    says: /Microsoft\.Authorization\/roleAssignments\/write/i,
    cure:
      "Give the deploying identity the role Role Based Access Control Administrator at the resource group " +
      "(npm run preflight -- <stack> prints the command), then deploy again.",
  },
  { code: "LocationRequired", cure: "Name the location: pulumi config set location westeurope." },
  {
    code: "LocationNotAvailableForResourceType",
    cure: "Choose one of the locations that Azure names; a bot's follows from residency: pulumi config set residency europe.",
  },
];

/** A cure for refusals that ARM words for machines; the same words serve every resource type. */
export function cureOf(code: string, status: number, resource: string, message = ""): string {
  const namespace = /providers\/([^/]+)/.exec(resource)?.[1] ?? "<namespace>";
  const registers = /action '([^'/]+)\/register\/action'/i.exec(message)?.[1];
  if (registers) {
    return `Have somebody with Contributor at the subscription register it once: az provider register --namespace ${registers} --wait`;
  }
  const known = cures.find((row) => row.code === code && (!row.says || row.says.test(message)));
  if (known) return known.cure;
  switch (code) {
    case "MissingSubscriptionRegistration":
      return `Register it once: az provider register --namespace ${namespace} --wait`;
    case "AuthorizationFailed":
    case "LinkedAuthorizationFailed":
      return (
        "Give the deploying identity a role that allows this at the resource group (Contributor does; " +
        "npm run preflight -- <stack> prints the command), then deploy again."
      );
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
