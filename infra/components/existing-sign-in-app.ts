import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { TwoOf } from "../deployment/rotation";
import { type SignInCredentials, signInCredentials } from "./sign-in-credentials";

export interface ExistingSignInAppArgs {
  readonly clientId: pulumi.Input<string>;
  readonly tenantId: pulumi.Input<string>;
  /** What its owner reads beside the credentials: several bots may share the application. */
  readonly credentialName: string;
  /** ISO dates at which the passwords of both places end; undefined where no connection needs one. */
  readonly passwordsEnd: TwoOf<pulumi.Input<string>> | undefined;
  /** Whether a connection does without a secret. */
  readonly federated: boolean;
}

/**
 * An application of others through which users sign in. It gets credentials of ours, which a destroy takes back; its redirect
 * address and permissions are looked at before (`Preconditions`), never changed.
 */
export class ExistingSignInApp extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  readonly credentials: SignInCredentials;

  constructor(name: string, args: ExistingSignInAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:ExistingSignInApp", name, {}, opts);
    const found = azuread.getApplicationOutput({ clientId: args.clientId }, { parent: this });
    const { credentialName: displayName, tenantId, passwordsEnd, federated } = args;
    this.credentials = signInCredentials(
      name,
      { applicationId: found.id, tenantId, displayName, passwordsEnd, federated },
      { parent: this },
    );
    this.clientId = found.clientId;
    this.registerOutputs();
  }
}
