import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface TeamsAgreementArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly botName: pulumi.Input<string>;
  /** Name of the stack, for the commands that mend what differs. */
  readonly stack: string;
  /** The identifier URI with which all has to agree. */
  readonly identifierUri: pulumi.Input<string>;
}

/** Looks whether all that Teams compares for single sign-on agrees, after it was made, and tells what does not. */
export class TeamsAgreement extends OwnResource {
  static override isInstance(resource: unknown): resource is TeamsAgreement {
    return isOwn(resource, "TeamsAgreement");
  }

  constructor(name: string, args: TeamsAgreementArgs, opts?: pulumi.CustomResourceOptions) {
    super("TeamsAgreement", name, { ...args, disagreements: undefined }, opts);
  }
}
