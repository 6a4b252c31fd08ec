import { loginProblem } from "../azure/sign-in";
import { refusedLogin, type Saying, understood } from "../pulumi/saying";
import { stateRefusals } from "../pulumi/state-refusals";

export type DriftCode =
  | "CLI_MISSING"
  | "NO_BACKEND"
  | "UNKNOWN_STACK"
  | "NOTHING_DEPLOYED"
  | "NO_PROJECT"
  | "PASSPHRASE_MISSING"
  | "PASSPHRASE_WRONG"
  | "STACK_LOCKED"
  | "WRONG_TENANT"
  | "RIGHT_MISSING"
  | "NOT_REGISTERED";

/** Drift could not look. The message is one sentence with the cause, and the command that cures it. */
export class DriftError extends Error {
  override readonly name = "DriftError";

  constructor(
    readonly code: DriftCode,
    cause: string,
    readonly cure: string,
  ) {
    super(`${cause}: ${cure}`);
  }
}

/** Pulumi's own words are those of its CLI 3.259; Azure's are the same in every client. */
const sayings: readonly Saying<DriftCode>[] = [
  ...stateRefusals<DriftCode>("RIGHT_MISSING", "NO_BACKEND"),
  {
    code: "NO_BACKEND",
    says: /PULUMI_ACCESS_TOKEN must be set|unable to open (?:state directory|bucket) "([^"]*)"/,
    means: (_stack, address) =>
      address
        ? [`Pulumi's state at ${address} cannot be reached`, "correct PULUMI_BACKEND_URL, or pulumi login <address>"]
        : ["Nothing says where Pulumi's state is", 'export PULUMI_BACKEND_URL="<address>", or pulumi login <address>'],
  },
  {
    code: "UNKNOWN_STACK",
    says: /no stack named/,
    means: (stack) => [`There is no stack ${stack} in this state`, "pulumi stack ls shows those that there are"],
  },
  {
    code: "NO_PROJECT",
    says: /no Pulumi\.yaml project file found/,
    means: () => ["Here is no Pulumi.yaml", "run it again in the project's folder"],
  },
  {
    code: "PASSPHRASE_WRONG",
    says: /incorrect passphrase/,
    means: (stack) => [
      `The passphrase is not the one of the stack ${stack}`,
      "set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one with which the stack was made",
    ],
  },
  {
    code: "PASSPHRASE_MISSING",
    says: /passphrase must be set/,
    means: (stack) => [
      `The passphrase that opens the secrets of the stack ${stack} is not set`,
      "read -rs PULUMI_CONFIG_PASSPHRASE && export PULUMI_CONFIG_PASSPHRASE, or point PULUMI_CONFIG_PASSPHRASE_FILE at it",
    ],
  },
  {
    code: "STACK_LOCKED",
    says: /the stack is currently locked by|Another update is currently in progress/,
    means: (stack) => [
      `Another pulumi command holds the stack ${stack}, or was killed while it did`,
      `wait for it, or npm run recover -- ${stack}`,
    ],
  },
  {
    code: "NOT_REGISTERED",
    says: /MissingSubscriptionRegistration[\s\S]*?namespace '([^']+)'|not registered to use namespace '([^']+)'/,
    means: (_stack, namespace = "") => [
      `The subscription has ${namespace} not registered`,
      `az provider register --namespace ${namespace} --wait`,
    ],
  },
  {
    code: "WRONG_TENANT",
    says: /InvalidAuthenticationTokenTenant|SubscriptionNotFound/,
    means: (stack) => [
      `Whoever is signed in belongs to another tenant than the subscription of the stack ${stack}`,
      "az login --tenant <tenant of the stack>, or set ARM_TENANT_ID and ARM_SUBSCRIPTION_ID",
    ],
  },
  {
    code: "RIGHT_MISSING",
    says: /object id '([^']+)' does not have authorization to perform action '([^']+)' over scope '([^']+)'/,
    means: (_stack, who = "", action, scope = "") => [
      `Whoever is signed in may not ${action}`,
      `az role assignment create --assignee ${who} --role Contributor --scope ${groupOf(scope)}`,
    ],
  },
  {
    code: "RIGHT_MISSING",
    says: /Authorization_RequestDenied|Insufficient privileges to complete the operation/,
    means: (stack) => [
      "Whoever is signed in may not read applications in Entra",
      `npm run preflight -- ${stack} names the permission and the command that gives it`,
    ],
  },
];

/** The scope at which a role serves the whole stack: the resource group of a resource in it. */
function groupOf(scope: string): string {
  return /^\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?/i.exec(scope)?.[0] ?? scope;
}

/**
 * What Pulumi's CLI or Azure said, as one sentence with the command that cures it. Undefined where no row knows it.
 * @param tenantId of the environment, where it names one
 */
export function readable(said: string, stack: string, tenantId = "<tenant>"): Error | undefined {
  const meant = understood(sayings, said, stack);
  if (meant) return new DriftError(...meant);
  const refusal = refusedLogin(said);
  return refusal === undefined ? undefined : loginProblem(refusal, tenantId);
}
