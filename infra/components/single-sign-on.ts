import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { identifierUri } from "../decisions/connections";
import type { SignInApp } from "./sign-in-app";

/** Teams as it asks for a user's token: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-register-aad. */
const teamsClients = {
  "desktop-and-mobile": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
  web: "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
} as const;

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
