import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface DirectLineSiteArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly botName: pulumi.Input<string>;
  readonly siteName: pulumi.Input<string>;
  /** Origins (scheme and host) of the pages that may hold a chat. At least one. */
  readonly trustedOrigins: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A site of the bot's Direct Line channel with enhanced authentication on, confirmed by reading it back; else the
 * deployment fails. Sites of others are kept, the service's own "Default Site" is disabled.
 */
export class DirectLineSite extends OwnResource {
  static override isInstance(resource: unknown): resource is DirectLineSite {
    return isOwn(resource, "DirectLineSite");
  }

  /** The service's id of the site: the part of its keys before the dot. */
  declare readonly siteId: pulumi.Output<string>;
  declare readonly siteName: pulumi.Output<string>;
  declare readonly uploads: pulumi.Output<"blocked" | "open" | "reopened" | undefined>;

  constructor(name: string, args: DirectLineSiteArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      siteId: undefined,
      enhancedAuthentication: undefined,
      defaultSiteDisabled: undefined,
      uploads: undefined,
    };
    super("DirectLineSite", name, { ...args, ...outputs }, opts);
    pulumi.output(this.uploads).apply((uploads) => {
      if (uploads === "open" || uploads === "reopened") return pulumi.log.warn(openToUploads, this);
      return undefined;
    });
  }
}

const openToUploads =
  "Direct Line left the site open to users' files, which its service then keeps. The bot reads none of them; " +
  "block them in the portal (Channels, Direct Line, the site's settings) if you can.";
