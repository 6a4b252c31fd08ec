import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

/**
 * The moment from which the secrets' life counts. It is taken once and then kept in the stack's state, so that end dates
 * stand still; another value of `renewed` takes it anew, and with it every secret that hangs on it.
 */
export class RotationDate extends OwnResource {
  static override isInstance(resource: unknown): resource is RotationDate {
    return isOwn(resource, "RotationDate");
  }

  /** ISO date and time in UTC, whole seconds. */
  declare readonly startedAt: pulumi.Output<string>;

  constructor(name: string, args: { renewed: pulumi.Input<string> }, opts?: pulumi.CustomResourceOptions) {
    super("RotationDate", name, { renewed: args.renewed, startedAt: undefined }, opts);
  }
}
