/** Why nothing could be recovered; the message is one sentence for a person, with the cure. */
export class RecoverError extends Error {
  override readonly name = "RecoverError";

  constructor(
    readonly code:
      | "PassphraseMissing"
      | "BackendMissing"
      | "StackUnknown"
      | "ProjectMissing"
      | "SubscriptionUnknown"
      | "StillRunning"
      | "GraphRefused"
      | "CliMissing"
      | "StateUnreadable"
      | "StillHalfMade",
    cause: string,
    cure: string,
  ) {
    super(`${cause}. ${cure}`);
  }
}

/** What Pulumi's CLI says where a person can do something about it. */
const sayings: readonly [RegExp, (stack: string) => RecoverError][] = [
  [
    /PULUMI_CONFIG_PASSPHRASE|incorrect passphrase|passphrase must be set/i,
    () =>
      new RecoverError(
        "PassphraseMissing",
        "The passphrase of the stack's secrets is missing or wrong",
        "Set PULUMI_CONFIG_PASSPHRASE to the one with which the stack was made.",
      ),
  ],
  [
    /no stack named|stack '[^']*' not found|could not find stack/i,
    (stack) =>
      new RecoverError("StackUnknown", `There is no stack "${stack}"`, "The stacks that there are: pulumi stack ls."),
  ],
  [
    /PULUMI_ACCESS_TOKEN|pulumi login|unable to (open|check) (bucket|state directory)|no (credentials|backend)|not logged in/i,
    () =>
      new RecoverError(
        "BackendMissing",
        "Pulumi's state cannot be reached",
        "Set PULUMI_BACKEND_URL, or sign in with pulumi login, as for the pulumi up that was killed.",
      ),
  ],
  [
    /no Pulumi\.yaml project file found/i,
    () => new RecoverError("ProjectMissing", "Here is no Pulumi project", "Run this in the folder of Pulumi.yaml."),
  ],
];

/** The error that a person reads, for what Pulumi's CLI wrote. Undefined where it says something else. */
export function readableRefusal(said: string, stack: string): RecoverError | undefined {
  return sayings.find(([pattern]) => pattern.test(said))?.[1](stack);
}
