import * as pulumi from "@pulumi/pulumi";
import type { HealthProof } from "../facts/sdks";
import { isOwn, OwnResource } from "./own-resource";

export interface BroughtCodeArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly webAppName: pulumi.Input<string>;
  /** The zip on this machine. */
  readonly zipPath: pulumi.Input<string>;
  /** Hash of the zip's content; the code is pushed when it changes. */
  readonly hash: pulumi.Input<string>;
  readonly proof: HealthProof;
  /** The page that reports the hash; not asked for where the proof is `content`. */
  readonly healthUrl: pulumi.Input<string>;
  /** Where the bot takes activities, and has to refuse one without a token. */
  readonly messagesUrl: pulumi.Input<string>;
  /** What else decides whom the bot believes; another text has it asked again. */
  readonly settings: pulumi.Input<string>;
}

/**
 * The code of a bot that nobody here wrote: there only when the new code is proved to run, and when the bot has refused an
 * activity without a token. One that believes it is stopped, and what follows is never made.
 */
export class BroughtCode extends OwnResource {
  static override isInstance(resource: unknown): resource is BroughtCode {
    return isOwn(resource, "BroughtCode");
  }

  declare readonly hash: pulumi.Output<string>;

  constructor(name: string, args: BroughtCodeArgs, opts?: pulumi.CustomResourceOptions) {
    super("BroughtCode", name, { ...args }, opts);
  }
}
