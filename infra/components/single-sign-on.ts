import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { identifierUri } from "../connections/parameters";
import { teamsClients } from "../facts/teams-clients";
import type { SignInApp } from "./sign-in-app";

export interface SingleSignOnArgs {
  readonly signInApp: SignInApp;
  readonly botAppId: pulumi.Input<string>;
}

/**
 * Lets Teams hand over a token of the signed-in user. Entra demands the order: application with its scope, then the
 * identifier URI, then the clients (known mistakes 6 and 7).
 */
export class SingleSignOn extends pulumi.ComponentResource {
  /** The identifier URI, for the connection's tokenExchangeUrl. */
  readonly tokenExchangeUrl: pulumi.Output<string>;

  constructor(name: string, args: SingleSignOnArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:SingleSignOn", name, {}, opts);
    const { application } = args.signInApp;
    const applicationId = application.id;

    const uri = new azuread.ApplicationIdentifierUri(
      name,
      { applicationId, identifierUri: pulumi.output(args.botAppId).apply(identifierUri) },
      { parent: this, deletedWith: application },
    );
    for (const [client, authorizedClientId] of Object.entries(teamsClients)) {
      new azuread.ApplicationPreAuthorized(
        `${name}-teams-${client}`,
        { applicationId, authorizedClientId, permissionIds: [args.signInApp.scopeId] },
        { parent: this, dependsOn: [uri], deletedWith: application },
      );
    }

    this.tokenExchangeUrl = uri.identifierUri;
    this.registerOutputs();
  }
}
