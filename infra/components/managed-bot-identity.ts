import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../deployment/tags";
import type { BotPrincipal } from "./bot-identity";

export interface ManagedBotIdentityArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly identityName: pulumi.Input<string>;
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * The bot as a managed identity: no application, no password, nothing that ends. It is the web app's second one, so that
 * whoever may read the vault is not the bot, and the other way round.
 */
export class ManagedBotIdentity extends pulumi.ComponentResource implements BotPrincipal {
  readonly type = "UserAssignedMSI";
  readonly clientId: pulumi.Output<string>;
  readonly resourceId: pulumi.Output<string>;
  readonly servicePrincipal: pulumi.Resource;

  constructor(name: string, args: ManagedBotIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:ManagedBotIdentity", name, {}, opts);
    const identity = new managedidentity.UserAssignedIdentity(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        resourceName: args.identityName,
        tags: args.tags,
      },
      // Another identity would be another bot, whose users begin anew: it stays where it is when the rest moves.
      { parent: this, protect: args.protect, ignoreChanges: ["location"] },
    );
    this.clientId = identity.clientId;
    this.resourceId = identity.id;
    this.servicePrincipal = identity;
    this.registerOutputs();
  }
}
