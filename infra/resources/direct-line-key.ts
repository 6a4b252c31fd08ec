import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface DirectLineKeyArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly botName: pulumi.Input<string>;
  readonly siteName: pulumi.Input<string>;
  /** Even ones use the site's first key, odd ones its second. */
  readonly rotation: pulumi.Input<number>;
}

/** Which of a Direct Line site's two keys is in use; another rotation makes the other one anew first. */
export class DirectLineKey extends OwnResource {
  static override isInstance(resource: unknown): resource is DirectLineKey {
    return isOwn(resource, "DirectLineKey");
  }

  declare readonly siteName: pulumi.Output<string>;
  declare readonly rotation: pulumi.Output<number>;

  constructor(name: string, args: DirectLineKeyArgs, opts?: pulumi.CustomResourceOptions) {
    super("DirectLineKey", name, { ...args }, opts);
  }
}
