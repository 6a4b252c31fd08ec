import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface DeployedCodeArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly webAppName: pulumi.Input<string>;
  /** The zip on this machine. */
  readonly zipPath: pulumi.Input<string>;
  /** Hash of the zip's content; the code is pushed when it changes, and the running app must report it. */
  readonly hash: pulumi.Input<string>;
  /** The app's own health page. */
  readonly healthUrl: pulumi.Input<string>;
}

/**
 * The code of a web app: pushed when its hash changes, and there only when the running app reports that hash. Whether it
 * is well is judged later, when all that it needs is there.
 */
export class DeployedCode extends OwnResource {
  static override isInstance(resource: unknown): resource is DeployedCode {
    return isOwn(resource, "DeployedCode");
  }

  declare readonly hash: pulumi.Output<string>;

  constructor(name: string, args: DeployedCodeArgs, opts?: pulumi.CustomResourceOptions) {
    super("DeployedCode", name, { ...args }, opts);
  }
}
