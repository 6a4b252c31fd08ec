import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface BotHealthArgs {
  /** The bot's own health page. */
  readonly healthUrl: pulumi.Input<string>;
  /** Hash of the code that the page must report. */
  readonly hash: pulumi.Input<string>;
  /** Rotation whose secrets the page must report to be in use. */
  readonly rotation: pulumi.Input<number>;
}

/** The last judge of a deployment: there only when the running bot itself reports this code, and that it is well. */
export class BotHealth extends OwnResource {
  static override isInstance(resource: unknown): resource is BotHealth {
    return isOwn(resource, "BotHealth");
  }

  constructor(name: string, args: BotHealthArgs, opts?: pulumi.CustomResourceOptions) {
    super("BotHealth", name, { ...args, certificateProvenAt: undefined }, opts);
  }
}
