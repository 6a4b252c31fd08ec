import { type Saying, understood } from "../pulumi/saying";
import { stateRefusals } from "../pulumi/state-refusals";

export type RecoverCode =
  | "PassphraseMissing"
  | "BackendMissing"
  | "RightMissing"
  | "StackUnknown"
  | "ProjectMissing"
  | "SubscriptionUnknown"
  | "StillRunning"
  | "GraphRefused"
  | "CliMissing"
  | "StateUnreadable"
  | "StillHalfMade";

/** Why nothing could be recovered; the message is one sentence for a person, with the cure. */
export class RecoverError extends Error {
  override readonly name = "RecoverError";

  constructor(
    readonly code: RecoverCode,
    cause: string,
    cure: string,
  ) {
    super(`${cause}. ${cure}`);
  }
}

/** Pulumi's own words are those of its CLI 3.259. */
const sayings: readonly Saying<RecoverCode>[] = [
  ...stateRefusals<RecoverCode>("RightMissing", "BackendMissing"),
  {
    code: "PassphraseMissing",
    says: /PULUMI_CONFIG_PASSPHRASE|incorrect passphrase|passphrase must be set/i,
    means: () => [
      "The passphrase of the stack's secrets is missing or wrong",
      "Set PULUMI_CONFIG_PASSPHRASE to the one with which the stack was made.",
    ],
  },
  {
    code: "StackUnknown",
    says: /no stack named|stack '[^']*' not found|could not find stack/i,
    means: (stack) => [`There is no stack "${stack}"`, "The stacks that there are: pulumi stack ls."],
  },
  {
    code: "BackendMissing",
    says: /PULUMI_ACCESS_TOKEN|pulumi login|unable to (?:open|check) (?:bucket|state directory)|no (?:credentials|backend)|not logged in/i,
    means: () => [
      "Pulumi's state cannot be reached",
      "Set PULUMI_BACKEND_URL, or sign in with pulumi login, as for the pulumi up that was killed.",
    ],
  },
  {
    code: "ProjectMissing",
    says: /no Pulumi\.yaml project file found/i,
    means: () => ["Here is no Pulumi project", "Run this in the folder of Pulumi.yaml."],
  },
];

/** The error that a person reads, for what Pulumi's CLI wrote. Undefined where it says something else. */
export function readableRefusal(said: string, stack: string): RecoverError | undefined {
  const meant = understood(sayings, said, stack);
  return meant && new RecoverError(...meant);
}
