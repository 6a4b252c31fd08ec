import * as botservice from "@pulumi/azure-native/botservice";
import * as pulumi from "@pulumi/pulumi";
import { chatSite, siteKey } from "../facts/direct-line";
import { DirectLineKey } from "../resources/direct-line-key";
import { DirectLineSite } from "../resources/direct-line-site";
import { WebChatDefaultSite } from "../resources/web-chat-site";

export interface ChannelsArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly botHandle: pulumi.Input<string>;
  readonly location: string;
  /** What was made by hand, and stays as it is; undefined for a bot of our own. */
  readonly adopted?: { readonly teams: boolean } | undefined;
  /** Origin of the chat page: the only one from which Direct Line lets a page chat. */
  readonly chatOrigin: pulumi.Input<string>;
  readonly protect: boolean;
  /** Which of the two keys is in use, see {@link DirectLineKey}. */
  readonly rotation: pulumi.Input<number>;
}

/** The ways by which users reach the bot. Direct Line and Web Chat exist with every new bot, so they are set, not created (known mistake 10). */
export class Channels extends pulumi.ComponentResource {
  /** Secret: the key of the chat page's Direct Line site; undefined where the sites are somebody's own. */
  readonly directLineSecret: pulumi.Output<string> | undefined;

  constructor(name: string, args: ChannelsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:Channels", name, {}, opts);
    if (args.adopted?.teams !== false) this.#teams(name, args);
    // Pages of others chat through the sites that are there: closing these would cut them off.
    this.directLineSecret = args.adopted ? undefined : this.#chatSite(name, args);
    this.registerOutputs();
  }

  #teams(name: string, { resourceGroupName, botHandle, ...args }: ChannelsArgs): void {
    new botservice.Channel(
      `${name}-teams`,
      {
        resourceGroupName,
        resourceName: botHandle,
        channelName: "MsTeamsChannel",
        location: args.location,
        properties: {
          channelName: "MsTeamsChannel",
          properties: {
            isEnabled: true,
            acceptedTerms: true,
            enableCalling: false,
            deploymentEnvironment: "CommercialDeployment",
          },
        },
      },
      // A new Teams channel knows every user by another id, so all that was stored under the old ones is lost. The
      // location is the one input that would replace it while the bot stays.
      {
        parent: this,
        protect: args.protect,
        ignoreChanges: args.adopted ? ["location", "properties", "tags", "kind", "sku"] : ["location"],
      },
    );
  }

  #chatSite(name: string, args: ChannelsArgs): pulumi.Output<string> {
    const { subscriptionId, resourceGroupName, botHandle } = args;
    const site = new DirectLineSite(
      `${name}-direct-line`,
      { subscriptionId, resourceGroupName, botName: botHandle, siteName: chatSite, trustedOrigins: [args.chatOrigin] },
      { parent: this },
    );
    new WebChatDefaultSite(
      `${name}-web-chat`,
      { subscriptionId, resourceGroupName, botName: botHandle },
      { parent: this },
    );

    const inUse = new DirectLineKey(
      `${name}-direct-line`,
      { subscriptionId, resourceGroupName, botName: botHandle, siteName: chatSite, rotation: args.rotation },
      { parent: this, dependsOn: [site] },
    );

    const keys = pulumi.secret(
      botservice.listChannelWithKeysOutput(
        { resourceGroupName, resourceName: botHandle, channelName: "DirectLineChannel" },
        { parent: this, dependsOn: [site, inUse] },
      ),
    );
    return pulumi
      .all([keys, inUse.siteName, inUse.rotation])
      .apply(([{ setting }, site, rotation]) => siteKey(setting?.sites, site, rotation));
  }
}
