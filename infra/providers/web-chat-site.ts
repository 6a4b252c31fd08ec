import * as pulumi from "@pulumi/pulumi";
import { shippedProvider } from "./shipped-provider";

export interface WebChatDefaultSiteArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly botName: pulumi.Input<string>;
}

/** Tries to close the default site of the bot's Web Chat channel; warns, and never fails, where it stays open. */
export class WebChatDefaultSite extends pulumi.dynamic.Resource {
  declare readonly disabled: pulumi.Output<boolean>;
  declare readonly reason: pulumi.Output<string>;

  constructor(name: string, args: WebChatDefaultSiteArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { disabled: undefined, reason: undefined };
    super(shippedProvider("web-chat-site.provider.ts"), name, { ...args, ...outputs }, opts);
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
