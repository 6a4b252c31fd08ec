import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface WebChatDefaultSiteArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly botName: pulumi.Input<string>;
}

/** Tries to close the default site of the bot's Web Chat channel; warns, and never fails, where it stays open. */
export class WebChatDefaultSite extends OwnResource {
  static override isInstance(resource: unknown): resource is WebChatDefaultSite {
    return isOwn(resource, "WebChatDefaultSite");
  }

  declare readonly disabled: pulumi.Output<boolean>;
  declare readonly reason: pulumi.Output<string>;

  constructor(name: string, args: WebChatDefaultSiteArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { disabled: undefined, reason: undefined };
    super("WebChatDefaultSite", name, { ...args, ...outputs }, opts);
    pulumi.all([this.disabled, this.reason]).apply(([disabled, reason]) => {
      if (disabled === false) return pulumi.log.warn(openSite(reason), this);
      return undefined;
    });
  }
}

function openSite(reason: string): string {
  return (
    `The default site of the Web Chat channel stays open: ${reason}. Nobody uses its secret; ` +
    "keep it that way, and disable the site in the portal (Channels, Web Chat) if you can."
  );
}
