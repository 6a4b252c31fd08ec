import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { partsOf } from "../deployment/existing";
import type { BotPrincipal } from "./bot-identity";

export interface ExistingBotIdentityArgs {
  /** ARM id. */
  readonly identityId: pulumi.Input<string>;
}

/** A managed identity that the bot already is. It is looked at, and never changed. */
export class ExistingBotIdentity extends pulumi.ComponentResource implements BotPrincipal {
  readonly type = "UserAssignedMSI";
  readonly clientId: pulumi.Output<string>;
  readonly resourceId: pulumi.Output<string>;

  constructor(name: string, { identityId }: ExistingBotIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:ExistingBotIdentity", name, {}, opts);
    this.resourceId = pulumi.output(identityId);
    const parts = this.resourceId.apply((id) => partsOf("botIdentity", id));
    const found = managedidentity.getUserAssignedIdentityOutput(
      { resourceGroupName: parts.resourceGroupName, resourceName: parts.name },
      { parent: this },
    );
    this.clientId = found.clientId;
    this.registerOutputs();
  }
}
