import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { BotType } from "../../contract/app-settings";
import { entraTagsOf, type Tags } from "../deployment/tags";
import type { TwoOf } from "../deployment/rotation";
import { twoPasswords } from "./two-passwords";

export interface BotIdentityArgs {
  readonly displayName: pulumi.Input<string>;
  /** Object id of whoever deploys: an owner may manage the application with Application.ReadWrite.OwnedBy alone. */
  readonly deployer: pulumi.Input<string>;
  readonly serviceManagementReference?: string | undefined;
  /** ISO dates at which the passwords of both places end; undefined where it proves itself by a certificate. */
  readonly passwordsEnd: TwoOf<pulumi.Input<string>> | undefined;
  readonly protect: boolean;
  readonly tags: Tags;
}

/** Who the bot is to Bot Service and to its channels. */
export interface BotPrincipal {
  readonly type: BotType;
  readonly clientId: pulumi.Output<string>;
  /** ARM id, of a managed identity. */
  readonly resourceId?: pulumi.Output<string>;
  /** Without it the bot's token request fails with AADSTS7000229 (known mistake 2): the registration waits for one of ours. */
  readonly servicePrincipal?: pulumi.Resource;
}

/**
 * The bot as Entra knows it: an application of one tenant, its service principal, and its two passwords where it has any. One for
 * each stack, because Bot Service lets only one bot in the world use an application.
 */
export class BotIdentity extends pulumi.ComponentResource implements BotPrincipal {
  readonly type = "SingleTenant";
  readonly clientId: pulumi.Output<string>;
  /** `/applications/<object id>` */
  readonly applicationId: pulumi.Output<string>;
  /** Secret; undefined where it proves itself by a certificate. */
  readonly passwords: TwoOf<pulumi.Output<string>> | undefined;
  readonly servicePrincipal: azuread.ServicePrincipal;

  constructor(name: string, args: BotIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:BotIdentity", name, {}, opts);
    const own = { parent: this };
    const tags = entraTagsOf(args.tags);

    const application = new azuread.Application(
      name,
      {
        displayName: args.displayName,
        signInAudience: "AzureADMyOrg",
        owners: [args.deployer],
        tags,
        api: { requestedAccessTokenVersion: 2 },
        ...(args.serviceManagementReference ? { serviceManagementReference: args.serviceManagementReference } : {}),
      },
      // Another deployer (a pipeline after a person) would push the first one out of the owners.
      { ...own, protect: args.protect, ignoreChanges: ["owners"] },
    );
    this.servicePrincipal = new azuread.ServicePrincipal(
      name,
      { clientId: application.clientId, owners: [args.deployer], tags },
      { ...own, protect: args.protect, ignoreChanges: ["owners"], deletedWith: application },
    );
    this.applicationId = application.id;
    this.passwords =
      args.passwordsEnd &&
      twoPasswords(
        name,
        { applicationId: application.id, displayName: "bot", ends: args.passwordsEnd },
        { ...own, deletedWith: application },
      );

    this.clientId = application.clientId;
    this.registerOutputs();
  }
}
